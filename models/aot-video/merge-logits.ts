/** Pure: logits of one or more groups as one competition, and what comes of it. */

export interface GroupLogits {
  readonly ground: Float32Array
  /** By object. */
  readonly objects: ReadonlyMap<number, Float32Array>
}

/** Nothing is surer than this when groups are joined, as in AOT. */
const leastProbability = 1e-5

/**
 * One group speaks for itself. Of several the ground is where every one of them sees ground, and each object has the
 * probability that its own group gives it; as logits again, so that a softmax over all weighs their odds.
 */
export function mergedLogits(groups: readonly GroupLogits[]): GroupLogits {
  const [only] = groups
  if (groups.length === 1 && only) return only
  const length = only?.ground.length ?? 0
  const ground = new Float32Array(length).fill(1)
  const objects = new Map<number, Float32Array>()
  for (const group of groups) {
    const planes = [group.ground, ...group.objects.values()]
    const own = [...group.objects.keys()].map((object) => {
      const merged = new Float32Array(length)
      objects.set(object, merged)
      return merged
    })
    for (let i = 0; i < length; i++) {
      let highest = Number.NEGATIVE_INFINITY
      for (const plane of planes) highest = Math.max(highest, plane[i]!)
      let sum = 0
      for (const plane of planes) sum += Math.exp(plane[i]! - highest)
      ground[i]! *= Math.exp(group.ground[i]! - highest) / sum
      for (const [at, merged] of own.entries())
        merged[i] = logitOf(Math.exp(planes[at + 1]![i]! - highest) / sum)
    }
  }
  for (let i = 0; i < length; i++) ground[i] = logitOf(ground[i]!)
  return { ground, objects }
}

function logitOf(probability: number): number {
  const p = Math.min(1 - leastProbability, Math.max(leastProbability, probability))
  return Math.log(p / (1 - p))
}

/** Every plane at another size. */
export function drawnLogits(
  { ground, objects }: GroupLogits,
  draw: (plane: Float32Array) => Float32Array,
): GroupLogits {
  return {
    ground: draw(ground),
    objects: new Map([...objects].map(([object, plane]) => [object, draw(plane)])),
  }
}

/** Whose each pixel is: an object and one more, or 0 for the ground. */
export function owners({ ground, objects }: GroupLogits): Int32Array {
  const labels = new Int32Array(ground.length)
  const best = ground.slice()
  for (const [object, plane] of objects)
    for (let i = 0; i < plane.length; i++)
      if (plane[i]! > best[i]!) {
        best[i] = plane[i]!
        labels[i] = object + 1
      }
  return labels
}

/** By how much an object is ahead of the strongest other, the ground among them: above 0 exactly where it is the owner. */
export function leads({ ground, objects }: GroupLogits): ReadonlyMap<number, Float32Array> {
  const planes = [ground, ...objects.values()]
  const all = new Map([...objects].map(([object, plane]) => [object, new Float32Array(plane.length)]))
  for (let i = 0; i < ground.length; i++) {
    let [first, second, winner] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, 0]
    for (const [at, plane] of planes.entries()) {
      const logit = plane[i]!
      if (logit > first) [first, second, winner] = [logit, first, at]
      else if (logit > second) second = logit
    }
    let at = 1
    for (const lead of all.values()) {
      lead[i] = planes[at]![i]! - (winner === at ? second : first)
      at++
    }
  }
  return all
}

/** [planes, pixels] of 0 and 1: pixels of other groups' objects are ground. `planeOf`: by object. */
export function oneHot(
  labels: Int32Array,
  planeOf: ReadonlyMap<number, number>,
  planeCount: number,
): Float32Array {
  const values = new Float32Array(planeCount * labels.length)
  for (let i = 0; i < labels.length; i++) {
    const plane = labels[i] === 0 ? 0 : (planeOf.get(labels[i]! - 1) ?? 0)
    values[plane * labels.length + i] = 1
  }
  return values
}
