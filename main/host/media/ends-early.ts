import { formatTime, shownTimeUs } from '../../core/track/frame-table.ts'

/** How ffmpeg's demuxers say that a file stops before it should. */
const cutOff =
  /partial file|file ended prematurely|truncat|packet corrupt|unexpected end|end of file|error reading|read error/i

/** The sentence for the user when a file ends early, else null. Complaints are ffmpeg's lines of stderr. */
export function endsEarlySentence(
  timesUs: Float64Array,
  headerDurationUs: number | null,
  complaints: readonly string[],
): string | null {
  if (!complaints.some((line) => cutOff.test(line))) return null
  const lastFrame = timesUs.length - 1
  const lastUs = shownTimeUs(timesUs, lastFrame)
  const whole =
    headerDurationUs !== null && headerDurationUs > lastUs
      ? `, ${formatTime(headerDurationUs)} were announced`
      : ''
  return `Readable up to frame ${lastFrame} (${formatTime(lastUs)}); the file ends early${whole}.`
}
