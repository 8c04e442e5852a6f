export interface JpegHeader {
  readonly width: number
  readonly height: number
  /** EXIF orientation, 1 upright. */
  readonly orientation: number
}

/** Size and orientation of a JPEG from its first bytes; null when they cannot be found there. */
export function jpegHeader(bytes: Uint8Array): JpegHeader | null {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let orientation = 1
  for (let offset = 2; offset + 9 <= bytes.length; ) {
    if (bytes[offset] !== 0xff) return null
    const marker = bytes[offset + 1]!
    if (marker === 0xff) {
      offset++
      continue
    }
    const length = view.getUint16(offset + 2)
    // Start of frame: every marker from C0 to CF but those of tables and arithmetic conditioning.
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc)
      return { height: view.getUint16(offset + 5), width: view.getUint16(offset + 7), orientation }
    if (marker === 0xe1)
      orientation = exifOrientation(bytes.subarray(offset + 4, offset + 2 + length)) ?? orientation
    if (length < 2) return null
    offset += 2 + length
  }
  return null
}

const orientationTag = 0x0112

function exifOrientation(segment: Uint8Array): number | null {
  if (segment.length < 14 || String.fromCharCode(...segment.subarray(0, 4)) !== 'Exif') return null
  const tiff = segment.subarray(6)
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength)
  const little = tiff[0] === 0x49
  const start = view.getUint32(4, little)
  if (start + 2 > tiff.length) return null
  const count = view.getUint16(start, little)
  for (let i = 0; i < count && start + 2 + (i + 1) * 12 <= tiff.length; i++) {
    const entry = start + 2 + i * 12
    if (view.getUint16(entry, little) === orientationTag) return view.getUint16(entry + 8, little)
  }
  return null
}
