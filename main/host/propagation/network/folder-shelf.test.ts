import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { NamedTensors } from '../../../../models/tensor.ts'
import { FolderShelf } from './folder-shelf.ts'

const folder = mkdtempSync(join(tmpdir(), 'inbetween-shelf-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const tensors: NamedTensors = {
  frame: { type: 'int32', dims: [1], data: Int32Array.of(7) },
  odd: { type: 'uint8', dims: [3], data: Uint8Array.of(1, 2, 3) },
  half: { type: 'float16', dims: [1, 2], data: Uint16Array.of(15360, 1) },
  features: { type: 'float32', dims: [2, 2], data: Float32Array.of(0.1, -2, Number.MIN_VALUE, 1e30) },
}

describe('a shelf in a folder', () => {
  test('gives back every tensor to the last bit, the newest of a name', async () => {
    const shelf = new FolderShelf(join(folder, 'whole'))
    await shelf.save('0-memory-3', { frame: tensors.odd! })
    await shelf.save('0-memory-3', tensors)
    expect(await new FolderShelf(join(folder, 'whole')).load('0-memory-3')).toEqual(tensors)
    expect(readdirSync(join(folder, 'whole'))).toEqual(['0-memory-3'])
  })

  test('has nothing where nothing whole is: cut short, changed, never there, cleared', async () => {
    const shelf = new FolderShelf(join(folder, 'torn'))
    const path = join(folder, 'torn', 'a')
    await shelf.save('a', tensors)
    const bytes = readFileSync(path)
    const changed = Buffer.from(bytes)
    changed[bytes.length - 2]! ^= 1
    for (const odd of [bytes.subarray(0, -3), bytes.subarray(0, 5), changed]) {
      writeFileSync(path, odd)
      expect(await shelf.load('a')).toBeNull()
    }
    expect(await shelf.load('b')).toBeNull()
    await shelf.save('a', tensors)
    await shelf.clear()
    expect(await shelf.load('a')).toBeNull()
  })
})
