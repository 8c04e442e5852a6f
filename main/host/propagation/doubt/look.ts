/** Pure: what a soft mask and the picture under it say by themselves. Planes are of working size. */

/** What is seen of an object on one frame. */
export interface Look {
  /** Pixels of at least even odds. */
  readonly area: number
  /** The IoU with the truth that is to be expected if every pixel's probability were right. */
  readonly softIou: number
  /** Colours inside the mask, an L2-normed histogram over bins of Lab. */
  readonly colours: Float32Array
}

const binsAnAxis = 8

/** `picture`: its planes 1 to 3 are Lab. */
export function lookOf(mask: Float32Array, picture: Float32Array): Look {
  const size = mask.length
  const counts = new Float32Array(binsAnAxis ** 3)
  let [area, both, missed] = [0, 0, 0]
  for (let i = 0; i < size; i++) {
    const p = mask[i]!
    if (p === 0) continue
    if (p <= 0.5) {
      missed += p
      continue
    }
    area++
    both += p
    const bin =
      binOf(picture[size + i]!, 0, 100) * binsAnAxis * binsAnAxis +
      binOf(picture[2 * size + i]!, -48, 48) * binsAnAxis +
      binOf(picture[3 * size + i]!, -48, 48)
    counts[bin]!++
  }
  return { area, softIou: area + missed > 0 ? both / (area + missed) : 0, colours: smoothed(counts) }
}

function binOf(value: number, low: number, high: number): number {
  return Math.max(0, Math.min(binsAnAxis - 1, Math.floor(((value - low) / (high - low)) * binsAnAxis)))
}

/** Spread over neighbouring bins, so that a little light more or less does not matter, and of length 1. */
function smoothed(counts: Float32Array): Float32Array {
  let bins = counts.map(Math.sqrt)
  for (const step of [binsAnAxis * binsAnAxis, binsAnAxis, 1]) {
    const out = new Float32Array(bins.length)
    for (let i = 0; i < bins.length; i++) {
      const at = Math.floor(i / step) % binsAnAxis
      const below = at > 0 ? bins[i - step]! : bins[i]!
      const above = at < binsAnAxis - 1 ? bins[i + step]! : bins[i]!
      out[i] = 0.6 * bins[i]! + 0.2 * (below + above)
    }
    bins = out
  }
  const length = Math.sqrt(bins.reduce((sum, bin) => sum + bin * bin, 0))
  return length > 0 ? bins.map((bin) => bin / length) : bins
}

/** 1: the same colours in the same parts, 0: none in common. */
export function likeness(a: Look, b: Look): number {
  let sum = 0
  for (let i = 0; i < a.colours.length; i++) sum += a.colours[i]! * b.colours[i]!
  return Math.min(1, sum)
}

/** A place that another mask claims as well. */
export interface Contest {
  /** Of this mask's pixels, 0 to 1. */
  readonly part: number
  /** Position of the other mask in the list. */
  readonly other: number
}

/** For every mask, among those it `rivals`, the one that shares most pixels of better than even odds with it, or null. */
export function contests(
  masks: readonly Float32Array[],
  rivals: (index: number, other: number) => boolean,
): (Contest | null)[] {
  if (masks.length < 2) return masks.map(() => null)
  const areas = masks.map(() => 0)
  const shared = new Map<number, number>()
  const owner = new Uint16Array(masks[0]?.length ?? 0)
  for (const [index, mask] of masks.entries())
    for (let i = 0; i < mask.length; i++) {
      if (mask[i]! <= 0.5) continue
      areas[index]!++
      const first = owner[i]!
      if (first === 0) owner[i] = index + 1
      else
        shared.set(
          (first - 1) * masks.length + index,
          (shared.get((first - 1) * masks.length + index) ?? 0) + 1,
        )
    }
  const found: (Contest | null)[] = masks.map(() => null)
  const offer = (index: number, other: number, count: number) => {
    const part = count / areas[index]!
    if (rivals(index, other) && part > (found[index]?.part ?? 0)) found[index] = { part, other }
  }
  for (const [pair, count] of shared) {
    const [a, b] = [Math.floor(pair / masks.length), pair % masks.length]
    offer(a, b, count)
    offer(b, a, count)
  }
  return found
}
