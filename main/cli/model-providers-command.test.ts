import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
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

it('sets what networks run on and how much memory they may take, as the settings of the window do', async () => {
  const settings = () => JSON.parse(readFileSync(join(folder, 'settings', 'settings.json'), 'utf8'))
  expect(await inbetween(folder, ['models', 'provider', 'cpu'])).toMatchObject({
    code: 0,
    out: 'Networks run on CPU from now on.\n',
  })
  expect(settings()).toMatchObject({ provider: 'cpu' })
  expect(await inbetween(folder, ['models', 'memory', '2048'])).toMatchObject({
    code: 0,
    out: 'Networks may take 2,048 MB from now on.\n',
  })
  expect(settings()).toMatchObject({ provider: 'cpu', modelMegabytes: 2048 })
  expect((await inbetween(folder, ['models', 'memory'])).out).toBe('Networks may take 2,048 MB.\n')
  for (const [args, sentence] of [
    [['provider', 'abacus'], '“abacus” is no provider. Write one of auto, cpu'],
    [['memory', '100'], '“100” is no memory for networks. Write megabytes as a whole number from 512'],
  ] as const) {
    const { code, err } = await inbetween(folder, ['models', ...args])
    expect(code).toBe(1)
    expect(err).toContain(sentence)
  }
  expect(settings()).toMatchObject({ provider: 'cpu', modelMegabytes: 2048 })
})

it('every command that runs networks can be told for once what on', async () => {
  for (const command of [
    ['propagate'],
    ['segment'],
    ['models', 'add'],
    ['models', 'verify'],
    ['models', 'bench'],
  ])
    expect((await inbetween(folder, [...command, '--help'])).out).toContain('--provider <name>')
  const { code, err } = await inbetween(folder, ['models', 'verify', 'second-look', '--provider', 'cpu'])
  expect(code, err).toBe(0)
})
