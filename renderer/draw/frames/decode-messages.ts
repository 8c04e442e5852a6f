/** What the page and its decode worker say to each other. One job at a time: a new one takes the place of the last. */

export interface OpenVideo {
  readonly kind: 'video'
  /** Answers ranges. */
  readonly url: string
  /** Position among the file's video tracks. */
  readonly trackIndex: number
  /** The media's table of presentation times, microseconds, ascending. */
  readonly timesUs: Float64Array
  /** Whether this is a proxy: its frames are numbered by times of their own, whatever the table says. */
  readonly isProxy: boolean
  /** Size of the pictures where the file has a column or row too many; null: as decoded. */
  readonly crop: { readonly width: number; readonly height: number } | null
}

export interface OpenStills {
  readonly kind: 'stills'
  /** A frame's index is put behind it. */
  readonly url: string
}

export type ToWorker =
  | { readonly type: 'open'; readonly source: OpenVideo | OpenStills }
  /** The table has grown. */
  | { readonly type: 'times'; readonly timesUs: Float64Array }
  | { readonly type: 'decode'; readonly job: DecodeJob }
  | { readonly type: 'stop' }

/** Frames from `first` to `last` are wanted, in that order; pictures on the way that come for nothing may be sent too. */
export interface DecodeJob {
  readonly jobId: number
  readonly first: number
  readonly last: number
}

export type FromWorker =
  /** Null: this source can be decoded here; else the sentence why not. */
  | { readonly type: 'opened'; readonly problem: string | null }
  | { readonly type: 'picture'; readonly frameIndex: number; readonly image: ImageBitmap }
  /** All of the job's frames have been sent, or were lost (then the sentence). Not said of a job that was replaced. */
  | { readonly type: 'done'; readonly jobId: number; readonly problem: string | null }
