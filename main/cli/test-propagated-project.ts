/** For tests: a project whose first object has a key mask on frame 0 and, as after a run, masks beyond it. */
import { join } from 'node:path'
import { emptyDiff } from '../core/diff.ts'
import { type MaskRecord, maskId, type ObjectRecord } from '../core/records.ts'
import { sceneClip } from '../core/scene/scene-clips.ts'
import { presentRefs, trackOf } from '../core/track/track.ts'
import { makeSceneProject } from '../host/scene-project.ts'

/** What of a mask is not its key's. `empty`: nothing of the object is seen. */
export type MadeMask = Partial<MaskRecord> & Pick<MaskRecord, 'frameIndex'> & { readonly empty?: boolean }

/** Makes the project 'street' in `folder`, with its cache beside it. */
export async function propagatedProject(
  folder: string,
  masks: readonly MadeMask[],
): Promise<{ readonly path: string; readonly object: ObjectRecord }> {
  process.env.INBETWEEN_CACHE = join(folder, 'cache')
  let nextId = 0
  const { project } = await makeSceneProject(folder, 'street', sceneClip('short-test'), {
    now: () => 1_700_000_000_000,
    newId: (word: string) => `${word}-${++nextId}`,
    keyFrames: () => [0],
  })
  const object = [...project.store.ofKind('object')][0]!
  const track = trackOf(project.store.track(object.id).values())
  const made = masks.map(
    ({ empty, ...fields }): MaskRecord => ({
      ...track.keys[0]!,
      ...(empty ? { shape: null, box: null, area: 0, occluded: true } : {}),
      id: maskId(object.id, fields.frameIndex),
      state: 'propagated',
      method: 'propagation',
      ...presentRefs(track, fields.frameIndex),
      ...fields,
    }),
  )
  const added = Object.fromEntries(made.map((mask) => [mask.id, mask]))
  project.commit({ id: 'ran', label: 'Propagate', diff: { ...emptyDiff, added }, shapes: [] })
  project.close()
  return { path: join(folder, 'street'), object }
}
