/** Packs as jobs get at them: by role, with the person's choice, from those that were added and those that ship. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest'
import { testPack } from '../../../models/test-pack.ts'
import type { HostApi } from '../../core/api.ts'
import type { ModelList } from '../../core/models.ts'
import { openInference } from '../inference/open-inference.ts'
import { openSettings } from '../settings.ts'
import { refusal } from '../test-hosts.ts'
import { type TestFolder, testFolder } from '../test-projects.ts'
import { PackStore } from './pack-store.ts'
import { Packs } from './packs.ts'
import { added, atPath, planned, writePack } from './test-packs.ts'

const inference = openInference({ settings: () => ({ provider: 'cpu', threadCount: 1, memoryLimit: 4e9 }) })
afterAll(() => inference.close())

let place: TestFolder
let packs: Packs
let told: ModelList[]

beforeEach(() => {
  place = testFolder()
  told = []
  writePack(join(place.path, 'shipped', 'ours'), testPack({ id: 'ours', version: '0.1.0' }))
  writePack(join(place.path, 'new'), testPack({ id: 'mine' }))
  packs = new Packs({
    store: new PackStore(join(place.path, 'models'), join(place.path, 'shipped')),
    settings: openSettings(join(place.path, 'settings')),
    inference,
    onChange: (models) => told.push(models),
    resolvePath: (path) => path,
    trustsAddresses: true,
    now: () => 1_700_000_000_000,
  })
})
afterEach(() => place.remove())

/** The calls of HostApi that the helpers of these tests make. */
const api = () =>
  ({
    planPack: (source, signal) => packs.plan(source, signal),
    addPack: (source, hash, signal) => packs.add(source, hash, signal),
  }) as Pick<HostApi, 'planPack' | 'addPack'> as HostApi
const addMine = () => added(api(), atPath(join(place.path, 'new')))

const x = { type: 'float32', dims: [1, 2], data: Float32Array.of(1, 5) } as const

it('the pack that was chosen for a role runs its graphs by their part', async () => {
  await addMine()
  expect(await packs.open('embed-image', 'batch')).toBe(null)
  packs.choose('embed-image', 'mine')
  const open = (await packs.open('embed-image', 'batch'))!
  expect(open.manifest).toMatchObject({ id: 'mine', version: '1.0.0' })
  const { image_embeds: y } = await open.graphs.run('encoder', { pixel_values: x })
  expect(y).toMatchObject({ dims: [1, 2], data: Float32Array.of(3, 11) })
  expect(inference.status().open).toContain('Tiny doubler, encoder')
  expect(open.ranOn!()).toEqual({ provider: 'cpu', partlyOnCpu: false })
  const { code, message } = await refusal(() => open.graphs.run('decoder', { pixel_values: x }))
  expect(code).toBe('broken-pack')
  expect(message).toContain('“Tiny doubler” has no graph decoder')
  expect(await packs.open('segment-image', 'batch')).toBe(null)
  expect(told.map(({ chosen }) => chosen['embed-image'])).toEqual([null, 'mine'])
})

it('a pack that was chosen and is gone or broken is refused, never passed over', async () => {
  await addMine()
  packs.choose('embed-image', 'mine')
  rmSync(join(place.path, 'models', 'mine', 'double.onnx'))
  const { code, message } = await refusal(() => packs.open('embed-image', 'batch'))
  expect(code).toBe('broken-pack')
  expect(message).toBe(
    '“Tiny doubler” cannot be used: double.onnx of “Tiny doubler” is gone. Add the pack again.',
  )
  rmSync(join(place.path, 'models', 'mine'), { recursive: true })
  expect(await refusal(() => packs.open('embed-image', 'batch'))).toMatchObject({
    code: 'no-pack',
    message: 'There is no pack “mine”. There are: ours. Add it first, or choose one of these.',
  })
})

it('what is verified is the file, and not what was opened of it before', async () => {
  await addMine()
  packs.choose('embed-image', 'mine')
  const open = (await packs.open('embed-image', 'batch'))!
  const path = join(place.path, 'models', 'mine', 'double.onnx')
  const right = readFileSync(path)
  // 3 where 2 stands: another graph of the same size.
  const other = Buffer.from(right)
  other.writeFloatLE(3, right.indexOf(Buffer.from(Float32Array.of(2).buffer)))
  writeFileSync(path, other)
  expect((await open.graphs.run('encoder', { pixel_values: x })).image_embeds!.data).toEqual(
    Float32Array.of(4, 16),
  )
  writeFileSync(path, right)
  for await (const step of packs.verify('mine'))
    if (step.type === 'verified') expect(step.report).toMatchObject({ state: 'ready', sentence: null })
})

it('what ships is there, ready, can be chosen, and neither removed nor replaced', async () => {
  expect(packs.list().packs).toMatchObject([
    { id: 'ours', builtIn: true, state: 'ready', folder: join(place.path, 'shipped', 'ours') },
  ])
  packs.choose('embed-image', 'ours')
  const open = (await packs.open('embed-image', 'interactive'))!
  expect((await open.graphs.run('encoder', { pixel_values: x })).image_embeds!.data).toEqual(
    Float32Array.of(3, 11),
  )
  expect((await refusal(() => packs.remove('ours'))).message).toBe(
    '“Tiny doubler” comes with Inbetween and cannot be removed.',
  )
  const twin = writePack(join(place.path, 'twin'), testPack({ id: 'ours', version: '9.0.0' }))
  expect((await refusal(() => planned(api(), atPath(twin)))).message).toContain(
    '“ours” is the id of a pack that comes with Inbetween',
  )
  expect(existsSync(join(place.path, 'models'))).toBe(false)
})

it('what ships can be verified like any other, and is broken when a file is', async () => {
  for await (const step of packs.verify('ours'))
    if (step.type === 'verified') expect(step.report).toMatchObject({ id: 'ours', state: 'ready' })
  expect(packs.list().packs[0]).toMatchObject({ state: 'ready', checkedAt: 1_700_000_000_000 })
  rmSync(join(place.path, 'shipped', 'ours', 'golden', 'x.f32'))
  expect(packs.list().packs[0]).toMatchObject({ state: 'broken' })
})

it('a folder that only looks like a pack is broken and says why', async () => {
  writePack(join(place.path, 'models', 'other-name'), testPack({ id: 'mine' }))
  expect(packs.list().packs[1]).toMatchObject({ id: 'other-name', state: 'broken' })
  expect(packs.list().packs[1]!.sentence).toContain('holds the pack “mine”, which was not added by Inbetween')
  await packs.remove('other-name')
  expect(packs.list().packs).toHaveLength(1)
})
