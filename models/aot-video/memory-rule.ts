/** Pure: which frames are remembered for long, and which key masks a walk has to look at. Frames by number only. */

export interface LongTermRules {
  /** Frames from one memory to the next. */
  readonly gap: number
  /** Memories that are held at once. */
  readonly most: number
  /** Of them, frames with key masks; more where each shows an object that no later one shows. */
  readonly mostReferences: number
}

export interface LongTerm {
  readonly frameIndex: number
  /** Objects whose key masks were there; empty: the network found everything itself. */
  readonly keyed: readonly number[]
}

/** Whether a frame that was found is remembered for long. */
export function isRemembered(frameIndex: number, lastRemembered: number, gap: number): boolean {
  return Math.abs(frameIndex - lastRemembered) >= gap
}

/**
 * What stays, in the same order, which is that of their making. The newest reference of every object stays whatever
 * happens: without it nothing tells the object. Of frames that were found the newest stay.
 */
export function keptLongTerm<T extends LongTerm>(entries: readonly T[], rules: LongTermRules): readonly T[] {
  const isReference = ({ keyed }: T) => keyed.length > 0
  const references = entries.filter(isReference)
  const shownLater = new Set<number>()
  const kept = new Set<T>()
  for (const [ago, entry] of references.toReversed().entries()) {
    if (ago < rules.mostReferences || entry.keyed.some((object) => !shownLater.has(object))) kept.add(entry)
    for (const object of entry.keyed) shownLater.add(object)
  }
  const found = entries.filter((entry) => !isReference(entry))
  const room = Math.max(0, rules.most - kept.size)
  for (const entry of found.slice(Math.max(0, found.length - room))) kept.add(entry)
  return entries.filter((entry) => kept.has(entry))
}

/**
 * Key masks of an object that a walk has come past on its way to `frameIndex`, in the walk's order, without those it has
 * looked at already. Of one that the walk does not know yet only the nearest: behind, or ahead where it may look there.
 */
export function keysPassed(
  keys: readonly number[],
  frameIndex: number,
  step: 1 | -1,
  lastKey: number | null,
  mayLookAhead: boolean,
): readonly number[] {
  const ordered = step === 1 ? keys : keys.toReversed()
  const behind = ordered.filter((key) => (frameIndex - key) * step > 0)
  if (lastKey !== null) return behind.filter((key) => (key - lastKey) * step > 0)
  const nearest = behind.at(-1) ?? (mayLookAhead ? ordered[behind.length] : undefined)
  return nearest === undefined ? [] : [nearest]
}

/** Frames before `frameIndex` on which all these objects have key masks, the nearest `most`, in the walk's order. */
export function sharedKeys(
  keysOf: readonly (readonly number[])[],
  frameIndex: number,
  step: 1 | -1,
  most: number,
): readonly number[] {
  const [first = [], ...rest] = keysOf
  const shared = first.filter(
    (key) => (frameIndex - key) * step > 0 && rest.every((keys) => keys.includes(key)),
  )
  const ordered = step === 1 ? shared : shared.toReversed()
  return ordered.slice(Math.max(0, ordered.length - most))
}
