import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeMessage, encodeMessage } from './wire.ts'

/** JSON values with typed arrays at any depth and with keys that try to be mistaken for the format's own. */
const key = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('$', '$$', '__proto__', 'constructor', 'toString', ''),
)
const messages = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.string({ unit: 'binary' }),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)),
    fc.uint8Array({ maxLength: 40 }),
    fc.float64Array({ maxLength: 12 }),
    fc.array(tie('value'), { maxLength: 6 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 6 }).map((entries) => {
      const object: Record<string, unknown> = {}
      for (const [name, value] of entries)
        Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true })
      return object
    }),
  ),
})).value

/** The same bytes in the middle of a larger buffer of other bytes, so that reading outside would be seen. */
function embed(message: Uint8Array, before: number): Uint8Array {
  const buffer = new Uint8Array(before + message.length + 64).fill(0xa5)
  buffer.set(message, before)
  return buffer.subarray(before, before + message.length)
}

describe('a message', () => {
  test('comes back as it was, wherever it lies in its buffer', () => {
    fc.assert(
      fc.property(messages, fc.nat({ max: 9 }), (value, before) => {
        const message = encodeMessage(value)
        expect(decodeMessage(message)).toEqual(value)
        expect(decodeMessage(embed(message, before))).toEqual(value)
      }),
      { numRuns: 500 },
    )
  })

  test('keeps views of larger buffers, empty arrays, and NaN inside typed arrays', () => {
    const large = new Float64Array([1, Number.NaN, -0, Number.POSITIVE_INFINITY, 5])
    const value = {
      view: large.subarray(1, 4),
      bytes: new Uint8Array(large.buffer, 3, 5),
      none: new Uint8Array(0),
      zero: new Float64Array(0),
    }
    const back = decodeMessage(embed(encodeMessage(value), 3)) as typeof value
    expect([...back.view]).toEqual([Number.NaN, -0, Number.POSITIVE_INFINITY])
    expect(back.bytes).toEqual(value.bytes)
    expect(back.none).toEqual(new Uint8Array(0))
    expect(back.zero).toEqual(new Float64Array(0))
  })

  test('owns what it decodes: later writes to the transport’s buffer do not reach it', () => {
    const value = { bytes: new Uint8Array([1, 2, 3]), times: new Float64Array([4, 5]) }
    // A Buffer's own slice() does not copy.
    for (const message of [encodeMessage(value), Buffer.from(encodeMessage(value))]) {
      const back = decodeMessage(message)
      message.fill(0)
      expect(back).toEqual(value)
    }
  })

  test('does not let a hostile key reach a prototype', () => {
    const head = '{"__proto__":{"polluted":true},"a":{"constructor":{"prototype":{"polluted":true}}}}'
    const back = decodeMessage(messageWithHead(head)) as Record<string, unknown>
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype)
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    expect(Object.keys(back)).toEqual(['__proto__', 'a'])
  })
})

describe('bytes that are no message', () => {
  const refused = (bytes: Uint8Array) => {
    try {
      return { value: decodeMessage(bytes) }
    } catch (error) {
      return { error }
    }
  }

  test('are refused with an error, or are a value of plain JSON and arrays of their own size', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const { value, error } = refused(embed(bytes, 5))
        if (error) expect(error).toBeInstanceOf(Error)
        else expect(bytesIn(value)).toBeLessThanOrEqual(bytes.length)
      }),
      { numRuns: 1000 },
    )
  })

  test('with a true head and false offsets are refused, never read outside', () => {
    const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(-1, 0, 8, 2 ** 31, 2 ** 53, 1e300))
    fc.assert(
      fc.property(fc.constantFrom('u8', 'f64', 'x', 7), number, number, (type, offset, byteLength) => {
        const bytes = messageWithHead(
          JSON.stringify({ $: [type, offset, byteLength] }),
          new Uint8Array(16).fill(7),
        )
        const { value, error } = refused(embed(bytes, 8))
        if (error) {
          expect(error).toBeInstanceOf(RangeError)
          return
        }
        const array = value as Uint8Array | Float64Array
        expect(array.byteLength === byteLength).toBe(true)
        expect(
          [...new Uint8Array(array.buffer, array.byteOffset, array.byteLength)].every((byte) => byte === 7),
        ).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  test('that name the same bytes twice are refused: a small message stays small', () => {
    const one = { $: ['u8', 0, 16] }
    expect(() => decodeMessage(messageWithHead(JSON.stringify([one, one]), new Uint8Array(16)))).toThrow(
      RangeError,
    )
  })

  test('cut short anywhere are refused', () => {
    const message = encodeMessage({
      name: 'dog',
      shape: new Uint8Array(64).fill(9),
      times: new Float64Array([1, 2, 3]),
    })
    for (let length = 0; length < message.length; length++)
      expect(
        refused(message.subarray(0, length)).error,
        `${length} of ${message.length} bytes`,
      ).toBeInstanceOf(Error)
  })

  test('with one byte changed are refused or decode to a value, and never hang', () => {
    const message = encodeMessage({ a: [1, { $: 'text' }], shape: new Uint8Array(24).fill(9) })
    fc.assert(
      fc.property(fc.nat({ max: message.length - 1 }), fc.nat({ max: 255 }), (at, byte) => {
        const changed = message.slice()
        changed[at] = byte
        const { value, error } = refused(changed)
        expect(error === undefined || error instanceof Error).toBe(true)
        if (!error) expect(bytesIn(value)).toBeLessThanOrEqual(message.length)
      }),
      { numRuns: 500 },
    )
  })
})

function messageWithHead(head: string, body = new Uint8Array(0)): Uint8Array {
  const text = new TextEncoder().encode(head)
  const bodyStart = (4 + text.length + 7) & ~7
  const message = new Uint8Array(bodyStart + body.length)
  new DataView(message.buffer).setUint32(0, text.length, true)
  message.set(text, 4)
  message.set(body, bodyStart)
  return message
}

function bytesIn(value: unknown): number {
  if (value instanceof Uint8Array || value instanceof Float64Array) return value.byteLength
  if (typeof value !== 'object' || value === null) return 0
  return Object.values(value).reduce((sum: number, inner) => sum + bytesIn(inner), 0)
}
