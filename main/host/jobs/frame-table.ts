/** The job that finishes a table of presentation times which the import had only begun. */
import type { FrameTableSpec } from '../../core/api.ts'
import { emptyDiff } from '../../core/diff.ts'
import type { MediaId, MediaRecord } from '../../core/records.ts'
import { UserError } from '../../core/user-error.ts'
import type { JobBody, JobContext, JobStep } from '../job-context.ts'
import { describeSource } from './describe-video.ts'
import { recordWithTable } from './import-media.ts'
import { type TableStep, tableSteps } from './read-frame-table.ts'

/** The table is written again when it has grown by this share: often enough to work with, seldom enough to be cheap. */
const worthWriting = 0.25

export const frameTableJob: JobBody<FrameTableSpec> = async function* (
  context,
  { mediaId },
  _cursor,
  signal,
) {
  const described = await describeSource(context, mediaOf(context, mediaId), signal)
  let writtenCount = mediaOf(context, mediaId).frameCount
  for await (const table of tableSteps(described, signal)) {
    const count = table.timesUs.length
    const progress = { done: Math.round((table.progress ?? 0) * 1000), total: 1000, at: `${count} frames` }
    if (!table.done && count < writtenCount * (1 + worthWriting)) yield progress
    else {
      writtenCount = count
      yield { ...progress, ...tableStep(context, mediaId, table) }
    }
  }
  return undefined
}

function tableStep(
  context: JobContext,
  mediaId: MediaId,
  table: TableStep,
): Pick<JobStep, 'change' | 'follow'> {
  const media = mediaOf(context, mediaId)
  const to = recordWithTable(media, table)
  return {
    change: {
      label: `Read the frames of ${media.name}`,
      diff: { ...emptyDiff, updated: { [mediaId]: [media, to] } },
      frameTables: [{ mediaId, timesUs: table.timesUs }],
    },
    follow: table.done && table.needsProxy ? [{ type: 'proxy', mediaId }] : [],
  }
}

function mediaOf(context: JobContext, mediaId: MediaId): MediaRecord {
  const media = context.store.get(mediaId)
  if (!media)
    throw new UserError(
      'no-media',
      'The video was taken out of the project before all its frames had been read.',
    )
  return media
}
