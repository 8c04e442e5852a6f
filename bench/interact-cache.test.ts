import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { FrameCache } from './interact-cache.ts'

const folder = mkdtempSync(join(tmpdir(), 'inbetween-cache-'))
const source = join(folder, 'source.ts')
const kept = join(folder, 'kept')
const cache = () => new FrameCache<number>(kept, 'ours', [source])
afterEach(() => rmSync(kept, { recursive: true, force: true }))

test('a run goes on where the one before was stopped, even in the middle of a line', async () => {
  writeFileSync(source, 'one')
  expect(await cache().once('bear/0', async () => 7)).toBe(7)
  appendFileSync(join(kept, readdirSync(kept)[0]!), '["bear/9",')
  const later = cache()
  expect(await later.once('bear/0', async () => 8)).toBe(7)
  expect(later.get('bear/9')).toBeUndefined()
})

test('what another version of the sources has given is not read', async () => {
  writeFileSync(source, 'one')
  await cache().once('bear/0', async () => 7)
  writeFileSync(source, 'two')
  expect(cache().get('bear/0')).toBeUndefined()
})
