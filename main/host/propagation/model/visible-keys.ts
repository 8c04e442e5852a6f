/** Pure: what of a key mask is to be seen. */
import { isEmptyRle, type Rle, subtractRle, unionRle } from '../../../core/mask/rle.ts'
import type { PropagationObject } from '../request.ts'

/**
 * The objects with the key masks of stuff as far as no key mask of a thing on the same frame covers them. A person may
 * draw a region on behind what stands before it; taken as it is drawn, it would learn to look like the thing, and win
 * its outline.
 */
export function withVisibleKeys(objects: readonly PropagationObject[]): readonly PropagationObject[] {
  const things = new Map<number, Rle>()
  for (const { stuff, keys } of objects)
    for (const { frameIndex, rle } of stuff ? [] : keys) {
      const before = things.get(frameIndex)
      if (!isEmptyRle(rle)) things.set(frameIndex, before ? unionRle(before, rle) : rle)
    }
  return objects.map((object) => {
    if (!object.stuff) return object
    const keys = object.keys.map((key) => {
      const covering = things.get(key.frameIndex)
      return covering ? { ...key, rle: subtractRle(key.rle, covering) } : key
    })
    return { ...object, keys }
  })
}
