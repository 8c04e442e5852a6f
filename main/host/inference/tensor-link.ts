/**
 * Messages with tensors over a byte stream between two processes. Layout: u32 length of the head, the head (JSON, with
 * name, type and dims of every tensor), then the tensors' bytes. Each tensor is read straight into an array of its own,
 * where Node's own messages copy more often.
 */
import type { Duplex } from 'node:stream'
import { elementCount, type NamedTensors, type TensorType, tensorArrays } from '../../../models/tensor.ts'

interface Head<Message> {
  readonly message: Message
  readonly tensors: readonly { readonly name: string; readonly type: TensorType; readonly dims: number[] }[]
}

type TensorArray = InstanceType<(typeof tensorArrays)[TensorType]>

export interface LinkOptions {
  /**
   * Reads a tensor into the array of the message before, where type and length are the same: right where a message is
   * done with before the next is sent.
   */
  readonly reuse?: boolean
}

/** A head names files and tensors; what is longer is no head. */
const longestHead = 1 << 20

export class TensorLink<Sent, Received> {
  readonly #stream: Duplex
  readonly #onMessage: (message: Received, tensors: NamedTensors) => void
  #head: Head<Received> | null = null
  /** What is being read, and how much of it is there. */
  #target = new Uint8Array(4)
  #filled = 0
  #isLength = true
  #arrays: TensorArray[] = []
  #arraysBefore: TensorArray[] = []
  readonly #reuse: boolean

  /** What is no message ends the stream with an error. */
  constructor(
    stream: Duplex,
    onMessage: (message: Received, tensors: NamedTensors) => void,
    { reuse = false }: LinkOptions = {},
  ) {
    this.#reuse = reuse
    this.#stream = stream
    this.#onMessage = onMessage
    stream.on('data', (bytes: Uint8Array) => {
      try {
        this.#read(bytes)
      } catch (error) {
        stream.destroy(error instanceof Error ? error : new Error(String(error)))
      }
    })
  }

  /** The tensors are not copied here: they must stay as they are until the other side has answered. */
  send(message: Sent, tensors: NamedTensors = {}): void {
    const facts = Object.entries(tensors).map(([name, { type, dims }]) => ({ name, type, dims: [...dims] }))
    const head: Head<Sent> = { message, tensors: facts }
    const bytes = Buffer.from(JSON.stringify(head))
    const length = Buffer.alloc(4)
    length.writeUInt32LE(bytes.byteLength)
    this.#stream.cork()
    this.#stream.write(length)
    this.#stream.write(bytes)
    for (const { data } of Object.values(tensors))
      if (data.byteLength > 0)
        this.#stream.write(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    this.#stream.uncork()
  }

  #read(bytes: Uint8Array): void {
    let at = 0
    while (at < bytes.byteLength) {
      const count = Math.min(bytes.byteLength - at, this.#target.byteLength - this.#filled)
      this.#target.set(bytes.subarray(at, at + count), this.#filled)
      at += count
      this.#filled += count
      if (this.#filled === this.#target.byteLength) this.#took()
    }
  }

  /** The target is full: what comes next follows from what it was. */
  #took(): void {
    if (this.#isLength) {
      const length = new DataView(this.#target.buffer).getUint32(0, true)
      if (length > longestHead) throw new Error(`A head of ${length} bytes is none.`)
      this.#isLength = false
      this.#expect(new Uint8Array(length))
      return
    }
    if (this.#head === null) {
      this.#head = JSON.parse(Buffer.from(this.#target.buffer).toString('utf8')) as Head<Received>
      this.#arraysBefore = this.#reuse ? this.#arrays : []
      this.#arrays = []
    }
    this.#readTensors(this.#head)
  }

  #readTensors(head: Head<Received>): void {
    while (this.#arrays.length < head.tensors.length) {
      const facts = head.tensors[this.#arrays.length]
      if (!facts) break
      const array = this.#arrayFor(facts.type, elementCount(facts.dims))
      this.#arrays.push(array)
      if (array.byteLength === 0) continue
      this.#expect(new Uint8Array(array.buffer))
      return
    }
    const arrays = this.#arrays
    const tensors = head.tensors.map(({ name, type, dims }, index) => {
      const data = arrays[index]
      return [name, { type, dims, data }] as const
    })
    this.#head = null
    this.#isLength = true
    this.#expect(new Uint8Array(4))
    this.#onMessage(head.message, Object.fromEntries(tensors) as NamedTensors)
  }

  #arrayFor(type: TensorType, count: number): TensorArray {
    const ArrayType = tensorArrays[type]
    const before = this.#arraysBefore[this.#arrays.length]
    return before instanceof ArrayType && before.length === count ? before : new ArrayType(count)
  }

  #expect(target: Uint8Array<ArrayBuffer>): void {
    this.#target = target
    this.#filled = 0
  }
}
