/**
 * One message as bytes: a JSON head, with typed arrays lifted out and laid behind it, so that the tested path is the
 * shipped path on every link. Layout: u32 head length, head (UTF-8 JSON), then each array's bytes, each beginning at a
 * multiple of 8. In the head an array stands as `{ "$": [type, offset, byteLength] }`; an object that happens to have
 * a "$" key is wrapped as `{ "$$": object }`.
 */
export type WireValue = unknown

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

type ArrayType = 'u8' | 'f64'

export function encodeMessage(value: WireValue): Uint8Array {
  const parts: Uint8Array[] = []
  let bodyLength = 0
  const lift = (item: unknown): unknown => {
    if (item instanceof Uint8Array || item instanceof Float64Array) {
      const bytes = new Uint8Array(item.buffer, item.byteOffset, item.byteLength)
      const offset = bodyLength
      parts.push(bytes)
      bodyLength = align(offset + bytes.length)
      return { $: [item instanceof Uint8Array ? 'u8' : 'f64', offset, bytes.length] }
    }
    if (Array.isArray(item)) return item.map(lift)
    if (typeof item !== 'object' || item === null) return item
    // Without a prototype, so that a "__proto__" key is a plain property.
    const copy: Record<string, unknown> = Object.create(null)
    for (const [key, inner] of Object.entries(item)) copy[key] = lift(inner)
    return '$' in copy || '$$' in copy ? { $$: copy } : copy
  }
  const head = encoder.encode(JSON.stringify(lift(value) ?? null))
  const bodyStart = align(4 + head.length)
  const message = new Uint8Array(bodyStart + bodyLength)
  new DataView(message.buffer).setUint32(0, head.length, true)
  message.set(head, 4)
  let offset = bodyStart
  for (const part of parts) {
    message.set(part, offset)
    offset = align(offset + part.length)
  }
  return message
}

/** Throws RangeError or SyntaxError when the bytes are no message; never reads outside of them. */
export function decodeMessage(message: Uint8Array): WireValue {
  if (message.length < 4) throw new RangeError(`A message has at least 4 bytes, not ${message.length}`)
  const headLength = new DataView(message.buffer, message.byteOffset, 4).getUint32(0, true)
  if (4 + headLength > message.length)
    throw new RangeError(`The head says ${headLength} bytes, the message has ${message.length}`)
  const bodyStart = align(4 + headLength)
  let bodyTaken = 0
  const lowerNext = (reference: unknown): Uint8Array | Float64Array => {
    const array = lowerArray(message, bodyStart, reference)
    const [, offset] = reference as [ArrayType, number, number]
    // In order and apart, so that a small message cannot ask for the same bytes a million times.
    if (offset < bodyTaken) throw new RangeError(`A typed array at ${offset} lies over the one before it`)
    bodyTaken = offset + array.byteLength
    return array
  }
  const lower = (item: unknown): unknown => {
    if (Array.isArray(item)) return item.map(lower)
    if (typeof item !== 'object' || item === null) return item
    const object = item as Record<string, unknown>
    if ('$' in object) return lowerNext(object.$)
    const source = '$$' in object ? (object.$$ as Record<string, unknown>) : object
    const copy: Record<string, unknown> = {}
    for (const [key, inner] of Object.entries(source)) {
      // A hostile "__proto__" key must stay a plain property.
      Object.defineProperty(copy, key, {
        value: lower(inner),
        enumerable: true,
        writable: true,
        configurable: true,
      })
    }
    return copy
  }
  return lower(JSON.parse(decoder.decode(message.subarray(4, 4 + headLength))))
}

function lowerArray(message: Uint8Array, bodyStart: number, reference: unknown): Uint8Array | Float64Array {
  if (!Array.isArray(reference))
    throw new RangeError('A typed array in a message needs [type, offset, byteLength]')
  const [type, offset, byteLength] = reference as [ArrayType, number, number]
  const start = bodyStart + offset
  if (
    !Number.isInteger(start) ||
    !Number.isInteger(byteLength) ||
    offset < 0 ||
    byteLength < 0 ||
    start + byteLength > message.length
  )
    throw new RangeError(`A typed array points outside its message: ${offset} + ${byteLength}`)
  // Copied, because the message's buffer may not be aligned and is about to be reused. Not by slice(), which does not
  // copy when the message is a Node Buffer.
  const bytes = new Uint8Array(byteLength)
  bytes.set(message.subarray(start, start + byteLength))
  if (type === 'u8') return bytes
  if (type === 'f64' && byteLength % 8 === 0) return new Float64Array(bytes.buffer, 0, byteLength / 8)
  throw new RangeError(`Unknown typed array ${String(type)} of ${byteLength} bytes`)
}

function align(byteLength: number): number {
  return (byteLength + 7) & ~7
}
