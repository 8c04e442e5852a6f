/** What every network that follows objects through a video offers, whatever its contract. */
import type { Rle } from '../main/core/mask/rle.ts'
import type { Picture } from './preprocess.ts'
import type { NamedTensors } from './tensor.ts'

export interface FilmObject {
  readonly stuff: boolean
  /** Masks to start from, ascending by frame, none of them empty. */
  readonly keys: readonly { readonly frameIndex: number; readonly rle: Rle }[]
}

/** The video and what is known of its objects. Objects are named by their place in the list. */
export interface Film {
  readonly frameCount: number
  readonly objects: readonly FilmObject[]
  picture(frameIndex: number, signal: AbortSignal): Promise<Picture>
}

export interface Tracked {
  readonly object: number
  /** At the size that the tracker was made with: 0 to 1, row by row. */
  readonly mask: Float32Array
  /** The network's own guess of the IoU, 0 to 1. */
  readonly confidence: number
  /** False where the network says that it is hidden or out of view. */
  readonly inView: boolean
}

export interface WalkOptions {
  /** -1: against time. */
  readonly step: 1 | -1
  /** 'behind': only key masks that the walk has come past may be known. */
  readonly knows: 'behind' | 'all'
  readonly shelf: Shelf
}

/** Objects that begin on a frame, by their key masks there, and objects that are to be found there. */
export interface Asked {
  readonly begin: readonly number[]
  readonly find: readonly number[]
}

/** Goes through the video frame by frame, in one direction, and remembers what it has found. */
export interface VideoWalk {
  visit(frameIndex: number, asked: Asked, signal: AbortSignal): Promise<readonly Tracked[]>
  /** Takes up what the shelf has of a walk that came as far as `frameIndex`. False: not enough of it is there. */
  takeUp(frameIndex: number, objects: readonly number[]): Promise<boolean>
}

export interface VideoTracker {
  walk(options: WalkOptions): VideoWalk
}

/** Where a walk's memories are kept, so that an interrupted run goes on with the very same ones. */
export interface Shelf {
  save(name: string, tensors: NamedTensors): Promise<void>
  /** Null: it is not there, or not whole. */
  load(name: string): Promise<NamedTensors | null>
}

export const noShelf: Shelf = { save: async () => {}, load: async () => null }
