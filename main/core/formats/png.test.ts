import { deflateSync, inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isUserError } from '../user-error.ts'
import { davisPalette } from './palette.ts'
import { decodeIndexPng, encodeIndexPng, pngHeader } from './png.ts'

const deflate = (bytes: Uint8Array) => deflateSync(bytes)
const inflate = (bytes: Uint8Array, maxOutputLength: number) => inflateSync(bytes, { maxOutputLength })

const anyPlane = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 30 }))
  .chain(([width, height]) =>
    fc
      .uint8Array({ minLength: width * height, maxLength: width * height })
      .map((values) => ({ width, height, values })),
  )

/** CRC-32 by its definition, bit by bit. */
function checksum(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let k = 0; k < 8; k++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return ~crc >>> 0
}

function part(type: string, body: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  const end = Buffer.alloc(4)
  end.writeUInt32BE(checksum(named))
  return Buffer.concat([length, named, end])
}

/** A PNG of any depth, filter and interlacing, written the slow way. */
function pngOf(
  width: number,
  height: number,
  values: readonly number[],
  bitDepth: number,
  colorType: number,
  filter: number,
  interlaced: boolean,
): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([bitDepth, colorType, 0, 0, interlaced ? 1 : 0], 8)
  const passes = interlaced
    ? [
        [0, 0, 8, 8],
        [4, 0, 8, 8],
        [0, 4, 4, 8],
        [2, 0, 4, 4],
        [0, 2, 2, 4],
        [1, 0, 2, 2],
        [0, 1, 1, 2],
      ]
    : [[0, 0, 1, 1]]
  const lines: number[] = []
  for (const [x0, y0, stepX, stepY] of passes as [number, number, number, number][]) {
    let above: number[] | null = null
    for (let y = y0; y < height && x0 < width; y += stepY) {
      let bits = ''
      for (let x = x0; x < width; x += stepX)
        bits += values[y * width + x]!.toString(2).padStart(bitDepth, '0')
      const row = (bits.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2))
      lines.push(filter, ...filtered(row, above, filter, Math.max(1, bitDepth / 8)))
      above = row
    }
  }
  const palette = colorType === 3 ? [part('PLTE', davisPalette().subarray(0, 3 * 2 ** bitDepth))] : []
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]),
    part('IHDR', head),
    ...palette,
    part('IDAT', deflateSync(Uint8Array.from(lines))),
    part('IEND', new Uint8Array(0)),
  ])
}

function filtered(
  row: readonly number[],
  above: readonly number[] | null,
  filter: number,
  step: number,
): number[] {
  return row.map((value, i) => {
    const a = row[i - step] ?? 0
    const b = above?.[i] ?? 0
    const c = above?.[i - step] ?? 0
    const p = a + b - c
    const nearest = [a, b, c].reduce((best, candidate) =>
      Math.abs(p - candidate) < Math.abs(p - best) ? candidate : best,
    )
    return (value - [0, a, b, Math.floor((a + b) / 2), nearest][filter]!) & 255
  })
}

describe('a palette PNG', () => {
  test('comes back index for index, 8 bit with 256 colours', () => {
    fc.assert(
      fc.property(anyPlane, ({ width, height, values }) => {
        const png = encodeIndexPng(width, height, values, davisPalette(), deflate)
        const read = decodeIndexPng(png, 'a.png', inflate)
        expect(read).toEqual({
          width,
          height,
          bitDepth: 8,
          colorType: 3,
          interlaced: false,
          values,
          paletteLength: 256,
        })
      }),
    )
  })

  test('is made of the parts of the standard, each with its checksum', () => {
    const png = encodeIndexPng(3, 2, Uint8Array.of(0, 1, 2, 3, 4, 5), davisPalette(), deflate)
    expect(Buffer.from(png)).toEqual(pngOf(3, 2, [0, 1, 2, 3, 4, 5], 8, 3, 0, false))
  })

  test('has the colours of DAVIS', () => {
    const palette = davisPalette()
    const color = (index: number) => [...palette.subarray(index * 3, index * 3 + 3)]
    expect([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(color)).toEqual([
      [0, 0, 0],
      [128, 0, 0],
      [0, 128, 0],
      [128, 128, 0],
      [0, 0, 128],
      [128, 0, 128],
      [0, 128, 128],
      [128, 128, 128],
      [64, 0, 0],
      [192, 0, 0],
    ])
    expect(color(255)).toEqual([224, 224, 192])
    expect(new Set(Array.from({ length: 256 }, (_, i) => color(i).join())).size).toBe(256)
  })
})

describe('reading', () => {
  test('every depth, row filter and interlacing', () => {
    const anyKind = fc.constantFrom(
      [1, 0],
      [2, 0],
      [4, 0],
      [8, 0],
      [16, 0],
      [1, 3],
      [2, 3],
      [4, 3],
      [8, 3],
    ) as fc.Arbitrary<[number, number]>
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 19 }),
        fc.integer({ min: 1, max: 19 }),
        anyKind,
        fc.nat(4),
        fc.boolean(),
        fc.infiniteStream(fc.nat(65535)),
        (width, height, [bitDepth, colorType], filter, interlaced, stream) => {
          const values = Array.from(
            { length: width * height },
            () => (stream.next().value as number) % 2 ** bitDepth,
          )
          const read = decodeIndexPng(
            pngOf(width, height, values, bitDepth, colorType, filter, interlaced),
            'a.png',
            inflate,
          )
          expect([...read.values]).toEqual(values)
          expect(read.bitDepth).toBe(bitDepth)
          expect(read.paletteLength).toBe(colorType === 3 ? 2 ** bitDepth : 0)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('a picture of colours is refused by name and kind', () => {
    const head = Buffer.alloc(13)
    head.writeUInt32BE(1, 0)
    head.writeUInt32BE(1, 4)
    head.set([8, 2], 8)
    const png = Buffer.concat([
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]),
      part('IHDR', head),
      part('IDAT', deflateSync(Buffer.alloc(4))),
      part('IEND', Buffer.alloc(0)),
    ])
    expect(pngHeader(png, 'dog/00001.png').colorType).toBe(2)
    expect(() => decodeIndexPng(png, 'dog/00001.png', inflate)).toThrow(
      /dog\/00001\.png is a colour picture .*colour type 2/,
    )
  })

  test('damaged bytes give a sentence and nothing else, whatever the damage', () => {
    const good = encodeIndexPng(
      9,
      7,
      new Uint8Array(63).map((_, i) => i),
      davisPalette(),
      deflate,
    )
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 4 }),
        fc.nat(good.length),
        (changes, length) => {
          const bytes = good.slice(0, length)
          for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value
          try {
            expect(decodeIndexPng(bytes, 'x.png', inflate).values.length).toBe(63)
          } catch (error) {
            expect(isUserError(error)).toBe(true)
            expect((error as Error).message).toMatch(/^x\.png /)
          }
        },
      ),
      { numRuns: 1000 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (noise) => {
        expect(() => decodeIndexPng(noise, 'x.png', inflate)).toThrow(/x\.png is not a readable PNG/)
      }),
    )
  })

  test('one that unpacks to far more than its size says is refused', () => {
    const bomb = pngOf(1, 1, [0], 8, 3, 0, false)
    const head = bomb.subarray(8, 33)
    const big = Buffer.concat([
      bomb.subarray(0, 8),
      head,
      part('IDAT', deflateSync(Buffer.alloc(5_000_000))),
      part('IEND', Buffer.alloc(0)),
    ])
    expect(() => decodeIndexPng(big, 'bomb.png', inflate)).toThrow(/cannot be unpacked/)
  })
})
