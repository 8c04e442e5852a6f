/** Tables of presentation times of whatever has been picked: a video's are read from the file, images get one a picture. */
import { type FrameTableStep, readFrameTable } from '../media/frame-table.ts'
import { isShownByBrowsers } from '../media-status.ts'
import type { DescribedMedia } from './describe-video.ts'

export interface TableStep {
  readonly timesUs: Float64Array<ArrayBuffer>
  readonly done: boolean
  readonly progress: number | null
  /** Only when done. */
  readonly note: string | null
  /** Only when done: the view cannot show the original's frames by itself. */
  readonly needsProxy: boolean
}

/** A picture has no time of its own; 25 a second is what a folder of them is played at. */
const imageUs = 40_000

export async function* tableSteps(
  described: DescribedMedia,
  signal: AbortSignal | undefined,
): AsyncGenerator<TableStep> {
  const { source, probe } = described
  if (source.type === 'images') {
    const timesUs = Float64Array.from(source.files, (_, index) => index * imageUs)
    yield { timesUs, done: true, progress: 1, note: null, needsProxy: false }
  } else if (probe)
    for await (const step of readFrameTable(probe, source.streamIndex, signal))
      yield tableStep(step, described.record.codec)
}

/** The beginning of the table, all of it where that is quick: enough to open the media. */
export async function firstTableStep(
  described: DescribedMedia,
  signal: AbortSignal | undefined,
): Promise<TableStep> {
  for await (const step of tableSteps(described, signal)) return step
  throw new Error('A table of presentation times has at least one step')
}

export async function wholeTable(
  described: DescribedMedia,
  signal?: AbortSignal,
): Promise<Float64Array<ArrayBuffer>> {
  let timesUs = new Float64Array(0)
  for await (const step of tableSteps(described, signal)) timesUs = step.timesUs
  return timesUs
}

function tableStep(
  { timesUs, done, progress, note, rendererMatches }: FrameTableStep,
  codec: string,
): TableStep {
  return { timesUs, done, progress, note, needsProxy: done && !(rendererMatches && isShownByBrowsers(codec)) }
}
