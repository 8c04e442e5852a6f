import type { DecodeJob } from './decode-messages.ts'
import type { DecodeSource, TakePicture } from './decode-source.ts'

/** Frames as pictures by URL, made exact by the host: for folders of images, and for videos until they have a proxy. */
export class StillFrames implements DecodeSource {
  readonly #url: string
  readonly #take: TakePicture
  #fetching: AbortController | null = null

  constructor(url: string, take: TakePicture) {
    this.#url = url
    this.#take = take
  }

  async decode({ first, last }: DecodeJob, isCurrent: () => boolean): Promise<void> {
    for (let frameIndex = first; frameIndex <= last && isCurrent(); frameIndex++) {
      this.#fetching = new AbortController()
      const image = await this.#fetchPicture(frameIndex, this.#fetching.signal).catch((error: unknown) => {
        if (isCurrent()) throw error
        return null
      })
      if (image) this.#take(frameIndex, image)
    }
  }

  takeTimes(): void {}

  dropJob(): void {
    this.#fetching?.abort()
  }

  close(): void {
    this.dropJob()
  }

  async #fetchPicture(frameIndex: number, signal: AbortSignal): Promise<ImageBitmap> {
    const response = await fetch(`${this.#url}${frameIndex}`, { signal })
    if (!response.ok) {
      throw new Error(
        `Frame ${frameIndex} could not be fetched (${response.status}): ${await response.text()}`,
      )
    }
    return createImageBitmap(await response.blob())
  }
}
