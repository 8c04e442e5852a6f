/** Where propagation gets its pictures from: a decoded video, an image folder, or a scene made up by a test. */
export interface FrameSource {
  /** Full size of the video; masks have this size too. */
  readonly width: number
  readonly height: number
  readonly frameCount: number
  /**
   * RGB24 of one frame, width x height x 3 bytes, row by row. Reads run in either direction, mostly one by one. The
   * bytes belong to the caller.
   */
  read(frameIndex: number, signal?: AbortSignal): Promise<Uint8Array>
  close(): Promise<void>
}
