import fc from 'fast-check'
import { expect, test } from 'vitest'
import { murmur128, shapeHash } from './shape-hash.ts'

const ascii = (text: string) => new TextEncoder().encode(text)

test('is MurmurHash3 x86 128: the verification value of its author (SMHasher)', () => {
  // Keys {}, {0}, {0,1}, ... with seeds 256, 255, ...; the hashes hashed together; first word, little end first.
  const hashes = new Uint8Array(256 * 16)
  for (let i = 0; i < 256; i++)
    hashes.set(
      littleEndBytes(
        murmur128(
          Uint8Array.from({ length: i }, (_, k) => k),
          256 - i,
        ),
      ),
      i * 16,
    )
  const [b0, b1, b2, b3] = littleEndBytes(murmur128(hashes, 0))
  expect(((b0! | (b1! << 8) | (b2! << 16) | (b3! << 24)) >>> 0).toString(16)).toBe('b3ece62a')
})

/** The four words as memory holds them in the reference program. */
function littleEndBytes(hash: string): number[] {
  return [0, 8, 16, 24].flatMap((word) =>
    [6, 4, 2, 0].map((i) => Number.parseInt(hash.slice(word + i, word + i + 2), 16)),
  )
}

test('looks at every byte and at the size', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 70 }), fc.nat(69), (bytes, at) => {
      const changed = bytes.slice()
      changed[at % bytes.length]! ^= 1
      const hash = shapeHash(bytes, 64, 48)
      expect(hash).toMatch(/^[0-9a-f]{32}$/)
      expect(shapeHash(changed, 64, 48)).not.toBe(hash)
      expect(shapeHash(bytes, 48, 64)).not.toBe(hash)
      expect(shapeHash(bytes.slice(), 64, 48)).toBe(hash)
    }),
  )
})

test('does not depend on where in a buffer the bytes lie', () => {
  const buffer = new Uint8Array(100).map((_, i) => i)
  expect(shapeHash(buffer.subarray(7, 60), 5, 5)).toBe(shapeHash(buffer.slice(7, 60), 5, 5))
})

test('stays what it is, because projects on disk name shapes by it', () => {
  expect(shapeHash(ascii(';230009'), 7, 5)).toBe('a7e47d902ba91ec3470a5eb4d7dde8cb')
})
