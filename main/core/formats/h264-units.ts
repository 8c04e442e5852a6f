/**
 * The units inside a packet of H.264 (ITU-T H.264, 7.3.1 and annex B; ISO/IEC 14496-15 for lengths), as far as their first byte
 * tells: enough to know where decoding can start and which pictures nothing refers to.
 */

/** Bytes of each unit's length, from avcC; 0 without one: units follow start codes instead. */
export function h264LengthSize(description: Uint8Array | null): number {
  return description ? ((description[4] ?? 3) & 3) + 1 : 0
}

/**
 * Whether no other picture refers to the packet's (nal_ref_idc 0). On the way to a wanted frame such pictures need not be
 * decoded, which halves the work in files with B-frames.
 */
export function isUnreferenced(packet: Uint8Array, lengthSize: number): boolean {
  for (const header of unitHeaders(packet, lengthSize)) {
    const unitType = header & 31
    if (unitType >= 1 && unitType <= 5) return ((header >> 5) & 3) === 0
  }
  return false
}

/** Whether the packet's picture is an IDR, the only kind from which Chromium's decoder starts. */
export function isIdr(packet: Uint8Array, lengthSize: number): boolean {
  for (const header of unitHeaders(packet, lengthSize)) if ((header & 31) === 5) return true
  return false
}

function unitHeaders(packet: Uint8Array, lengthSize: number): Generator<number> {
  return lengthSize > 0 ? unitsByLength(packet, lengthSize) : unitsByStartCode(packet)
}

function* unitsByLength(packet: Uint8Array, lengthSize: number): Generator<number> {
  for (let at = 0; at + lengthSize < packet.length; ) {
    let length = 0
    for (let i = 0; i < lengthSize; i++) length = length * 256 + (packet[at + i] as number)
    yield packet[at + lengthSize] as number
    at += lengthSize + length
  }
}

function* unitsByStartCode(packet: Uint8Array): Generator<number> {
  for (let at = 0; at + 3 < packet.length; at++) {
    if (packet[at] === 0 && packet[at + 1] === 0 && packet[at + 2] === 1) {
      yield packet[at + 3] as number
      at += 3
    }
  }
}
