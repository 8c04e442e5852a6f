/** Protobuf's wire format, as far as it is written here: https://protobuf.dev/programming-guides/encoding/ */

const varintType = 0
const bytesType = 2
const fixed32Type = 5

const utf8 = new TextEncoder()

/** One message, field by field in the order of the calls. Fields are written whether or not they hold their default. */
export class ProtoWriter {
  readonly #parts: Uint8Array[] = []
  #byteLength = 0

  /** int64: a negative number takes ten bytes, as the format wants it. */
  int(field: number, value: number): this {
    return this.#tag(field, varintType).#add(varint(BigInt.asUintN(64, BigInt(value))))
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4)
    new DataView(bytes.buffer).setFloat32(0, value, true)
    return this.#tag(field, fixed32Type).#add(bytes)
  }

  text(field: number, value: string): this {
    return this.raw(field, utf8.encode(value))
  }

  /** The bytes are not copied until `bytes` is called. */
  raw(field: number, value: Uint8Array): this {
    return this.#tag(field, bytesType)
      .#add(varint(BigInt(value.byteLength)))
      .#add(value)
  }

  message(field: number, inner: ProtoWriter): this {
    this.#tag(field, bytesType).#add(varint(BigInt(inner.#byteLength)))
    for (const part of inner.#parts) this.#add(part)
    return this
  }

  bytes(): Uint8Array {
    const all = new Uint8Array(this.#byteLength)
    let at = 0
    for (const part of this.#parts) {
      all.set(part, at)
      at += part.byteLength
    }
    return all
  }

  #tag(field: number, wireType: number): this {
    return this.#add(varint(BigInt(field * 8 + wireType)))
  }

  #add(part: Uint8Array): this {
    this.#parts.push(part)
    this.#byteLength += part.byteLength
    return this
  }
}

/** Seven bits a byte, the lowest first; the high bit says that more follow. */
function varint(value: bigint): Uint8Array {
  const bytes: number[] = []
  let rest = value
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  bytes.push(Number(rest))
  return Uint8Array.from(bytes)
}
