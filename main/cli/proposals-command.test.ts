import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { emptyDiff } from '../core/diff.ts'
import { type MaskRecord, maskId, type ObjectRecord } from '../core/records.ts'
import { sceneClip } from '../core/scene/scene-clips.ts'
import { presentRefs, trackOf } from '../core/track/track.ts'
import { makeSceneProject } from '../host/scene-project.ts'
import { inbetween as runInbetween } from '../test-command-line.ts'

const folder = mkdtempSync(join(tmpdir(), 'inbetween-proposals-'))
let path = ''
let object: ObjectRecord

const inbetween = (command: string, ...args: readonly string[]) =>
  runInbetween(folder, [command, path, ...args])
const proposals = (...args: readonly string[]) => inbetween('proposals', ...args)

/** An object with a key mask on frame 0, hidden on 1 and 2, proposed from 3 to 5 and from 8 to 9. */
beforeAll(async () => {
  process.env.INBETWEEN_CACHE = join(folder, 'cache')
  let nextId = 0
  const options = { now: () => 1_700_000_000_000, newId: (word: string) => `${word}-${++nextId}` }
  const made = await makeSceneProject(folder, 'street', sceneClip('short-test'), {
    ...options,
    keyFrames: () => [0],
  })
  path = join(folder, 'street')
  object = [...made.project.store.ofKind('object')][0]!
  const track = trackOf(made.project.store.track(object.id).values())
  const masks = [1, 2, 3, 4, 5, 8, 9].map((frameIndex): MaskRecord => {
    const hidden = frameIndex < 3
    const empty = hidden ? { shape: null, box: null, area: 0 } : {}
    return {
      ...track.keys[0]!,
      ...empty,
      id: maskId(object.id, frameIndex),
      frameIndex,
      state: hidden ? 'propagated' : 'proposed',
      method: 'propagation',
      occluded: hidden,
      confidence: 0.84,
      ...presentRefs(track, frameIndex),
    }
  })
  const added = Object.fromEntries(masks.map((mask) => [mask.id, mask]))
  made.project.commit({ id: 'found', label: 'Propagate', diff: { ...emptyDiff, added }, shapes: [] })
  made.project.close()
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

it('says after a run what waits for an answer', async () => {
  const ran = await inbetween('propagate', '--object', object.name, '--range', '11-12', '--frame', '11')
  expect(ran).toMatchObject({ code: 0 })
  expect(ran.out).toContain('2 proposals wait for you')
  expect(ran.out).toContain('List what was found again with "inbetween proposals"')
  const info = JSON.parse((await inbetween('info', '--json')).out)
  const summary = info.media[0].objects.find(({ name }: { name: string }) => name === object.name)
  expect(summary).toMatchObject({ proposedCount: 5, propagatedCount: 4 })
}, 60_000)

it('lists what was found again, and takes a person’s answers', async () => {
  const { name } = object
  const all = await proposals()
  expect(all.code).toBe(0)
  expect(all.out).toMatch(new RegExp(`${name} +3 +3 to 5 +84%`))
  expect(all.out).toContain(`2 proposals: answer with --accept or --reject, as in ${name}@3.`)

  expect(await proposals('--accept', `${name}@6`)).toMatchObject({
    code: 1,
    err: `${name} has no proposal on frame 6. "inbetween proposals PROJECT" lists what there is.\n`,
  })
  expect((await proposals('--accept', 'nobody@3')).err).toContain('has no object named nobody')
  expect((await proposals('--accept', name)).err).toContain('names no proposal')

  const accepted = await proposals('--accept', `${name}@3`, '--json')
  expect(JSON.parse(accepted.out)).toMatchObject({
    proposals: [{ objectName: name, firstFrame: 8, lastFrame: 9, foundFrame: 8 }],
  })
  expect((await proposals('--reject', `${name}@9`)).out).toBe('Nothing is proposed.\n')
}, 60_000)
