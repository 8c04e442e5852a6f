import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { emptyDiff } from '../core/diff.ts'
import { type MaskRecord, maskId, type ObjectRecord } from '../core/records.ts'
import { sceneClip } from '../core/scene/scene-clips.ts'
import { presentRefs, trackOf } from '../core/track/track.ts'
import { makeSceneProject } from '../host/scene-project.ts'
import { openSettings } from '../host/settings.ts'
import { inbetween as runInbetween } from '../test-command-line.ts'

const folder = mkdtempSync(join(tmpdir(), 'inbetween-review-'))
let path = ''
let object: ObjectRecord

const review = (...args: readonly string[]) => runInbetween(folder, ['review', path, ...args])

/** Computed after a key mask on frame 0: doubtful on 2 and 3, worse on 5, lost on 7, and a lower figure on 6. */
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
  const confidences = [0.93, 0.66, 0.52, 0.9, 0.31, 0.8, 0.4]
  const masks = confidences.map((confidence, i): MaskRecord => {
    const frameIndex = i + 1
    const lost = frameIndex === 7
    return {
      ...track.keys[0]!,
      ...(lost ? { shape: null, box: null, area: 0 } : {}),
      id: maskId(object.id, frameIndex),
      frameIndex,
      state: 'propagated',
      method: 'propagation',
      occluded: lost,
      confidence,
      doubt: frameIndex === 5 ? 'It jumped 40 px from the frame before.' : null,
      ...presentRefs(track, frameIndex),
    }
  })
  const added = Object.fromEntries(masks.map((mask) => [mask.id, mask]))
  made.project.commit({ id: 'ran', label: 'Propagate', diff: { ...emptyDiff, added }, shapes: [] })
  made.project.close()
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

it('lists where to look as the window does, worst first, with the reason in words', async () => {
  const { name } = object
  const { code, out } = await review()
  expect(code).toBe(0)
  const lines = out.trimEnd().split('\n').slice(2)
  expect(lines[0]).toMatch(new RegExp(`^${name} +7 +7 +40% +Hidden +Lost here: is it out of sight\\?$`))
  expect(lines[1]).toMatch(
    new RegExp(`^${name} +5 +5 +31% +Doubtful +It jumped 40 px from the frame before\\.$`),
  )
  expect(lines[2]).toMatch(new RegExp(`^${name} +2 to 3 +3 +52% +Doubtful +Confidence 52 %$`))
  expect(lines[3]).toBe('3 places to look at, worst first.')

  expect(JSON.parse((await review('--json')).out)).toMatchObject({
    threshold: 0.75,
    places: [
      { objectName: name, kind: 'hidden', firstFrame: 7, lastFrame: 7 },
      { kind: 'low', lookAt: 5, confidence: 0.31, reason: 'It jumped 40 px from the frame before.' },
      { kind: 'low', firstFrame: 2, lastFrame: 3, lookAt: 3, confidence: 0.52 },
    ],
  })
}, 120_000)

it('calls doubtful what the window does, unless told otherwise', async () => {
  openSettings(join(folder, 'settings')).update({ layout: { doubtThreshold: 0.6 } })
  const places = async (...args: readonly string[]) =>
    JSON.parse((await review('--json', ...args)).out).places.map(
      (place: { firstFrame: number; lastFrame: number }) => [place.firstFrame, place.lastFrame],
    )
  expect(await places()).toEqual([
    [7, 7],
    [5, 5],
    [3, 3],
  ])
  expect(await places('--under', '0.85')).toEqual([
    [7, 7],
    [5, 6],
    [2, 3],
  ])
  expect(await review('--under', 'low')).toMatchObject({
    code: 1,
    err: '--under “low” is no confidence. Write a number from 0 to 1, as in --under 0.75.\n',
  })
  expect((await review('--object', 'nobody')).err).toContain('has no object named nobody')
}, 120_000)
