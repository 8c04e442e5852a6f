/** What every network that finds one object on one frame offers, whatever its contract. */
import type { FloatBox } from '../main/core/geometry/box.ts'
import type { Rle } from '../main/core/mask/rle.ts'
import type { PlacedPoint } from './placement.ts'
import type { Picture } from './preprocess.ts'

/** `name` tells it from every other one, as long as it is in memory. */
export interface NamedPicture extends Picture {
  readonly name: string
}

export interface MarkedPoint extends PlacedPoint {
  readonly inside: boolean
}

/** In pixels of the picture; pixel 0 goes from 0 to 1. */
export interface ImagePrompt {
  /** In the order made. */
  readonly points: readonly MarkedPoint[]
  readonly box: FloatBox | null
  /** The mask to correct. */
  readonly mask: Rle | null
  /** What the network left of the mask that these marks correct; it goes before `mask`. */
  readonly before: Leftover | null
}

/** Logits on the grid on which the network takes a mask. */
export type Leftover = Float32Array

export interface FoundMask {
  /** At the picture's size. */
  readonly mask: Rle
  /** Predicted by the network, or how steady the mask is: 0 to 1. */
  readonly confidence: number
  /** Null where the network takes no mask. */
  readonly left: Leftover | null
}

export interface ImageSegmenter {
  /** Points that one prompt can hold, a box counted off; null: any number. */
  readonly mostPoints: number | null
  /** Whether it corrects masks: else each prompt stands alone. */
  readonly takesMask: boolean
  segment(picture: NamedPicture, prompt: ImagePrompt, signal?: AbortSignal): Promise<FoundMask>
  /** Lets go of pictures whose name begins so. */
  forget(prefix: string): void
}
