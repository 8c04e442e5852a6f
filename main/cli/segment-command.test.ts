import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { tinySam } from '../../models/test-graphs/tiny-sam.ts'
import { decodeShape, rleIou } from '../core/mask/rle.ts'
import { type MaskRecord, maskId, type ObjectRecord } from '../core/records.ts'
import { sceneClip } from '../core/scene/scene-clips.ts'
import { writePack } from '../host/models/test-packs.ts'
import { Project } from '../host/project.ts'
import { makeSceneProject, type SceneProject } from '../host/scene-project.ts'
import { inbetween } from '../test-command-line.ts'

const folder = mkdtempSync(join(tmpdir(), 'inbetween-segment-'))
const path = join(folder, 'street')
let nextId = 0
const options = { now: () => 1_700_000_000_000, newId: (word: string) => `${word}-${++nextId}` }
let made: SceneProject
let objects: ObjectRecord[]

const segment = (...args: readonly string[]) => inbetween(folder, ['segment', path, ...args])

/** What the project has on a frame of an object. */
function saved(objectName: string, frameIndex: number) {
  const project = Project.open(path, { ...options, readOnly: true })
  try {
    const object = [...project.store.ofKind('object')].find(({ name }) => name === objectName)!
    const [media] = project.store.ofKind('media')
    const mask = project.store.get(maskId(object.id, frameIndex)) as MaskRecord
    return { mask, rle: decodeShape(project.readShape(mask.shape!), media!.width, media!.height) }
  } finally {
    project.close()
  }
}

beforeAll(async () => {
  process.env.INBETWEEN_CACHE = join(folder, 'cache')
  const clip = sceneClip('short-test')
  made = await makeSceneProject(folder, 'street', clip, { ...options, keyFrames: () => [0] })
  objects = [...made.project.store.ofKind('object')]
  made.project.close()
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('a box becomes a keyframe of a new object', async () => {
  const { mask: key, rle } = saved(objects[0]!.name, 0)
  const { code, out } = await segment('--object', 'mine', '--frame', '0', '--box', key.box!.join(','))
  expect(code, out).toBe(0)
  expect(out).toMatch(/mine has a keyframe on frame 0: \d+ pixels/)
  const mine = saved('mine', 0)
  expect(mine.mask).toMatchObject({ state: 'keyframe', method: 'assisted' })
  expect(mine.mask.marked).toBeUndefined()
  expect(rleIou(mine.rle, rle)).toBeGreaterThan(0.5)
}, 60_000)

it('a stroke on a computed mask keeps the rest of it, and only its pixels are the user’s', async () => {
  const name = objects[0]!.name
  const project = Project.open(path, options)
  const key = project.store.get(maskId(objects[0]!.id, 0)) as MaskRecord
  const computed: MaskRecord = {
    ...key,
    id: maskId(key.objectId, 1),
    frameIndex: 1,
    state: 'propagated',
    method: 'propagation',
  }
  const diff = { added: { [computed.id]: computed }, updated: {}, removed: {} }
  project.commit({ id: 'computed', label: 'Propagate', diff, shapes: [] })
  project.close()
  const [x, y] = key.box!
  const { code, err } = await segment('--object', name, '--frame', '1', '--mark', `out:${x + 1},${y + 1}`)
  expect(code, err).toBe(0)
  const { mask, rle } = saved(name, 1)
  expect(mask.state).toBe('keyframe')
  expect(mask.marked).toBeDefined()
  expect(rleIou(rle, saved(name, 0).rle)).toBeGreaterThan(0.7)
}, 60_000)

it.each([
  [['--frame', '999', '--box', '1,1,9,9'], /“999” is no frame of .* from 0 to/],
  [['--frame', '0', '--box', '1,1,9'], /“1,1,9” is no box/],
  [['--frame', '0', '--mark', 'maybe:3,4'], /“maybe:3,4” with radius 4 is no mark/],
  [['--frame', '0'], /Mark the object on frame 0 first/],
])('refuses %j in a sentence', async (args, sentence) => {
  const { code, err } = await segment('--object', 'other', ...args)
  expect(code).toBe(1)
  expect(err).toMatch(sentence)
})

it('a network that was chosen answers and is named, until the person switches back', async () => {
  writePack(join(folder, 'settings', 'models', 'tiny-sam'), tinySam())
  const use = (pack: string) => inbetween(folder, ['models', 'use', 'segment-image', pack])
  expect((await use('tiny-sam')).code).toBe(0)
  const marked = ['--frame', '0', '--mark', 'in:40,40']
  const { code, out } = await segment('--object', 'by-network', ...marked)
  expect(code, out).toBe(0)
  expect(out).toMatch(/by-network has a keyframe on frame 0: \d+ pixels, found by Tiny SAM in \d+ ms\./)
  expect((await use('none')).code).toBe(0)
  expect((await segment('--object', 'by-own', ...marked)).out).toMatch(/pixels, found in \d+ ms\./)
}, 60_000)

it('one run takes the network that --model names, or none, whatever is chosen', async () => {
  const marked = ['--frame', '1', '--mark', 'in:40,40']
  const once = await segment('--object', 'once', ...marked, '--model', 'tiny-sam', '--provider', 'cpu')
  expect(once.out, once.err).toMatch(/pixels, found by Tiny SAM in/)
  const use = (pack: string) => inbetween(folder, ['models', 'use', 'segment-image', pack])
  expect((await use('tiny-sam')).code).toBe(0)
  expect((await segment('--object', 'own', ...marked, '--model', 'own')).out).toMatch(/pixels, found in/)
  expect(await segment('--object', 'other', ...marked, '--model', 'second-look')).toMatchObject({
    code: 1,
    err: 'There is no network “second-look” here that finds an object on one frame. Write one of own, tiny-sam; "inbetween models add" adds more.\n',
  })
}, 60_000)
