/** Pure: which memories of an object a frame is to be seen with. Frames by number only; what they hold is not known here. */

export interface BankRules {
  /** The frame itself counts: 7 are one conditioning frame and the last six others. */
  readonly memoryFrames: number
  readonly mostPointers: number
  /** Conditioning frames (key masks) that are attended to at once, the nearest ones. */
  readonly mostConditioning: number
}

export interface Recalled {
  /** In the order in which SAM 2 joins them: conditioning frames, then the others from the oldest to the newest. */
  readonly memories: readonly { readonly frameIndex: number; readonly code: number }[]
  /** Conditioning frames, then the nearest others first. `distance` in frames. */
  readonly pointers: readonly { readonly frameIndex: number; readonly distance: number }[]
}

/**
 * `step` is the direction of the walk: with -1 the order of time is mirrored. `conditioning`: frames with key masks,
 * kept for ever; `others`: frames that the walk has found. A code is an index into the temporal codes: the last one is
 * the conditioning frames', code k that of the frame k + 1 steps ago.
 */
export function recalled(
  rules: BankRules,
  frameIndex: number,
  step: 1 | -1,
  conditioning: readonly number[],
  others: ReadonlySet<number>,
): Recalled {
  const nearest = nearestConditioning(frameIndex, conditioning, rules.mostConditioning)
  // A key mask that was not chosen is remembered like any other frame.
  const known = (frame: number) =>
    others.has(frame) || (conditioning.includes(frame) && !nearest.includes(frame))
  const memories = nearest.map((frame) => ({ frameIndex: frame, code: rules.memoryFrames - 1 }))
  for (let ago = rules.memoryFrames - 1; ago >= 1; ago--) {
    const frame = frameIndex - step * ago
    if (known(frame)) memories.push({ frameIndex: frame, code: ago - 1 })
  }
  // Pointers of key masks that the walk has not come to yet say where the object will be: SAM 2 leaves them out.
  const pointers = nearest
    .filter((frame) => (frameIndex - frame) * step >= 0)
    .map((frame) => ({ frameIndex: frame, distance: Math.abs(frameIndex - frame) }))
  for (let ago = 1; ago < rules.mostPointers && pointers.length < rules.mostPointers; ago++) {
    const frame = frameIndex - step * ago
    if (known(frame)) pointers.push({ frameIndex: frame, distance: ago })
  }
  return { memories, pointers }
}

/** The nearest before, the nearest at or after, then by distance (the earlier of equals), ascending. */
export function nearestConditioning(
  frameIndex: number,
  conditioning: readonly number[],
  most: number,
): readonly number[] {
  if (conditioning.length <= most) return conditioning
  const before = conditioning.filter((frame) => frame < frameIndex).at(-1)
  const after = conditioning.find((frame) => frame >= frameIndex)
  const chosen = [before, after].filter((frame) => frame !== undefined)
  const rest = conditioning
    .filter((frame) => !chosen.includes(frame))
    .toSorted((a, b) => Math.abs(a - frameIndex) - Math.abs(b - frameIndex) || a - b)
  return [...chosen, ...rest].slice(0, most).toSorted((a, b) => a - b)
}
