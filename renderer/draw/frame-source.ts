/** What the canvas asks of whoever decodes: the picture of a frame, now or when it has come. */
export interface FramePicture {
  readonly frameIndex: number
  /** Stays valid until the next call of `frame`. */
  readonly image: TexImageSource
  /** Clockwise turn that `image` still needs to look as the media record says. */
  readonly rotation: 0 | 90 | 180 | 270
}

export interface FrameSource {
  /** Null while it is not at hand: it is decoded with priority then, latest wins, and listeners are told. */
  frame(frameIndex: number): FramePicture | null
  onFrame(listener: () => void): () => void
}
