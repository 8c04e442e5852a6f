import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runEvaluate, runVerify } from './dataset-commands.ts'
import type { ViposegScores } from './evaluate-viposeg.ts'
import { importAnnotations } from './import-annotations.ts'

/** Files that the formats' own tools have read; everything here has a twin on made data in the tests beside it. */
const samples = join(import.meta.dirname, '../../../../shared/formats/samples')
const here = existsSync(samples)

test.skipIf(!here)(
  'a small VIPOSeg set scores what its official evaluator prints (skipped where the samples are not there)',
  async () => {
    const path = join(samples, 'viposeg_tiny')
    expect((await runVerify({ path })).text).toContain('follows the rules of viposeg (2 sequences, 12 masks)')
    const { json } = await runEvaluate({
      result: join(path, 'results'),
      truth: join(path, 'valid'),
      metric: 'viposeg',
    })
    expect((json as ViposegScores).decay?.toFixed(2)).toBe('4.87')
  },
)

test.skipIf(!here)('masks written by others are read (skipped where the samples are not there)', async () => {
  const path = join(samples, 'davis_osvos_result')
  expect((await runVerify({ path })).exitCode).toBe(0)
  const media = { name: 'sequence', width: 910, height: 480, frameCount: 6, imageNames: null }
  const { objects } = await importAnnotations(path, media, new AbortController().signal)
  expect(objects.map(({ masks }) => masks.length)).toEqual([6, 6])
})
