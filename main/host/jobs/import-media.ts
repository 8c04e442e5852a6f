/** The job that brings videos and folders of images into the project. It reads heads only, so that work can begin. */
import type { ImportMediaSpec, JobReport, JobSpec } from '../../core/api.ts'
import { emptyDiff } from '../../core/diff.ts'
import type { MediaId, MediaRecord } from '../../core/records.ts'
import { tableDurationUs } from '../../core/track/frame-table.ts'
import { isUserError, UserError } from '../../core/user-error.ts'
import type { JobBody, JobContext, JobStep } from '../job-context.ts'
import { pickedMedia } from './describe-media.ts'
import type { DescribedMedia } from './describe-video.ts'
import { firstTableStep, type TableStep } from './read-frame-table.ts'

/** How many of the picked paths have been dealt with. */
interface Cursor {
  readonly pathIndex: number
  readonly written: readonly string[]
  readonly dropped: readonly string[]
}

export const importMediaJob: JobBody<ImportMediaSpec> = async function* (context, spec, cursor, signal) {
  const from = cursor as Cursor | null
  const written = [...(from?.written ?? [])]
  const dropped = [...(from?.dropped ?? [])]
  const paths = spec.paths.map((path) => context.resolvePath(path))
  if (paths.length === 0)
    throw new UserError('nothing-picked', 'No file was chosen. Choose a video or a folder of images.')
  const groups = pickedMedia(paths)
  const total = groups.length
  for (let index = from?.pathIndex ?? 0; index < total; index++) {
    const group = groups[index]!
    signal.throwIfAborted()
    try {
      const described = await group.describe(signal)
      const known = knownMedia(context, described)
      if (known) dropped.push(`${group.name} is in the project already, as ${known.name}.`)
      else {
        const table = await firstTableStep(described, signal)
        written.push(group.name)
        const cursorNow: Cursor = { pathIndex: index + 1, written, dropped }
        yield {
          ...importStep(context, described, table, written.length),
          done: index + 1,
          total,
          at: group.name,
          cursor: cursorNow,
        }
        continue
      }
    } catch (error) {
      // One bad file among several must not cost the others.
      if (!isUserError(error) || total === 1) throw error
      dropped.push(error.message)
    }
    yield {
      done: index + 1,
      total,
      at: group.name,
      note: dropped.at(-1)!,
      cursor: { pathIndex: index + 1, written, dropped },
    }
  }
  const report: JobReport = { title: 'Import media', folder: null, written, converted: [], dropped }
  return {
    sentence: written.length === 0 ? (dropped[0] ?? 'Nothing was imported.') : null,
    report: dropped.length > 0 ? report : null,
  }
}

function importStep(
  context: JobContext,
  described: DescribedMedia,
  table: TableStep,
  count: number,
): Pick<JobStep, 'change' | 'follow'> {
  const id = context.newId('media') as MediaId
  const media: MediaRecord = {
    ...recordWithTable(described.record, table),
    id,
    source: relativeSource(context, described),
  }
  const follow: JobSpec[] = []
  if (!table.done) follow.push({ type: 'frame-table', mediaId: id })
  else if (table.needsProxy) follow.push({ type: 'proxy', mediaId: id })
  return {
    change: {
      label: count === 1 ? `Import ${media.name}` : `Import ${count} media`,
      diff: { ...emptyDiff, added: { [id]: media } },
      frameTables: [{ mediaId: id, timesUs: table.timesUs }],
    },
    follow,
  }
}

/** The record as the table, as far as it is known, says. */
export function recordWithTable<Media extends Omit<MediaRecord, 'id'>>(
  media: Media,
  table: TableStep,
): Media {
  return {
    ...media,
    frameCount: table.timesUs.length,
    durationUs: table.done ? tableDurationUs(table.timesUs) : media.durationUs,
    table: table.done ? 'complete' : 'partial',
    note: [media.note, table.note].filter(Boolean).join(' ') || null,
  }
}

function relativeSource(context: JobContext, { source }: DescribedMedia): MediaRecord['source'] {
  return source.type === 'video'
    ? { ...source, path: context.recordPath(source.path) }
    : { ...source, folder: context.recordPath(source.folder) }
}

function knownMedia(context: JobContext, { source }: DescribedMedia): MediaRecord | undefined {
  return [...context.store.ofKind('media')].find(
    (media) =>
      media.source.type === source.type &&
      media.source.hash === source.hash &&
      media.source.byteLength === source.byteLength,
  )
}
