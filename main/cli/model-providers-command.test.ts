import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { InferenceStatus } from '../core/models.ts'
import { inbetween } from '../test-command-line.ts'
import { providersText } from './model-providers-command.ts'

const folder = mkdtempSync(join(tmpdir(), 'inbetween-providers-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('tells what networks can run on here, as text and as JSON', async () => {
  const ran = await inbetween(folder, ['models', 'providers'])
  expect(ran).toMatchObject({ code: 0, err: '' })
  expect(ran.out).toMatch(/^provider +name +trial +ms +why not$/m)
  expect(ran.out).toMatch(/^cpu +CPU, \d+ threads +computes right +[\d.]+$/m)
  expect(ran.out).toMatch(/^Networks run on .* \(the fastest that computes right\)\.$/m)
  const told = await inbetween(folder, ['models', 'providers', '--json'])
  const { providers } = JSON.parse(told.out) as InferenceStatus
  expect(providers.find(({ provider }) => provider === 'cpu')).toMatchObject({
    state: 'right',
    sentence: null,
  })
})

it('says why a provider cannot be had, and which runs instead of nothing', () => {
  const text = providersText({
    chosen: 'webgpu',
    provider: 'webgpu',
    sentence: 'WebGPU finds no graphics adapter.',
    threadCount: 2,
    providers: [
      { provider: 'webgpu', state: 'absent', sentence: 'WebGPU finds no graphics adapter.', ms: null },
      { provider: 'cpu', state: 'right', sentence: null, ms: 9.87 },
    ],
  } as unknown as InferenceStatus)
  expect(text).toContain('not here')
  expect(text).toContain('9.9')
  expect(text.split('\n').at(-1)).toBe('WebGPU finds no graphics adapter.')
})

it('refuses a provider that there is not, with the list', async () => {
  const ran = await inbetween(folder, ['propagate', 'nowhere', '--provider', 'abacus'])
  expect(ran.code).not.toBe(0)
  expect(ran.err).toContain('“abacus” is no provider. Write one of auto, cpu, webgpu, cuda, dml, coreml')
})
