/**
 * Runs the sweeps of one round side by side: the two gaps around a corrected frame take turns, so that the frames next to
 * it are renewed first. Turns get longer, because changing sides costs a video decoder a seek.
 */
import type { PropagatedFrame, PropagationNote } from '../request.ts'
import type { StretchSweep, SweepPlace, SweptFrame } from './stretch-sweep.ts'

const firstTurn = 8

/** Where a round goes on after an interruption. JSON. */
export interface RoundPlace {
  readonly phase: number
  /** Whose turn it is, how many frames of it are done, and how many it has. */
  readonly turn: number
  readonly done: number
  readonly length: number
  /** The frame that each sweep committed last. */
  readonly places: readonly (SweepPlace | null)[]
}

export async function* sweepOutward(
  sweeps: readonly StretchSweep[],
  resume: RoundPlace | null,
): AsyncGenerator<
  (Omit<PropagatedFrame, 'cursor' | 'cuts'> & { readonly place: RoundPlace }) | PropagationNote
> {
  const known = resume?.places.every((place, i) => place === null || sweeps[i]?.knows(place))
  // Where the soft masks of a committed frame are gone, the round begins anew.
  const from = resume && known ? resume : null
  const places: (SweepPlace | null)[] = sweeps.map((_, i) => from?.places[i] ?? null)
  for (let phase = from?.phase ?? 0; phase < 3; phase++) {
    const rows = sweeps.map((sweep, i) => {
      const name = sweep.phases[phase]!
      const place = places[i]
      return { name, frames: sweep.run(name, place?.phase === name ? place.frameIndex : null), open: true }
    })
    const begun = from?.phase === phase ? from : { turn: 0, done: 0, length: firstTurn }
    let { turn, done, length } = begun
    const nextTurn = () => {
      turn = (turn + 1) % rows.length
      done = 0
      if (turn === 0) length *= 2
    }
    try {
      while (rows.some((row) => row.open)) {
        const row = rows[turn]!
        const startedAt = performance.now()
        const { value } = row.open ? await row.frames.next() : { value: undefined }
        if (!value) {
          row.open = false
          nextTurn()
        } else if (value.type === 'note') yield value
        else {
          places[turn] = { phase: row.name, frameIndex: value.frameIndex }
          if (++done === length) nextTurn()
          const place = { phase, turn, done, length, places: [...places] }
          yield { ...(value as SweptFrame), ms: performance.now() - startedAt, place }
        }
      }
    } finally {
      for (const row of rows) await row.frames.return(undefined)
    }
  }
}
