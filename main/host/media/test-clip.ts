/** What a clip for tests is, and what its recipe has at hand. */

export interface TestClip {
  readonly name: string
  readonly file: string
  /** Numbers burnt in, in the order a correct player shows them. Null: only that every number is read right and they ascend. */
  readonly numbers: readonly number[] | null
  /** Size as shown. */
  readonly width: number
  readonly height: number
  readonly rotation?: 0 | 90 | 180 | 270
  readonly streamIndex?: number
  /** Presentation times expected, microseconds from the first frame on. */
  readonly shownUs?: (position: number) => number
  /** First presentation time in the file, microseconds. */
  readonly startUs?: number
  /** Whether the renderer's demuxer gives each frame the table's time, in pixels that it can show (codec aside). */
  readonly direct: boolean
  /** Encoders that ffmpeg must have; the first that it has is put in place of `ENCODER`. */
  readonly encoders: readonly string[]
  readonly make: (studio: Studio) => Promise<void>
}

/** What a recipe has at hand. */
export interface Studio {
  readonly encoder: string
  readonly target: string
  /** A file beside the target for what comes in between. */
  scratch(name: string): string
  /** Encodes numbered pictures into a file. */
  encode(pictures: Pictures, args: readonly string[], target?: string): Promise<void>
  ffmpeg(args: readonly string[]): Promise<void>
}

export interface Pictures {
  readonly count: number
  readonly first?: number
  readonly width?: number
  readonly height?: number
}
