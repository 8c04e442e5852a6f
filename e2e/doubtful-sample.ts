/**
 * The sample as a run leaves it on its first frames, with one of each kind of doubt, so that reviewing needs no run: a
 * hidden gull and its proposed return, a balloon that is hardly to be told from its surroundings, a sailboat whose two
 * keyframes disagree.
 */
import { type MaskRecord, maskId, type ObjectRecord } from '../main/core/records.ts'
import { presentRefs, trackOf } from '../main/core/track/track.ts'
import { createHost } from '../main/host/host.ts'

export const computedFrames = 30

/** Before the page opens the sample: one process has a project at a time. */
export async function makeSampleDoubtful(settingsFolder: string): Promise<void> {
  const host = await createHost({ mode: 'cli', settingsFolder })
  await host.updateSettings({ repropagate: false })
  await host.openSample()
  const snapshot = await host.snapshot()
  if (!snapshot) throw new Error('The sample did not open.')
  const masks = snapshot.records.filter((record) => record.kind === 'mask')
  const objects = snapshot.records.filter((record) => record.kind === 'object')
  const added = ['gull', 'balloon', 'sailboat'].flatMap((name) => {
    const object = objects.find((each) => each.name === name)
    if (!object) throw new Error(`The sample has no ${name}.`)
    return computedMasks(object, masks)
  })
  const diff = { added: Object.fromEntries(added.map((mask) => [mask.id, mask])), updated: {}, removed: {} }
  await host.commit({ id: 'doubtful', label: 'Propagate 30 frames', diff, shapes: [] })
  await host.close()
}

function computedMasks(object: ObjectRecord, masks: readonly MaskRecord[]): MaskRecord[] {
  const track = trackOf(masks.filter(({ objectId }) => objectId === object.id))
  const [first, second] = track.keys
  if (!first || !second) throw new Error(`${object.name} has too few keyframes.`)
  return Array.from({ length: computedFrames }, (_, i) => {
    const frameIndex = i + 1
    const sure: MaskRecord = {
      ...first,
      ...presentRefs(track, frameIndex),
      id: maskId(object.id, frameIndex),
      frameIndex,
      state: 'propagated',
      method: 'propagation',
      outline: null,
      confidence: 0.95,
      doubt: null,
    }
    return { ...sure, ...doubtOf(object.name, frameIndex, [first, second]) }
  })
}

function doubtOf(name: string, frame: number, keys: readonly [MaskRecord, MaskRecord]): Partial<MaskRecord> {
  if (name === 'gull' && frame >= 20 && frame <= 23)
    return { shape: null, box: null, area: 0, occluded: true, confidence: 0.6 }
  if (name === 'gull' && frame >= 24 && frame <= 26) return { state: 'proposed', confidence: 0.8 }
  if (name === 'balloon' && frame >= 10 && frame <= 14)
    return {
      confidence: frame === 12 ? 0.3 : 0.5,
      doubt: 'Its outline is hard to tell from the surroundings.',
    }
  if (name === 'sailboat' && frame === 18) return { confidence: 0.55, sides: [keys[0].shape, keys[1].shape] }
  return {}
}
