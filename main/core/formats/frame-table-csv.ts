import { isKey } from '../records.ts'
import type { DatasetVideo } from './dataset.ts'

/**
 * The table of presentation times as CSV, a line a frame, and what is labelled there: `objects` is how many have pixels,
 * `keyframes` how many masks a person set or confirmed.
 */
export function* frameTableCsv(video: DatasetVideo): Generator<string> {
  yield 'frame,time_us,time_seconds,objects,keyframes\n'
  for (const [frame, timeUs] of video.timesUs.entries()) {
    const masks = video.masksAt(frame)
    const objects = masks.filter(({ area }) => area > 0).length
    const keyframes = masks.filter(isKey).length
    yield `${frame},${timeUs},${(timeUs / 1e6).toFixed(6)},${objects},${keyframes}\n`
  }
}
