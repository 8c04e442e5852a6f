/**
 * The table of presentation times of one media: ascending whole microseconds, one a frame, as the file has them (they may start
 * below or above zero). A frame is its position in it. Nothing computes time x fps.
 */

/** Position of the frame that is on screen at a time: the last one that starts at or before it, else the first. -1: no frames. */
export function frameAtTime(timesUs: Float64Array, timeUs: number): number {
  let [low, high] = [0, timesUs.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((timesUs[middle] as number) <= timeUs) low = middle + 1
    else high = middle
  }
  return timesUs.length === 0 ? -1 : Math.max(0, low - 1)
}

/** Position of the frame with this very time, give or take a microsecond of rounding; -1 when there is none. */
export function frameWithTime(timesUs: Float64Array, timeUs: number): number {
  const index = frameAtTime(timesUs, timeUs + 1)
  return index >= 0 && Math.abs((timesUs[index] as number) - timeUs) <= 1 ? index : -1
}

/** Time since the first frame, in microseconds: what is shown to the user. Frames outside the table count as its ends. */
export function shownTimeUs(timesUs: Float64Array, frameIndex: number): number {
  if (timesUs.length === 0) return 0
  const index = Math.min(timesUs.length - 1, Math.max(0, frameIndex))
  return (timesUs[index] as number) - (timesUs[0] as number)
}

/** How long a frame stays, in microseconds. The last one stays as long as the median of the others; a lone one 40 ms. */
export function frameDurationUs(timesUs: Float64Array, frameIndex: number): number {
  if (frameIndex >= 0 && frameIndex + 1 < timesUs.length) {
    return (timesUs[frameIndex + 1] as number) - (timesUs[frameIndex] as number)
  }
  return medianGapUs(timesUs)
}

/** From the start of the first frame to the end of the last, in microseconds. */
export function tableDurationUs(timesUs: Float64Array): number {
  if (timesUs.length === 0) return 0
  return shownTimeUs(timesUs, timesUs.length - 1) + medianGapUs(timesUs)
}

/** Median time between neighbours, in microseconds; 40,000 for fewer than two frames. */
export function medianGapUs(timesUs: Float64Array): number {
  if (timesUs.length < 2) return 40_000
  const gaps = new Float64Array(timesUs.length - 1)
  for (let i = 0; i < gaps.length; i++) gaps[i] = (timesUs[i + 1] as number) - (timesUs[i] as number)
  gaps.sort()
  return gaps[gaps.length >>> 1] as number
}

/** Sorted ascending, without repeats: frames that share a time cannot be told apart, and a player shows one of them. */
export function ascendingTimes(timesUs: ArrayLike<number>): Float64Array<ArrayBuffer> {
  const sorted = Float64Array.from(timesUs).sort()
  let length = 0
  for (const timeUs of sorted) {
    if (length === 0 || timeUs > (sorted[length - 1] as number)) sorted[length++] = timeUs
  }
  return sorted.slice(0, length)
}

/** `m:ss.mmm` of a time in microseconds, with hours where there are any. */
export function formatTime(timeUs: number): string {
  const milliseconds = Math.floor(Math.max(0, timeUs) / 1000)
  const pad = (value: number, digits: number) => String(value).padStart(digits, '0')
  const [hours, minutes, seconds] = [
    Math.floor(milliseconds / 3_600_000),
    Math.floor(milliseconds / 60_000) % 60,
    Math.floor(milliseconds / 1000) % 60,
  ]
  const tail = `${pad(seconds, 2)}.${pad(milliseconds % 1000, 3)}`
  return hours > 0 ? `${hours}:${pad(minutes, 2)}:${tail}` : `${minutes}:${tail}`
}

/** Frames of a proxy are 40 ms apart, whatever the original's are: its times only number them. */
export const proxyFrameUs = 40_000

export function proxyTimesUs(frameCount: number): Float64Array<ArrayBuffer> {
  return Float64Array.from({ length: frameCount }, (_, index) => index * proxyFrameUs)
}
