/** Counts what a run leaves without an owner, where the keyframes are labelled all over. */
import { mostUnlabelled } from '../../core/mask/coverage.ts'
import { isEmptyRle, type Rle, rleArea, subtractRle, unionRle } from '../../core/mask/rle.ts'
import type { PropagatedFrame, PropagationObject } from '../propagation/request.ts'
import { unlabelledPart } from '../propagation/sweep/unlabelled.ts'

/** So many key frames are looked at, those with most key masks first. */
const keyFramesSeen = 8
/** A part below this is not worth a sentence. */
const leastTold = 0.0005

export class UnlabelledCount {
  private readonly objects: readonly PropagationObject[]
  private readonly labelledAllOver: boolean
  /** By frame, 0 to 1. */
  private readonly parts = new Map<number, number>()

  constructor(objects: readonly PropagationObject[]) {
    this.objects = objects
    this.labelledAllOver = fullestKeyFrames(objects).some(
      (frame) => (unlabelledPart(objects, frame) ?? 1) <= mostUnlabelled,
    )
  }

  /** A frame as it came out; a later one for the same frame replaces it. */
  add({ frameIndex, masks }: PropagatedFrame): void {
    const [first] = masks
    if (!this.labelledAllOver || !first) return
    const made = new Set(masks.map(({ objectId }) => objectId))
    let keyed: Rle | null = null
    for (const { id, keys } of this.objects) {
      const key = made.has(id) ? undefined : keys.find((each) => each.frameIndex === frameIndex)
      if (key && !isEmptyRle(key.rle)) keyed = keyed ? unionRle(keyed, key.rle) : key.rle
    }
    // Computed masks share no pixel with one another, but may lie over a key mask of stuff.
    const visible = (rle: Rle) => rleArea(keyed ? subtractRle(rle, keyed) : rle)
    const owned = masks.reduce((sum, { rle }) => sum + visible(rle), keyed ? rleArea(keyed) : 0)
    this.parts.set(frameIndex, 1 - owned / (first.rle.width * first.rle.height))
  }

  /** Null where there is nothing to tell. */
  sentence(): string | null {
    if (this.parts.size === 0) return null
    const mean = [...this.parts.values()].reduce((sum, part) => sum + part, 0) / this.parts.size
    if (mean < leastTold) return null
    const [frame, most] = [...this.parts].reduce((worst, each) => (each[1] > worst[1] ? each : worst))
    return `${percent(mean)} of the picture has no owner on the frames made, most on frame ${frame} (${percent(most)}).`
  }
}

function fullestKeyFrames(objects: readonly PropagationObject[]): number[] {
  const counts = new Map<number, number>()
  for (const { keys } of objects)
    for (const { frameIndex, rle } of keys)
      if (!isEmptyRle(rle)) counts.set(frameIndex, (counts.get(frameIndex) ?? 0) + 1)
  return [...counts]
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, keyFramesSeen)
    .map(([frame]) => frame)
}

function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`
}
