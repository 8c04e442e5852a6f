/** Pure: how much of the picture the keyframes leave without an owner. */
import { mostUnlabelled, uncoveredPart } from '../../../core/mask/coverage.ts'
import type { PropagationObject } from '../request.ts'
import type { Span } from './stretches.ts'

/** Part of a frame that no key mask of these objects covers; null where none of them has one with pixels there. */
export function unlabelledPart(objects: readonly PropagationObject[], frameIndex: number): number | null {
  const here = objects.flatMap(({ keys }) => keys.filter((key) => key.frameIndex === frameIndex))
  return uncoveredPart(here.map(({ rle }) => rle))
}

/** What may stay without an owner on a frame, by the key frames that its objects come from. */
export class Unlabelled {
  private readonly objects: readonly PropagationObject[]
  private readonly known = new Map<string, number>()

  constructor(objects: readonly PropagationObject[]) {
    this.objects = objects
  }

  /**
   * The part of the frame that may stay unlabelled where these spans meet: as much as on the fullest of their key
   * frames, seen by their objects alone. 1 (all of it) where no key frame is labelled all over.
   */
  allowed(spans: readonly Span[]): number {
    const keyFrames = [...new Set(spans.flatMap(({ leftKey, rightKey }) => [leftKey, rightKey]))]
    const indexes = spans.map(({ objectIndex }) => objectIndex)
    const name = `${keyFrames.join()}/${indexes.join()}`
    let part = this.known.get(name)
    if (part === undefined) {
      const objects = indexes.map((index) => this.objects[index]!)
      const parts = keyFrames.map((frame) => (frame === null ? null : unlabelledPart(objects, frame)))
      part = Math.min(1, ...parts.filter((each) => each !== null))
      if (part > mostUnlabelled) part = 1
      this.known.set(name, part)
    }
    return part
  }
}
