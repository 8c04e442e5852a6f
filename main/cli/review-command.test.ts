import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ObjectRecord } from '../core/records.ts'
import { openSettings } from '../host/settings.ts'
import { inbetween as runInbetween } from '../test-command-line.ts'
import { propagatedProject } from './test-propagated-project.ts'

const folder = mkdtempSync(join(tmpdir(), 'inbetween-review-'))
let path = ''
let object: ObjectRecord

const review = (...args: readonly string[]) => runInbetween(folder, ['review', path, ...args])

/** Computed after a key mask on frame 0: doubtful on 2 and 3, worse on 5, lost on 7, and a lower figure on 6. */
beforeAll(async () => {
  const confidences = [0.93, 0.66, 0.52, 0.9, 0.31, 0.8, 0.4]
  const masks = confidences.map((confidence, i) => ({
    frameIndex: i + 1,
    confidence,
    empty: i === 6,
    doubt: i === 4 ? 'It jumped 40 px from the frame before.' : null,
  }))
  const made = await propagatedProject(folder, masks)
  path = made.path
  object = made.object
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
