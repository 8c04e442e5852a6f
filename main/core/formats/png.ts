/**
 * PNG as masks need it (W3C PNG, third edition): the index plane itself goes in and comes out, no colour conversion
 * in between, which is where image libraries lose object numbers. Compression is passed in, because it is the
 * platform's: zlib streams with `deflate(bytes)`, `inflate(bytes, largestByteLength)`.
 */
import { UserError } from '../user-error.ts'
import { planeByteLength, planeValues } from './png-rows.ts'

export type Deflate = (bytes: Uint8Array) => Uint8Array
/** Must throw when the result would be longer than `largestByteLength`. */
export type Inflate = (bytes: Uint8Array, largestByteLength: number) => Uint8Array

export interface PngHeader {
  readonly width: number
  readonly height: number
  readonly bitDepth: number
  /** 0 grey, 2 red green blue, 3 palette, 4 grey with alpha, 6 red green blue alpha. */
  readonly colorType: number
  readonly interlaced: boolean
}

/** A picture of numbers: palette indexes or grey values as stored, not scaled. */
export interface IndexPng extends PngHeader {
  /** Row by row; Uint16Array only at bit depth 16. */
  readonly values: Uint8Array | Uint16Array
  /** Number of entries in PLTE; 0 without. */
  readonly paletteLength: number
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const largestPixelCount = 2 ** 28

/** An 8-bit palette PNG (colour type 3) with all 256 entries; `indexes` is row by row. */
export function encodeIndexPng(
  width: number,
  height: number,
  indexes: Uint8Array,
  palette: Uint8Array,
  deflate: Deflate,
): Uint8Array {
  if (indexes.length !== width * height)
    throw new RangeError(`${indexes.length} indexes for ${width}x${height} pixels`)
  const rows = new Uint8Array((width + 1) * height)
  // Filter type 0: for flat regions of numbers no filter compresses better.
  for (let y = 0; y < height; y++) rows.set(indexes.subarray(y * width, (y + 1) * width), y * (width + 1) + 1)
  const head = new Uint8Array(13)
  const view = new DataView(head.buffer)
  view.setUint32(0, width)
  view.setUint32(4, height)
  head[8] = 8
  head[9] = 3
  const chunks = [
    chunk('IHDR', head),
    chunk('PLTE', palette),
    chunk('IDAT', deflate(rows)),
    chunk('IEND', new Uint8Array(0)),
  ]
  const bytes = new Uint8Array(8 + chunks.reduce((sum, part) => sum + part.length, 0))
  bytes.set(signature)
  let offset = 8
  for (const part of chunks) {
    bytes.set(part, offset)
    offset += part.length
  }
  return bytes
}

function chunk(type: string, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(body.length + 12)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, body.length)
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i)
  bytes.set(body, 8)
  view.setUint32(body.length + 8, crc32(bytes.subarray(4, body.length + 8)))
  return bytes
}

/** Size and kind without reading pixels. Throws UserError 'bad-png'; `name` is how the sentence calls the file. */
export function pngHeader(bytes: Uint8Array, name: string): PngHeader {
  const broken = (why: string) => new UserError('bad-png', `${name} is not a readable PNG: ${why}`)
  if (bytes.length < 33 || signature.some((byte, i) => bytes[i] !== byte))
    throw broken('it does not begin like one')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint32(8) !== 13 || chunkType(bytes, 8) !== 'IHDR') throw broken('its header is missing')
  const width = view.getUint32(16)
  const height = view.getUint32(20)
  const [bitDepth, colorType, compression, filter, interlace] = [...bytes.subarray(24, 29)] as [
    number,
    number,
    number,
    number,
    number,
  ]
  if (width === 0 || height === 0 || width * height > largestPixelCount)
    throw broken(`its size is ${width}x${height}`)
  if (!depths[colorType]?.includes(bitDepth))
    throw broken(`it says colour type ${colorType} at ${bitDepth} bits`)
  if (compression !== 0 || filter !== 0 || interlace > 1) throw broken('it uses an unknown method')
  return { width, height, bitDepth, colorType, interlaced: interlace === 1 }
}

const depths: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
}

/**
 * Palette indexes (1, 2, 4, 8 bit) or grey values (1, 2, 4, 8, 16 bit), interlaced or not. Throws UserError 'bad-png'
 * for damage, and 'not-an-index-png' for a picture of colours, which holds no object numbers.
 */
export function decodeIndexPng(bytes: Uint8Array, name: string, inflate: Inflate): IndexPng {
  const header = pngHeader(bytes, name)
  if (header.colorType !== 0 && header.colorType !== 3)
    throw new UserError(
      'not-an-index-png',
      `${name} is a colour picture (PNG colour type ${header.colorType}), not a mask of object numbers. Save masks as palette PNG.`,
    )
  const { data, paletteLength } = pngChunks(bytes, name)
  const planeLength = planeByteLength(header)
  let plain: Uint8Array
  try {
    plain = inflate(data, planeLength + 64)
  } catch (cause) {
    throw new UserError('bad-png', `${name} is not a readable PNG: its pixels cannot be unpacked`, { cause })
  }
  if (plain.length < planeLength)
    throw new UserError('bad-png', `${name} is not a readable PNG: it ends too early`)
  return { ...header, values: planeValues(plain, header, name), paletteLength }
}

/** All IDAT bytes joined, and the size of the palette. Checks lengths and checksums. */
function pngChunks(bytes: Uint8Array, name: string): { data: Uint8Array; paletteLength: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const parts: Uint8Array[] = []
  let paletteLength = 0
  for (let offset = 8; ; ) {
    const length = offset + 12 <= bytes.length ? view.getUint32(offset) : Number.POSITIVE_INFINITY
    if (offset + 12 + length > bytes.length)
      throw new UserError(
        'bad-png',
        `${name} is not a readable PNG: it ends at byte ${bytes.length}, within a part`,
      )
    const type = chunkType(bytes, offset)
    const body = bytes.subarray(offset + 8, offset + 8 + length)
    if (view.getUint32(offset + 8 + length) !== crc32(bytes.subarray(offset + 4, offset + 8 + length)))
      throw new UserError('bad-png', `${name} is not a readable PNG: the part at byte ${offset} is damaged`)
    if (type === 'PLTE') paletteLength = Math.floor(length / 3)
    if (type === 'IDAT') parts.push(body)
    if (type === 'IEND') break
    offset += 12 + length
  }
  const data = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    data.set(part, at)
    at += part.length
  }
  return { data, paletteLength }
}

function chunkType(bytes: Uint8Array, offset: number): string {
  return String.fromCharCode(bytes[offset + 4]!, bytes[offset + 5]!, bytes[offset + 6]!, bytes[offset + 7]!)
}

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c >>> 0
})

function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff
  for (let i = 0; i < bytes.length; i++) c = crcTable[(c ^ bytes[i]!) & 0xff]! ^ (c >>> 8)
  return (c ^ 0xffffffff) >>> 0
}
