/** A run that finds an object again beyond shot cuts: its records, what is said of it, and a person's answer. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { JobInfo, PropagateSpec } from '../../core/api.ts'
import type { ObjectRecord } from '../../core/records.ts'
import { sceneClip } from '../../core/scene/scene-clips.ts'
import { answeredProposal, proposalsOf } from '../../core/track/proposals.ts'
import { isStale, staleSpans } from '../../core/track/staleness.ts'
import { type Track, trackOf } from '../../core/track/track.ts'
import type { JobQueue } from '../jobs.ts'
import type { Project } from '../project.ts'
import { makeSceneProject } from '../scene-project.ts'
import { jobEnded, propagationQueue } from '../test-queue.ts'

const folder = mkdtempSync(join(tmpdir(), 'inbetween-proposals-job-'))
let nextId = 0
const newId = (word: string) => `${word}-${++nextId}`
const now = () => 1_700_000_000_000 + nextId
let project: Project
let queue: JobQueue
let boat: ObjectRecord
let spec: PropagateSpec
let job: JobInfo

const track = (): Track => trackOf(project.store.track(boat.id).values())

const run = (more: Partial<PropagateSpec> = {}): Promise<JobInfo> =>
  jobEnded(queue, queue.start({ ...spec, ...more }).id)

/** Labelled in the first of three shots, which end on frames 24 and 32; the third is at the same place as the first. */
beforeAll(async () => {
  process.env.INBETWEEN_CACHE = join(folder, 'cache')
  const made = await makeSceneProject(folder, 'shots', sceneClip('next-shot-test'), {
    now,
    newId,
    keyFrames: () => [20],
  })
  project = made.project
  boat = [...project.store.ofKind('object')].find(({ name }) => name === 'sailboat')!
  queue = propagationQueue(project, { now, newId })
  spec = {
    type: 'propagate',
    mediaId: made.mediaId,
    objectIds: [boat.id],
    direction: 'forward',
    range: [16, 44],
    reach: 'all',
    playheadFrame: 20,
  }
  job = await run()
}, 120_000)

afterAll(async () => {
  await queue.close()
  project.close()
  rmSync(folder, { recursive: true, force: true })
})

it('writes what it found as proposed, and says that it waits', () => {
  expect(job).toMatchObject({
    state: 'done',
    sentence: 'A proposal waits for you: is this the object that was out of sight?',
    notes: [
      expect.stringMatching(/^sailboat was found again at frame \d+, beyond a shot cut: accept it there/),
    ],
  })
  const [proposal, ...others] = proposalsOf(track())
  expect(others).toEqual([])
  expect(proposal).toMatchObject({ lastFrame: 44 })
  expect(proposal!.foundFrame).toBeLessThan(38)
  for (const mask of track().masks)
    expect(mask.state).toBe(
      mask.frameIndex === 20 ? 'keyframe' : mask.frameIndex < 24 ? 'propagated' : 'proposed',
    )
})

it('has nothing to do again once the proposal is accepted', async () => {
  expect(staleSpans(track())).toEqual([])
  const { foundFrame } = proposalsOf(track())[0]!
  const diff = answeredProposal(track(), foundFrame, 'accept')
  project.commit({ id: newId('change'), label: 'Accept', diff, shapes: [] })
  expect(proposalsOf(track())).toEqual([])
  for (const mask of track().masks) expect(isStale(track(), mask)).toBe(false)
  expect(await run({ reach: 'stale', range: null })).toMatchObject({
    state: 'done',
    sentence: 'Nothing is stale: every propagated mask fits its keyframes.',
  })
  project.undo()
  expect(proposalsOf(track())).toHaveLength(1)
})

it('keeps a proposal that the same run makes again', async () => {
  const before = proposalsOf(track())
  await run()
  expect(proposalsOf(track())).toEqual(before)
})

it('does not propose again what was rejected', async () => {
  const { foundFrame } = proposalsOf(track())[0]!
  const diff = answeredProposal(track(), foundFrame, 'reject')
  project.commit({ id: newId('change'), label: 'Reject', diff, shapes: [] })
  await run()
  expect(proposalsOf(track())).toEqual([])
})
