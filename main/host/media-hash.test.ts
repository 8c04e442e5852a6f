import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { imagesPrint, sourcePrint, videoPrint } from './media-hash.ts'

const folder = mkdtempSync(join(tmpdir(), 'inbetween-print-'))
const file = (name: string, bytes: Uint8Array) => {
  writeFileSync(join(folder, name), bytes)
  return join(folder, name)
}

describe('the print of media', () => {
  it('is the same for the same bytes and another for a changed head, tail or size', async () => {
    const bytes = new Uint8Array(3 * 1024 * 1024).map((_, i) => i % 251)
    const print = await videoPrint(file('a.mp4', bytes))
    expect(print.byteLength).toBe(bytes.length)
    expect(await videoPrint(file('b.mp4', bytes))).toEqual(print)
    for (const changed of [0, bytes.length - 1]) {
      const other = bytes.slice()
      other[changed]! ^= 1
      expect((await videoPrint(file('c.mp4', other))).hash).not.toBe(print.hash)
    }
    expect((await videoPrint(file('d.mp4', bytes.subarray(1)))).hash).not.toBe(print.hash)
    expect((await videoPrint(file('empty.mp4', new Uint8Array()))).byteLength).toBe(0)
  })

  it('of images changes when one is added, renamed or resized', async () => {
    file('1.png', new Uint8Array(3))
    file('2.png', new Uint8Array(4))
    const print = await imagesPrint(folder, ['1.png', '2.png'])
    expect(print.byteLength).toBe(7)
    expect((await imagesPrint(folder, ['1.png'])).hash).not.toBe(print.hash)
    file('2.png', new Uint8Array(5))
    expect((await imagesPrint(folder, ['1.png', '2.png'])).hash).not.toBe(print.hash)
  })

  it('says which file is missing', async () => {
    const source = {
      type: 'video',
      path: join(folder, 'gone.mp4'),
      byteLength: 0,
      hash: '',
      streamIndex: 0,
    } as const
    await expect(sourcePrint(source)).rejects.toThrow(/gone\.mp4/)
  })
})
