import { UserError } from '../user-error.ts'
import type { MediaFacts } from './imported-annotations.ts'
import { counted } from './prepared-video.ts'

export interface FrameMatch {
  /** Frame index of each name; null where the media has no such frame. */
  readonly frameIndexes: readonly (number | null)[]
  /** How it was done, and what did not match. */
  readonly notes: readonly string[]
}

/**
 * Which frames of the media the dataset's frame names mean: those that an export of ours recorded, else image files of
 * the same name, else names that are frame numbers, else simply their order. Throws UserError 'frames-do-not-match' when
 * none of these can be right.
 */
export function matchedFrames(
  names: readonly string[],
  media: MediaFacts,
  recorded?: ReadonlyMap<string, number>,
): FrameMatch {
  if (recorded && names.every((name) => (recorded.get(name) ?? media.frameCount) < media.frameCount))
    return {
      frameIndexes: names.map((name) => recorded.get(name)!),
      notes: ['Frames matched by the record of the export.'],
    }
  const byName = matchByName(names, media)
  if (byName) return byName
  const numbers = names.map((name) => (/^\d{1,9}$/.test(name) ? Number(name) : -1))
  if (numbers.every((number) => number >= 0 && number < media.frameCount))
    return { frameIndexes: numbers, notes: ['Frames matched by number: the file names are frame numbers.'] }
  if (names.length > media.frameCount)
    throw new UserError(
      'frames-do-not-match',
      `The annotations have ${counted(names.length, 'frame')}, ${media.name} has ${media.frameCount}. Choose the video they were made for.`,
    )
  const note =
    names.length === media.frameCount
      ? 'Frames matched by order: the names say nothing, the counts agree.'
      : `Frames matched by order: ${counted(names.length, 'annotated frame')} taken as the first of ${media.frameCount}. Check that this is right.`
  return { frameIndexes: names.map((_, index) => index), notes: [note] }
}

function matchByName(names: readonly string[], media: MediaFacts): FrameMatch | null {
  if (!media.imageNames) return null
  const known = new Map(media.imageNames.map((name, index) => [name, index]))
  const frameIndexes = names.map((name) => known.get(name) ?? null)
  const missing = names.filter((name) => !known.has(name))
  if (missing.length === names.length) return null
  const notes = ['Frames matched by file name.']
  if (missing.length > 0)
    notes.push(
      `${counted(missing.length, 'annotated frame')} left out, as ${media.name} has no image of that name: ${listed(missing)}.`,
    )
  return { frameIndexes, notes }
}

/** 'a, b, c and 7 more'. */
export function listed(names: readonly string[], most = 5): string {
  if (names.length <= most) return names.join(', ')
  return `${names.slice(0, most).join(', ')} and ${names.length - most} more`
}
