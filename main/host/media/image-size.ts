/** Size and depth of a picture from the first bytes of its file, so that thousands are looked at without decoding one. */
import { jpegHeader } from '../../core/formats/jpeg-header.ts'

export interface ImageHead {
  readonly format: 'jpeg' | 'png' | 'webp' | 'tiff'
  /** As stored, before any orientation. */
  readonly width: number
  readonly height: number
  readonly bitsPerSample: number
  /** EXIF's: 1 is upright, 5 to 8 are turned by a quarter. */
  readonly orientation: number
}

/** Null when the bytes are none of the four formats, or end before the size. */
export function imageHead(bytes: Uint8Array): ImageHead | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    const head = pngHead(view) ?? jpegHead(bytes) ?? webpHead(view) ?? tiffHead(view)
    return head && head.width > 0 && head.height > 0 ? head : null
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

/** Whether the picture is shown with its sides swapped. */
export function isQuarterTurned({ orientation }: ImageHead): boolean {
  return orientation >= 5 && orientation <= 8
}

/** PNG, W3C 3rd edition, 11.2.1: the header chunk comes first. */
function pngHead(view: DataView): ImageHead | null {
  if (view.byteLength < 25 || view.getUint32(0) !== 0x89504e47) return null
  return {
    format: 'png',
    width: view.getUint32(16),
    height: view.getUint32(20),
    bitsPerSample: view.getUint8(24),
    orientation: 1,
  }
}

function jpegHead(bytes: Uint8Array): ImageHead | null {
  const header = jpegHeader(bytes)
  return header && { format: 'jpeg', bitsPerSample: 8, ...header }
}

/** WebP, RFC 9649. */
function webpHead(view: DataView): ImageHead | null {
  if (view.getUint32(0) !== 0x52494646 || view.getUint32(8) !== 0x57454250) return null
  const rest = { format: 'webp', bitsPerSample: 8, orientation: 1 } as const
  const kind = view.getUint32(12)
  if (kind === 0x56503820) {
    return { ...rest, width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
  }
  if (kind === 0x5650384c) {
    const bits = view.getUint32(21, true)
    return { ...rest, width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
  }
  if (kind !== 0x56503858) return null
  const three = (at: number) => view.getUint16(at, true) | (view.getUint8(at + 2) << 16)
  return { ...rest, width: three(24) + 1, height: three(27) + 1 }
}

/** TIFF 6.0, section 2: the first directory. */
function tiffHead(view: DataView): ImageHead | null {
  const order = view.getUint16(0)
  const little = order === 0x4949
  if ((!little && order !== 0x4d4d) || view.getUint16(2, little) !== 42) return null
  const directory = view.getUint32(4, little)
  const found = { width: 0, height: 0, bitsPerSample: 8, orientation: 1 }
  const names = new Map<number, keyof typeof found>([
    [256, 'width'],
    [257, 'height'],
    [258, 'bitsPerSample'],
    [274, 'orientation'],
  ])
  for (let index = 0; index < view.getUint16(directory, little); index++) {
    const at = directory + 2 + index * 12
    const name = names.get(view.getUint16(at, little))
    if (!name) continue
    const isShort = view.getUint16(at + 2, little) === 3
    const isPointer = isShort ? view.getUint32(at + 4, little) > 2 : view.getUint32(at + 4, little) > 1
    const place = isPointer ? view.getUint32(at + 8, little) : at + 8
    found[name] = isShort ? view.getUint16(place, little) : view.getUint32(place, little)
  }
  return { format: 'tiff', ...found }
}
