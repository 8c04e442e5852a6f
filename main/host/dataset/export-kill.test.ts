import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { testProcess } from '../test-process.ts'
import { verifyDataset } from './verify-dataset.ts'

const here = (file: string) => pathToFileURL(join(import.meta.dirname, file)).href

/** Exports over and over to one folder, telling each time it is done. */
const script = `
import { exportDataset } from '${here('export-dataset.ts')}'
import { madeBox, madeDataset } from '${here('made-dataset.ts')}'
const masks = Array.from({ length: 40 }, (_, frameIndex) => ({ objectIndex: 0, frameIndex, bitmap: madeBox(64, 48, frameIndex % 40, 5, 20, 20) }))
const source = madeDataset([{ name: 'street', width: 64, height: 48, frameCount: 40, objects: [{ name: 'Rex' }], masks }], [{ name: 'dog', stuff: false, exportId: 1 }])
const options = { format: 'davis', folder: process.argv[1], frames: { type: 'all' }, valShare: 0, layout: 'train', overwrite: true, includeFrames: true }
for (;;) {
  for await (const _ of exportDataset(options, source, new AbortController().signal));
  console.log('done')
}`

test('an export killed at any moment leaves a whole dataset under its name, or none', {
  timeout: 60_000,
}, async () => {
  const root = await mkdtemp(join(tmpdir(), 'inbetween-'))
  const folder = join(root, 'set')
  try {
    let finished = 0
    for (let round = 0; round < 8; round++) {
      const child = testProcess(['--input-type=module', '-e', script, folder])
      const first = new Promise<boolean>((resolve) => {
        child.stdout.once('data', () => resolve(true))
        child.once('close', () => resolve(false))
      })
      const closed = new Promise((resolve) => child.once('close', resolve))
      // The first rounds are killed in their first export, the others while replacing an older one.
      if (round < 2) await Promise.race([first, untilWriting(root)])
      else expect(await first).toBe(true)
      await sleep(round * 7)
      child.kill('SIGKILL')
      await closed
      if (!(await readdir(root)).includes('set')) continue
      finished++
      const report = await verifyDataset(folder, 'davis', new AbortController().signal)
      expect(report.violations).toEqual([])
      expect(report.checked).toBe('1 sequences, 40 masks')
    }
    expect(finished).toBeGreaterThan(0)
  } finally {
    await rm(root, { recursive: true, force: true })
  }
})

async function untilWriting(root: string): Promise<void> {
  while (!(await readdir(root)).some((name) => name.startsWith('.set.writing'))) await sleep(2)
}
