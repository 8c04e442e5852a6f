/** What `propagate` is asked and what it says: see README.md. */
import type { OpenPack } from '../../../models/open-pack.ts'
import type { Rle } from '../../core/mask/rle.ts'
import type { ObjectId } from '../../core/records.ts'
import type { FrameSource } from '../media/frame-source.ts'
import type { MaskEvidence } from './doubt/mask-evidence.ts'
import type { FlowPlace } from './frames/flow-cache.ts'
import type { RefineNetwork } from './refine/refine-network.ts'

/** A mask that is the user's truth. */
export interface KeyMask {
  readonly frameIndex: number
  /** Full size; empty where `outside`. */
  readonly rle: Rle
  /** Not in view from here to the next key mask. */
  readonly outside: boolean
  /** Full size: the only pixels that teach, where the rest of the mask was computed. Absent: every pixel does. */
  readonly marked?: Rle
}

export interface PropagationObject {
  readonly id: ObjectId
  /** For sentences. */
  readonly name: string
  readonly stuff: boolean
  /** Larger is nearer: it wins where two objects are equally likely. */
  readonly order: number
  /** Nothing is made for it, but its key masks keep their pixels. */
  readonly locked?: boolean
  /** All key masks of the object, ascending by frame. */
  readonly keys: readonly KeyMask[]
}

/** Which parts of the engine take part: `bench/ablation.ts` measures what each is worth. */
export interface PropagationMethod {
  /**
   * How a mask gets to the next frame: as it is, moved by flow, or moved by flow and corrected by the network alone or by
   * the forest (and the network after it, where there is one).
   */
  readonly step: 'copy' | 'flow' | 'network' | 'forest'
  /** Outlines are decided at full size by a second forest (not without the first). */
  readonly band: boolean
  /** The forest is taught by errors that grew over up to 40 frames instead of 14. */
  readonly longCycles: boolean
  /** The forest learns from its own masks of neighbouring frames, too, where it is sure of them. */
  readonly selfTraining: boolean
  /** The forest learns from objects of generated scenes, too. */
  readonly prior: boolean
}

/** What a run uses that does not say otherwise. */
export const wholeMethod: PropagationMethod = {
  step: 'forest',
  band: true,
  longCycles: true,
  selfTraining: false,
  prior: false,
}

export type Direction = 'forward' | 'backward' | 'both'

export interface PropagationRequest {
  readonly source: FrameSource
  readonly objects: readonly PropagationObject[]
  /** Frames to fill, both inclusive. Key masks outside the range are used too. */
  readonly firstFrame: number
  readonly lastFrame: number
  /** 'forward' uses only key masks before a frame, 'backward' only those after it. */
  readonly direction: Direction
  /** Work starts with the gap between key masks that lies here and goes outward. */
  readonly playheadFrame: number
  readonly seed: number
  readonly threadCount: number
  /** Long side of the size at which frames are compared; larger is slower and finer. */
  readonly workingLongSide?: number
  /** Neither notices that an object disappears nor looks for it: what came before, to be measured beside it. */
  readonly followOnly?: boolean
  /**
   * Between keyframes that are labelled all over, pixels that are nobody's by better than even odds go to their best
   * claimant. Absent: they do; measurements leave it out.
   */
  readonly fillsUnlabelled?: boolean
  /** Absent: `wholeMethod`. */
  readonly method?: PropagationMethod
  /** A network that corrects every step after the forest. Absent: none. */
  readonly refineNetwork?: RefineNetwork
  /** A video network that finds the objects on every frame instead of flow and forest. Absent: those. */
  readonly videoNetwork?: OpenPack
  /** The cursor of the last committed frame, to go on after an interruption. */
  readonly resume?: unknown
  /** For soft masks of a first pass until the second meets them. Emptied as work gets done. */
  readonly spillFolder: string
  /** Where flow of this source is kept from run to run; absent: nowhere. */
  readonly flowPlace?: FlowPlace
  /** Frames of an object that must not be made (confirmed masks and the like). */
  isTaken(objectId: ObjectId, frameIndex: number): boolean
  /** For measurements: what each mask was judged by. */
  observe?(objectId: ObjectId, frameIndex: number, evidence: MaskEvidence): void
}

export interface PropagatedMask {
  readonly objectId: ObjectId
  /** Full size; empty where the object was lost. */
  readonly rle: Rle
  /** Expected IoU, 0 to 1. */
  readonly confidence: number
  /** Why it is doubtful, in words, or null. */
  readonly doubt: string | null
  /** The key masks it was made from. */
  readonly leftKeyFrame: number | null
  readonly rightKeyFrame: number | null
  /** Found again after it was hidden or after a cut, here or on the way here: for a person to accept. */
  readonly proposed: boolean
  /** In view no more, as far as the engine can tell; `rle` is empty. */
  readonly hidden: boolean
  /** Full size: what each side alone says, where they disagree enough for a person to choose; else null. */
  readonly sides: { readonly left: Rle; readonly right: Rle } | null
}

/** Masks of one frame. A frame may come twice: from one side first, then from both; the later one replaces the earlier. */
export interface PropagatedFrame {
  readonly type: 'frame'
  readonly frameIndex: number
  /** Time since the frame before, milliseconds. */
  readonly ms: number
  readonly masks: readonly PropagatedMask[]
  /** First frames of new shots that were met so far, in no order. */
  readonly cuts: readonly number[]
  /** JSON; give it back as `resume`. */
  readonly cursor: unknown
}

/** Something worth knowing. */
export interface PropagationNote {
  readonly type: 'note'
  readonly objectId: ObjectId | null
  readonly frameIndex: number | null
  readonly sentence: string
}
