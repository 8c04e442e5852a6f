/** Pictures of one media by frame index, at one size. The one shape that jobs, exports and stills read pixels through. */
export interface FrameSource {
  readonly width: number
  readonly height: number
  readonly frameCount: number
  /**
   * RGB, 8 bits a sample, row by row, width x height x 3 bytes, of exactly that frame. The bytes may be handed out again: read
   * them, do not write into them. Reads are answered one after another; forward and backward runs are cheap, jumps cost a seek.
   * Throws a UserError that names the frame when it cannot be decoded, or the signal's reason.
   */
  read(frameIndex: number, signal?: AbortSignal): Promise<Uint8Array>
  /** Frees the decoder. Reads under way reject. */
  close(): Promise<void>
}
