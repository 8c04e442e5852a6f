/** What a page may have of the project's media beside calls: bytes, by the media's id and never by a path. */
export interface MediaDoor {
  /** The file that stands for a media (the original or its proxy); null: no such media, or its file is not there. */
  mediaFile(mediaId: string): Promise<MediaFile | null>
  /** One frame as an encoded picture; null: no such media or frame. */
  stillFrame(mediaId: string, frameIndex: number): Promise<StillFrame | null>
}

export interface MediaFile {
  /** Absolute. Stays on this side: the page never sees it. */
  readonly path: string
  readonly contentType: string
}

export interface StillFrame {
  readonly bytes: Uint8Array
  readonly contentType: string
}

export const mediaDoorCalls: readonly (keyof MediaDoor)[] = ['mediaFile', 'stillFrame']
