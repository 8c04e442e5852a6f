/** What a walk remembers, as one file a name: whole or not there, whatever ended the program. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { isTensorType, type NamedTensors, type Tensor, tensorArrays } from '../../../../models/tensor.ts'
import type { Shelf } from '../../../../models/video-tracker.ts'

/** Of each tensor, in the order in which their bytes follow. */
type Label = Pick<Tensor, 'type' | 'dims'> & { readonly name: string; readonly byteLength: number }

/** Length of the labels and checksum of all that follows, uint32 each; then the labels as JSON, then the data. */
const headByteLength = 8

export class FolderShelf implements Shelf {
  private readonly folder: string

  constructor(folder: string) {
    this.folder = folder
  }

  async save(name: string, tensors: NamedTensors): Promise<void> {
    await mkdir(this.folder, { recursive: true })
    const labels = Object.entries(tensors).map(
      ([own, { type, dims, data }]): Label => ({ name: own, type, dims, byteLength: data.byteLength }),
    )
    const text = Buffer.from(JSON.stringify(labels))
    const body = Buffer.concat([
      text,
      ...Object.values(tensors).map(
        ({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
      ),
    ])
    const head = Buffer.alloc(headByteLength)
    head.writeUInt32LE(text.length, 0)
    head.writeUInt32LE(crc32(body), 4)
    const path = join(this.folder, name)
    // Under another name first: a program that ends in the middle leaves what was there before.
    await writeFile(`${path}.new`, Buffer.concat([head, body]))
    await rename(`${path}.new`, path)
  }

  async load(name: string): Promise<NamedTensors | null> {
    const bytes = await readFile(join(this.folder, name)).catch(() => null)
    if (!bytes || bytes.length < headByteLength) return null
    const body = bytes.subarray(headByteLength)
    if (crc32(body) !== bytes.readUInt32LE(4)) return null
    const textLength = bytes.readUInt32LE(0)
    const labels = JSON.parse(body.toString('utf8', 0, textLength)) as readonly Label[]
    const tensors: Record<string, Tensor> = {}
    let at = textLength
    for (const { name: own, type, dims, byteLength } of labels) {
      if (!isTensorType(type)) return null
      // A copy, because numbers of four bytes must begin at a multiple of four.
      const data = Uint8Array.from(body.subarray(at, at + byteLength))
      tensors[own] = { type, dims, data: new tensorArrays[type](data.buffer) }
      at += byteLength
    }
    return tensors
  }

  async clear(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
  }
}
