import { Duplex } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  elementCount,
  type NamedTensors,
  type Tensor,
  type TensorType,
  tensorArrays,
} from '../../../models/tensor.ts'
import { type LinkOptions, TensorLink } from './tensor-link.ts'

/** The bytes that a link sends, and a stream into which a test may push bytes as they come. */
function wire() {
  const sent: Uint8Array[] = []
  const stream = new Duplex({
    read() {},
    write(bytes: Uint8Array, _encoding, done) {
      sent.push(Uint8Array.from(bytes))
      done()
    },
  })
  return { stream, bytes: () => Buffer.concat(sent) }
}

interface Heard {
  readonly message: unknown
  readonly tensors: NamedTensors
}

function listening(options: LinkOptions = {}) {
  const { stream } = wire()
  const heard: Heard[] = []
  new TensorLink<unknown, unknown>(stream, (message, tensors) => heard.push({ message, tensors }), options)
  return { stream, heard }
}

const tensors: fc.Arbitrary<Tensor> = fc
  .tuple(
    fc.constantFrom(...(Object.keys(tensorArrays) as TensorType[])),
    fc.array(fc.nat(4), { maxLength: 4 }),
    fc.nat(),
  )
  .map(([type, dims, seed]) => {
    const data = new tensorArrays[type](elementCount(dims))
    const bytes = new Uint8Array(data.buffer)
    for (let index = 0; index < bytes.length; index++) bytes[index] = (seed + index * 37) % 251
    return { type, dims, data }
  })
const messages = fc.record({
  message: fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown),
  tensors: fc.dictionary(
    fc.string({ minLength: 1 }).filter((name) => name !== '__proto__'),
    tensors,
    { maxKeys: 4, noNullPrototype: true },
  ),
})

const bytesOf = ({ data }: Tensor) => [...new Uint8Array(data.buffer, data.byteOffset, data.byteLength)]
const plain = ({ message, tensors }: Heard) => ({
  message,
  tensors: Object.entries(tensors).map(([name, tensor]) => [name, tensor.type, tensor.dims, bytesOf(tensor)]),
})

describe('messages over the link', () => {
  test('come as they were sent, wherever the stream cuts them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(messages, { minLength: 1, maxLength: 4 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        async (sending, cuts) => {
          const out = wire()
          const link = new TensorLink<unknown, unknown>(out.stream, () => {})
          for (const { message, tensors } of sending) link.send(message, tensors)
          const bytes = out.bytes()
          const { stream, heard } = listening()
          for (let at = 0, turn = 0; at < bytes.length; turn++) {
            const length = cuts[turn % cuts.length] ?? 1
            stream.push(bytes.subarray(at, at + length))
            at += length
          }
          stream.push(null)
          await new Promise((resolve) => stream.on('end', resolve))
          expect(heard.map(plain)).toEqual(sending.map(plain))
        },
      ),
      { numRuns: 100 },
    )
  })

  test('carry a part of a larger array', async () => {
    const out = wire()
    const link = new TensorLink<unknown, unknown>(out.stream, () => {})
    const data = Float32Array.of(1, 2, 3, 4).subarray(1, 3)
    link.send('part', { x: { type: 'float32', dims: [2], data } })
    const { stream, heard } = listening()
    stream.push(out.bytes())
    await expect.poll(() => heard[0]?.tensors.x?.data).toEqual(Float32Array.of(2, 3))
  })

  test('are read into the arrays of the message before only where that was asked for, and they fit', async () => {
    const out = wire()
    const link = new TensorLink<unknown, unknown>(out.stream, () => {})
    const x = (...values: number[]): Tensor => ({
      type: 'float32',
      dims: [values.length],
      data: Float32Array.from(values),
    })
    link.send(1, { x: x(1, 2) })
    link.send(2, { x: x(3, 4) })
    link.send(3, { x: x(5) })
    const arrays = async (options: LinkOptions) => {
      const { stream, heard } = listening(options)
      stream.push(out.bytes())
      await expect.poll(() => heard.length).toBe(3)
      return heard.map(({ tensors }) => tensors.x?.data)
    }
    const [first, second, third] = await arrays({ reuse: true })
    expect(second).toBe(first)
    expect(third).toEqual(Float32Array.of(5))
    const apart = await arrays({})
    expect(apart).toEqual([Float32Array.of(1, 2), Float32Array.of(3, 4), Float32Array.of(5)])
  })

  test('end the stream when they are none', async () => {
    const { stream, heard } = listening()
    const failed = new Promise<Error>((resolve) => stream.on('error', resolve))
    stream.push(Buffer.from('GET / HTTP/1.1\r\n\r\n'))
    expect((await failed).message).toMatch(/^A head of \d+ bytes is none\.$/)
    expect(heard).toEqual([])
  })
})
