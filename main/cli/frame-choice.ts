import type { FrameChoice } from '../core/api.ts'
import { UserError } from '../core/user-error.ts'

/** `all`, `keyframes`, `confirmed`, `every:5` or `10-20` (0-based, both included). */
export function parseFrameChoice(text: string): FrameChoice {
  if (text === 'all' || text === 'keyframes' || text === 'confirmed') return { type: text }
  const every = /^every:(\d+)$/.exec(text)
  if (every && Number(every[1]) > 0) return { type: 'every', step: Number(every[1]) }
  const [firstFrame, lastFrame] = parseRange(text)
  return { type: 'range', firstFrame, lastFrame }
}

/** `10-20`: the frames 10 to 20, 0-based, both included. */
export function parseRange(text: string): readonly [firstFrame: number, lastFrame: number] {
  const range = /^(\d+)-(\d+)$/.exec(text)
  const [first, last] = [Number(range?.[1]), Number(range?.[2])]
  if (!range || first > last)
    throw new UserError(
      'bad-frames',
      `“${text}” names no frames. Write all, keyframes, confirmed, every:5 or a range such as 10-20.`,
    )
  return [first, last]
}
