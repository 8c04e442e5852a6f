/**
 * The sample as a run leaves it on its first frames, with one of each kind of doubt, so that reviewing needs no run: a
 * hidden gull and its proposed return, a balloon that is hardly to be told from its surroundings, a sailboat whose two
 * keyframes disagree.
 */
import { encodeRle } from '../main/core/mask/rle.ts'
import { type MaskRecord, type ObjectRecord, type ShapeHash, shapesOf } from '../main/core/records.ts'
import { presentRefs, trackOf } from '../main/core/track/track.ts'
import { createHost } from '../main/host/host.ts'
import { truthMask } from '../main/host/scene-project.ts'
import { sampleScene, sampleSize } from './sample-truth.ts'

export const computedFrames = 30

/** Before the page opens the sample: one process has a project at a time. */
export async function makeSampleDoubtful(settingsFolder: string): Promise<void> {
  const host = await createHost({ mode: 'cli', settingsFolder })
  await host.updateSettings({ repropagate: false })
  await host.openSample()
  const snapshot = await host.snapshot()
  if (!snapshot) throw new Error('The sample did not open.')
  const keys = snapshot.records.filter((record) => record.kind === 'mask')
  const objects = snapshot.records.filter((record) => record.kind === 'object')
  const shapes = new Map<ShapeHash, Uint8Array>()
  const masks = ['gull', 'balloon', 'sailboat'].flatMap((name) => {
    const object = objects.find((each) => each.name === name)
    if (!object) throw new Error(`The sample has no ${name}.`)
    return computedMasks(object, keys, shapes)
  })
  const diff = { added: Object.fromEntries(masks.map((mask) => [mask.id, mask])), updated: {}, removed: {} }
  const used = new Set(masks.flatMap(shapesOf))
  const sent = [...shapes].filter(([hash]) => used.has(hash)).map(([hash, bytes]) => ({ hash, bytes }))
  await host.commit({ id: 'doubtful', label: 'Propagate 30 frames', diff, shapes: sent })
  await host.close()
}

function computedMasks(
  object: ObjectRecord,
  keys: readonly MaskRecord[],
  shapes: Map<ShapeHash, Uint8Array>,
): MaskRecord[] {
  const track = trackOf(keys.filter(({ objectId }) => objectId === object.id))
  const true30 = Array.from({ length: computedFrames }, (_, i): MaskRecord => {
    const { record, shape } = truthMask(object.id, i + 1, truth(object.name, i + 1))
    shapes.set(shape.hash, shape.bytes)
    return record
  })
  return true30.map((mask) => ({
    ...mask,
    ...presentRefs(track, mask.frameIndex),
    state: 'propagated',
    method: 'propagation',
    confidence: 0.95,
    ...doubtOf(object.name, mask.frameIndex, true30),
  }))
}

function doubtOf(name: string, frame: number, masks: readonly MaskRecord[]): Partial<MaskRecord> {
  if (name === 'gull' && frame >= 20 && frame <= 23)
    return { shape: null, box: null, area: 0, occluded: true, confidence: 0.6 }
  if (name === 'gull' && frame >= 24 && frame <= 26) return { state: 'proposed', confidence: 0.8 }
  if (name === 'balloon' && frame >= 10 && frame <= 14)
    return {
      confidence: frame === 12 ? 0.3 : 0.5,
      doubt: 'Its outline is hard to tell from the surroundings.',
    }
  if (name === 'sailboat' && frame === 18)
    return {
      confidence: 0.55,
      doubt: 'The keyframes before and after lead to different masks here.',
      sides: [masks[3]!.shape, masks[27]!.shape],
    }
  return {}
}

const indexImages = new Map<number, Uint8Array>()

/** The scene is drawn once a frame, whatever asks for it. */
function truth(name: string, frameIndex: number) {
  const entity = sampleScene.entities.find((each) => each.name === name)
  if (!entity) throw new Error(`The scene has no ${name}.`)
  const index = indexImages.get(frameIndex) ?? sampleScene.frame(frameIndex).index
  indexImages.set(frameIndex, index)
  return encodeRle({ ...sampleSize, data: index.map((owner) => (owner === entity.index ? 1 : 0)) })
}
