/** Pure: which object has which identity in which group. A plane is a channel of the one-hot masks and of the logits. */
import { UserError } from '../../main/core/user-error.ts'
import { declaredInput, type OpenPack } from '../open-pack.ts'

export interface IdLayout {
  readonly planeCount: number
  /** Planes that objects may have; plane 0 is the ground, what belongs to no object. */
  readonly things: readonly number[]
  /** Null: one bank, stuff has its identities among the things. */
  readonly stuff: readonly number[] | null
}

export interface IdGroup {
  /** Object by plane. */
  readonly objects: ReadonlyMap<number, number>
}

/**
 * AOT and DeAOT have one bank: the ground and ten objects. PAOT has two, stuff before things, and no ground of its own: the
 * first identity of stuff is given to it. Throws UserError 'bad-pack' where the graph says neither.
 */
export function idLayout(pack: OpenPack): IdLayout {
  const planes = (...names: readonly string[]) => {
    const count = declaredInput(pack, 'id-bank', ...names)?.shape[1]
    return typeof count === 'number' && count > 1 ? count : null
  }
  const from = (first: number, end: number) => Array.from({ length: end - first }, (_, i) => first + i)
  const one = planes('one_hot')
  if (one) return { planeCount: one, things: from(1, one), stuff: null }
  const stuff = planes('one_hot_stuff')
  const things = planes('one_hot_thing')
  if (stuff && things)
    return { planeCount: stuff + things, things: from(stuff, stuff + things), stuff: from(1, stuff) }
  throw new UserError(
    'bad-pack',
    `The graph id-bank of “${pack.manifest.name}” does not say how many identities it has: its input “one_hot”, or “one_hot_stuff” and “one_hot_thing”, needs a fixed number of channels. Correct the manifest, or take the export that it was written for.`,
  )
}

/** Objects in their order; a new group where a bank is full. */
export function idGroups(
  objects: readonly { readonly stuff: boolean }[],
  layout: IdLayout,
): readonly IdGroup[] {
  const groups: Map<number, number>[] = []
  const counts = { things: 0, stuff: 0 }
  for (const [object, { stuff }] of objects.entries()) {
    const kind = stuff && layout.stuff ? 'stuff' : 'things'
    const bank = layout[kind]!
    const number = counts[kind]++
    const group = Math.floor(number / bank.length)
    groups[group] ??= new Map()
    groups[group].set(bank[number % bank.length]!, object)
  }
  return groups.map((objects) => ({ objects }))
}
