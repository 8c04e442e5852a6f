/**
 * Whether a packet of H.264 holds only a picture that no other picture refers to (nal_ref_idc 0, ITU-T H.264, 7.4.1). On the way
 * to a wanted frame such pictures need not be decoded, which halves the work in files with B-frames.
 *
 * `lengthSize`: bytes of each unit's length (avcC's lengthSizeMinusOne + 1); 0: units follow start codes instead.
 */
export function isUnreferenced(packet: Uint8Array, lengthSize: number): boolean {
  for (const header of lengthSize > 0 ? unitsByLength(packet, lengthSize) : unitsByStartCode(packet)) {
    const unitType = header & 31
    if (unitType >= 1 && unitType <= 5) return ((header >> 5) & 3) === 0
  }
  return false
}

/** First byte of each unit. */
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
