import type { ShapeHash } from '../records.ts'

/**
 * Content hash of a shape: MurmurHash3 x86 128 (Austin Appleby, public domain) over width and height (two u32, little
 * end first) and then the shape's bytes, as 32 hex digits. Not meant against an attacker; a chance collision among a
 * billion shapes is below 1e-20. The same in the browser and in Node, and synchronous, which Web Crypto is not.
 */
export function shapeHash(bytes: Uint8Array, width: number, height: number): ShapeHash {
  const input = new Uint8Array(8 + bytes.length)
  const view = new DataView(input.buffer)
  view.setUint32(0, width, true)
  view.setUint32(4, height, true)
  input.set(bytes, 8)
  return murmur128(input, 0) as ShapeHash
}

const c1 = 0x239b961b
const c2 = 0xab0e9789
const c3 = 0x38b34ae5
const c4 = 0xa1e38b93

/** 32 hex digits: h1, h2, h3, h4. */
export function murmur128(bytes: Uint8Array, seed: number): string {
  let h1 = seed
  let h2 = seed
  let h3 = seed
  let h4 = seed
  const blockEnd = bytes.length & ~15
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let i = 0; i < blockEnd; i += 16) {
    h1 ^= mixed(view.getUint32(i, true), c1, 15, c2)
    h1 = (Math.imul(rotated(h1, 19) + h2, 5) + 0x561ccd1b) | 0
    h2 ^= mixed(view.getUint32(i + 4, true), c2, 16, c3)
    h2 = (Math.imul(rotated(h2, 17) + h3, 5) + 0x0bcaa747) | 0
    h3 ^= mixed(view.getUint32(i + 8, true), c3, 17, c4)
    h3 = (Math.imul(rotated(h3, 15) + h4, 5) + 0x96cd1c35) | 0
    h4 ^= mixed(view.getUint32(i + 12, true), c4, 18, c1)
    h4 = (Math.imul(rotated(h4, 13) + h1, 5) + 0x32ac3b17) | 0
  }
  const tail = new DataView(new ArrayBuffer(16))
  for (let i = blockEnd; i < bytes.length; i++) tail.setUint8(i - blockEnd, bytes[i]!)
  h1 ^= mixed(tail.getUint32(0, true), c1, 15, c2)
  h2 ^= mixed(tail.getUint32(4, true), c2, 16, c3)
  h3 ^= mixed(tail.getUint32(8, true), c3, 17, c4)
  h4 ^= mixed(tail.getUint32(12, true), c4, 18, c1)

  h1 ^= bytes.length
  h2 ^= bytes.length
  h3 ^= bytes.length
  h4 ^= bytes.length
  h1 = (h1 + h2 + h3 + h4) | 0
  h2 = (h2 + h1) | 0
  h3 = (h3 + h1) | 0
  h4 = (h4 + h1) | 0
  h1 = finished(h1)
  h2 = finished(h2)
  h3 = finished(h3)
  h4 = finished(h4)
  h1 = (h1 + h2 + h3 + h4) | 0
  h2 = (h2 + h1) | 0
  h3 = (h3 + h1) | 0
  h4 = (h4 + h1) | 0
  return [h1, h2, h3, h4].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
}

function mixed(word: number, first: number, shift: number, second: number): number {
  return Math.imul(rotated(Math.imul(word, first), shift), second)
}

function rotated(word: number, shift: number): number {
  return (word << shift) | (word >>> (32 - shift))
}

function finished(word: number): number {
  let h = word
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
