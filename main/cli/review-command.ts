import type { Command } from 'commander'
import type { Snapshot } from '../core/api.ts'
import { isKey, type MaskRecord, type MediaRecord, type ObjectRecord } from '../core/records.ts'
import { doubtfulBelow } from '../core/track/doubt.ts'
import { type DoubtSpan, doubtSpans, doubtWords } from '../core/track/doubt-spans.ts'
import { UserError } from '../core/user-error.ts'
import { counted, type Output, textTable } from './output.ts'
import {
  chosenMedia,
  chosenObjects,
  type OpenProject,
  objectsOf,
  tracksIn,
  withProject,
} from './with-project.ts'

interface Options {
  readonly media?: string
  readonly object?: readonly string[]
  readonly under?: string
}

export function addReviewCommand(program: Command, output: () => Output): void {
  program
    .command('review')
    .description('where a person should look, worst first, and why: the queue of the window')
    .argument('<project>', 'folder of the project')
    .option('--media <name>', 'which video, where there are several')
    .option('--object <name...>', 'only these objects')
    .option('--under <confidence>', 'doubtful below this, 0 to 1; without it as chosen in the window')
    .action(async (project: string, options: Options) => {
      await withProject(project, true, async (open) => {
        const now = await open.snapshot()
        const media = chosenMedia(now, options.media)
        const objects = chosenObjects(now, media, options.object) ?? nearestFirst(now, media)
        const threshold = await thresholdOf(open, options.under)
        const tracks = tracksIn(now)
        const queue = doubtSpans(objects, ({ id }) => tracks(id), threshold)
        output().result(queue.length === 0 ? emptyText(now, objects) : queueText(queue), {
          threshold,
          places: queue.map(placeValue),
        })
      })
    })
}

/** As the window lists them, so that places that are as bad as each other come in its order. */
function nearestFirst(now: Snapshot, media: MediaRecord): readonly ObjectRecord[] {
  return objectsOf(now)
    .filter((object) => object.mediaId === media.id)
    .sort((a, b) => b.order - a.order)
}

async function thresholdOf({ host }: OpenProject, given: string | undefined): Promise<number> {
  if (given === undefined) {
    const kept = (await host.settings()).layout.doubtThreshold
    return typeof kept === 'number' ? kept : doubtfulBelow
  }
  const threshold = given.trim() === '' ? Number.NaN : Number(given)
  if (!(threshold >= 0 && threshold <= 1))
    throw new UserError(
      'bad-confidence',
      `--under “${given}” is no confidence. Write a number from 0 to 1, as in --under 0.75.`,
    )
  return threshold
}

function queueText(queue: readonly DoubtSpan[]): string {
  const table = textTable(
    ['Object', 'Frames', 'Look at', 'Confidence', 'What', 'Why'],
    queue.map(({ object, firstFrame, lastFrame, kind, at, reason }) => [
      object.name,
      firstFrame === lastFrame ? `${firstFrame}` : `${firstFrame} to ${lastFrame}`,
      at.frameIndex,
      at.confidence === null ? '' : `${Math.round(at.confidence * 100)}%`,
      doubtWords[kind],
      reason,
    ]),
  )
  return `${table}\n${counted(queue.length, 'place')} to look at, worst first.`
}

function placeValue({ object, firstFrame, lastFrame, kind, at, reason }: DoubtSpan) {
  return {
    objectId: object.id,
    objectName: object.name,
    kind,
    firstFrame,
    lastFrame,
    lookAt: at.frameIndex,
    confidence: at.confidence,
    reason,
  }
}

/** Nothing to look at may mean that all is well, or that there is nothing yet. */
function emptyText({ records }: Snapshot, objects: readonly ObjectRecord[]): string {
  const ids = new Set(objects.map(({ id }) => id))
  const isComputed = (record: Snapshot['records'][number]): record is MaskRecord =>
    record.kind === 'mask' && ids.has(record.objectId) && !isKey(record)
  return records.some(isComputed)
    ? 'Nothing doubtful. Every mask is yours, accepted, or likely to be right.'
    : 'Nothing is propagated yet: run "inbetween propagate PROJECT", then ask again.'
}
