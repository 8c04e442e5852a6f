import type { DecodeJob } from './decode-messages.ts'

/** Takes a decoded picture; from then on the taker closes it. */
export type TakePicture = (frameIndex: number, image: ImageBitmap) => void

/** Something that decodes frames by their position in the table. */
export interface DecodeSource {
  /** Sends the job's frames; returns early, without an error, as soon as `isCurrent` says no. Throws when one is lost. */
  decode(job: DecodeJob, isCurrent: () => boolean): Promise<void>
  takeTimes(timesUs: Float64Array): void
  /** A job was replaced: what it waits for is not needed any more. */
  dropJob(): void
  close(): void
}
