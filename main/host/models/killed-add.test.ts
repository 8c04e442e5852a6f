/** kill -9 in the middle of adding: the old version or the new one is there, whole, and the next try ends well. */
import { once } from 'node:events'
import { mkdirSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { testPack } from '../../../models/test-pack.ts'
import { createHost } from '../host.ts'
import { testProcess } from '../test-process.ts'
import { testFolder } from '../test-projects.ts'
import { added, atPath, verified, writePack } from './test-packs.ts'

const script = fileURLToPath(new URL('./test-add-process.ts', import.meta.url))
const place = testFolder()
afterAll(() => place.remove())
const settingsFolder = join(place.path, 'settings')
const store = join(settingsFolder, 'models')

/** Adds and is killed so long after it began; resolves to whether it had ended by itself. */
async function killedAfter(ms: number, folder: string): Promise<boolean> {
  const child = testProcess([script, settingsFolder, folder])
  let said = ''
  const closed = once(child, 'close')
  await new Promise<void>((resolve) =>
    child.stdout.on('data', (part: Buffer) => {
      said += part.toString()
      if (said.startsWith('begins')) resolve()
    }),
  )
  await new Promise((resolve) => setTimeout(resolve, ms))
  child.kill('SIGKILL')
  await closed
  return said.includes('ready')
}

async function whatIsThere(): Promise<string> {
  const host = await createHost({ mode: 'cli', settingsFolder, provider: 'cpu' })
  try {
    const packs = (await host.models()).packs.filter((pack) => !pack.builtIn)
    expect(packs.length).toBeLessThanOrEqual(1)
    const [pack] = packs
    if (!pack) return 'nothing'
    expect(pack).toMatchObject({ id: 'tiny', sentence: null })
    expect(await verified(host, 'tiny')).toMatchObject({ state: 'ready', sentence: null })
    return pack.version
  } finally {
    await host.close()
  }
}

it('nothing half added is ever there', { timeout: 180_000 }, async () => {
  const folder = (version: string) =>
    writePack(join(place.path, version), testPack({ version, ballast: 20_000_000 }))
  const first = folder('1.0.0')
  let there = 'nothing'
  let endedCount = 0
  for (let kill = 0; kill < 8; kill++) {
    const version = `2.0.${kill}`
    const next = there === 'nothing' ? first : folder(version)
    const coming = there === 'nothing' ? '1.0.0' : version
    const ended = await killedAfter(Math.random() * 1200, next)
    if (ended) endedCount++
    const now = await whatIsThere()
    expect([there, coming]).toContain(now)
    if (ended) expect(now).toBe(coming)
    there = now
  }
  expect(endedCount).toBeLessThan(8)
  const host = await createHost({ mode: 'cli', settingsFolder, provider: 'cpu' })
  expect(await added(host, atPath(folder('3.0.0')))).toMatchObject({ state: 'ready' })
  await host.close()
  expect(await whatIsThere()).toBe('3.0.0')
  // What kills left is cleared away.
  expect(readdirSync(store).sort()).toEqual([
    '.adding',
    '.checks',
    '.fetched',
    '.lock.db',
    '.replaced',
    'tiny',
  ])
  for (const name of ['.adding', '.fetched', '.replaced'])
    expect(readdirSync(join(store, name)), name).toEqual([])
})

it('killed between the two renames of a replacement, the old version comes back', async () => {
  const host = await createHost({ mode: 'cli', settingsFolder, provider: 'cpu' })
  await added(host, atPath(writePack(join(place.path, 'again'), testPack({ version: '4.0.0' }))))
  await host.close()
  mkdirSync(join(store, '.replaced'), { recursive: true })
  renameSync(join(store, 'tiny'), join(store, '.replaced', 'tiny'))
  expect(await whatIsThere()).toBe('4.0.0')
})
