/** Follows objects by SAM 2's four graphs. The memory is ours: README.md says what is remembered, and why. */
import { bestMask, stability } from '../best-mask.ts'
import { highResOffers } from '../high-res-offers.ts'
import {
  declaredInput,
  floatTensor,
  floatValues,
  found,
  hasGraph,
  joined,
  needed,
  type OpenPack,
  preprocessingOf,
  runBound,
  stateOf,
} from '../open-pack.ts'
import { type Placement, placementOf, type Size } from '../placement.ts'
import { noPrompt, type PointPrompt, promptOfMask } from '../point-prompt.ts'
import { imageTensor, logitsInPicture, maskInInput, probabilities } from '../preprocess.ts'
import type { NamedTensors, Tensor } from '../tensor.ts'
import type { Film, Tracked, VideoTracker, VideoWalk, WalkOptions } from '../video-tracker.ts'
import { maskForMemory, sureMask } from './mask-prompt.ts'
import type { BankRules } from './memory-bank.ts'
import {
  type AgedMemory,
  distanceWaves,
  filledUp,
  type Memory,
  memoryPositions,
  pointerPositions,
} from './memory-inputs.ts'
import { Sam2Walk } from './sam2-walk.ts'

/** What the image encoder says of one frame, for every object of it. */
export interface FrameFeatures {
  readonly frameIndex: number
  readonly placement: Placement
  readonly tensors: NamedTensors
}

export interface Remembered extends Memory {
  /** [1, length] */
  readonly pointer: Tensor
}

/** Small enough to hold, large enough that neighbouring frames and a key frame of several objects are encoded once. */
const featureLimit = 2

export class Sam2Video implements VideoTracker {
  readonly film: Film
  readonly rules: BankRules
  readonly #pack: OpenPack
  readonly #out: Size
  readonly #features: FrameFeatures[] = []
  #codes: Tensor | null = null
  #position: Tensor | null = null

  /** `out`: size of the masks that come out, on the whole picture. */
  constructor(pack: OpenPack, film: Film, out: Size) {
    this.film = film
    this.#pack = pack
    this.#out = out
    const memoryFrames = stateOf(pack, 'memory_frames', 7)
    const room = (fixedLength(pack, 'memory_1') ?? Number.POSITIVE_INFINITY) - (memoryFrames - 1)
    this.rules = {
      memoryFrames,
      mostPointers: fixedLength(pack, 'memory_0') ?? stateOf(pack, 'max_pointers', 16),
      mostConditioning: Math.max(1, Math.min(stateOf(pack, 'max_cond_frames', 4), room)),
    }
  }

  walk(options: WalkOptions): VideoWalk {
    return new Sam2Walk(this, options)
  }

  async features(frameIndex: number, signal: AbortSignal): Promise<FrameFeatures> {
    const kept = this.#features.find((each) => each.frameIndex === frameIndex)
    if (kept) return kept
    const picture = await this.film.picture(frameIndex, signal)
    const how = preprocessingOf(this.#pack)
    const placement = placementOf(how, picture)
    const image = imageTensor(picture, placement, how)
    const tensors = await runBound(this.#pack, 'encoder', { 'image|input_image': image }, signal)
    const features = { frameIndex, placement, tensors }
    this.#features.unshift(features)
    this.#features.length = Math.min(featureLimit, this.#features.length)
    return features
  }

  /** What a key mask leaves: the mask itself, as sure as can be, and the pointer that the decoder makes of it. */
  async conditioned(object: number, features: FrameFeatures, signal: AbortSignal): Promise<Remembered> {
    const key = this.film.objects[object]!.keys.find((each) => each.frameIndex === features.frameIndex)!
    const { input } = features.placement
    const coverage = maskInInput(key.rle, features.placement, input)
    const takesMask = declaredInput(this.#pack, 'decoder', 'mask_input') !== null
    const prompt = takesMask ? noPrompt : promptOfMask(coverage, input, [1, 1])
    const outputs = await this.#decoded(features, prompt, this.#bare(features, takesMask), signal, key.rle)
    const memory = await this.#encoded(features, sureMask(coverage, input), signal)
    return { ...memory, pointer: this.#pointer(outputs) }
  }

  /** Finds an object on a frame by what is remembered of it. */
  async tracked(
    object: number,
    features: FrameFeatures,
    memories: readonly AgedMemory[],
    pointers: readonly { readonly pointer: Tensor; readonly distance: number }[],
    signal: AbortSignal,
  ): Promise<{ readonly tracked: Tracked; readonly remembered: Remembered }> {
    const embedding = await this.#attended(features, memories, pointers, signal)
    const outputs = await this.#decoded(features, noPrompt, embedding, signal)
    const best = bestMask(this.#pack, 'decoder', outputs, 'pred_mask', 'masks', 'low_res_masks')
    const { placement } = features
    const isDrawn = best.size.width === this.#out.width && best.size.height === this.#out.height
    const logits = isDrawn ? best.logits : logitsInPicture(best.logits, best.size, placement, this.#out)
    const score = found(outputs, 'object_score_logits', 'object_score')
    const tracked: Tracked = {
      object,
      mask: probabilities(logits),
      confidence: best.iou ?? stability(logits),
      inView: score ? floatValues(score)[0]! > 0 : logits.some((logit) => logit > 0),
    }
    const given = found(outputs, 'mask_for_mem')
    const mask = given ?? this.#maskForMemory(best.logits, best.size, placement)
    const memory = await this.#encoded(features, mask, signal)
    return { tracked, remembered: { ...memory, pointer: this.#pointer(outputs) } }
  }

  #maskForMemory(logits: Float32Array, size: Size, { input }: Placement): Tensor {
    // The decoder's grid spans the input; the input as its own picture is drawn over by it.
    const whole = { picture: input, input, scaleX: 1, scaleY: 1, left: 0, top: 0 }
    const drawn = logitsInPicture(logits, size, whole, input)
    return maskForMemory(
      drawn,
      input,
      stateOf(this.#pack, 'mask_scale', 20),
      stateOf(this.#pack, 'mask_bias', -10),
    )
  }

  async #attended(
    features: FrameFeatures,
    memories: readonly AgedMemory[],
    pointers: readonly { readonly pointer: Tensor; readonly distance: number }[],
    signal: AbortSignal,
  ): Promise<Tensor> {
    const pack = this.#pack
    const used = filledUp(memories, fixedLength(pack, 'memory_1'))
    const shown = filledUp(pointers, fixedLength(pack, 'memory_0'))
    const codes = this.#codes!
    const channels = codes.dims.at(-1)!
    const pointerLength = shown[0]?.pointer.dims.at(-1) ?? channels
    const places = await this.#pointerPlaces(shown, pointerLength, signal)
    const outputs = await runBound(
      pack,
      'memory-attention',
      {
        'current_vision_feat|curr': this.#encoderOutput(features, 'vision_feats', 'vision_features'),
        'current_vision_pos_embed|curr_pos': this.#encoderOutput(
          features,
          'vision_pos_embed',
          'vision_pos_enc',
        ),
        memory_0:
          shown.length > 0
            ? joined(shown.map(({ pointer }) => pointer))
            : floatTensor([0, pointerLength], []),
        memory_1: joined(used.map((memory) => memory.features)),
        'memory_pos_embed|memory_pos': memoryPositions(
          used,
          codes,
          shown.length > 0 ? pointerPositions(shown.length, pointerLength, channels, places) : null,
        ),
      },
      signal,
    )
    return needed(pack, 'memory-attention', outputs, 'image_embed', 'pix_feat')
  }

  /** SAM 2.1 projects how long ago a pointer was; packs of 2.0 have no graph for it. */
  async #pointerPlaces(
    pointers: readonly { readonly distance: number }[],
    length: number,
    signal: AbortSignal,
  ): Promise<Tensor | null> {
    if (!hasGraph(this.#pack, 'pointer-position') || pointers.length === 0) return null
    const distances = pointers.map(({ distance }) => distance)
    // A clip shorter than that has fewer pointers, and is measured by those.
    const largest = Math.max(1, Math.min(this.film.frameCount, this.rules.mostPointers) - 1)
    const waves = distanceWaves(distances, largest, length)
    const outputs = await runBound(this.#pack, 'pointer-position', { 'x|positions': waves }, signal)
    return Object.values(outputs)[0] ?? null
  }

  /** A frame as its own: with a mask for a prompt SAM 2 looks at the bare features, with points at those "without memory". */
  #bare(features: FrameFeatures, takesMask: boolean): Tensor {
    return takesMask
      ? this.#encoderOutput(features, 'pix_feat', 'vision_feats', 'vision_features')
      : this.#encoderOutput(features, 'vision_feats', 'vision_features')
  }

  #decoded(
    { placement, tensors }: FrameFeatures,
    { coords, labels }: PointPrompt,
    embedding: Tensor,
    signal: AbortSignal,
    mask: Parameters<typeof maskInInput>[0] | null = null,
  ): Promise<NamedTensors> {
    const how = preprocessingOf(this.#pack)
    // Only where the whole input is the whole picture may the graph itself draw the mask over it.
    const drawn = how.resize === 'stretch' ? this.#out : placement.input
    const shape = declaredInput(this.#pack, 'decoder', 'mask_input')?.shape.slice(-2) ?? []
    const grid = { height: Number(shape[0]) || 256, width: Number(shape[1]) || 256 }
    const prompt = mask
      ? maskInInput(mask, placement, grid).map((part) => (part >= 0.5 ? 10 : -10))
      : new Float32Array(grid.width * grid.height)
    return runBound(
      this.#pack,
      'decoder',
      {
        point_coords: coords,
        point_labels: labels,
        frame_size: floatTensor([2], [drawn.height, drawn.width]),
        'image_embed|image_embeddings': embedding,
        ...highResOffers(tensors),
        mask_input: floatTensor([1, 1, grid.height, grid.width], prompt),
        has_mask_input: floatTensor([1], [mask ? 1 : 0]),
      },
      signal,
    )
  }

  async #encoded(features: FrameFeatures, mask: Tensor, signal: AbortSignal): Promise<Memory> {
    const pack = this.#pack
    const pixels = this.#encoderOutput(features, 'pix_feat', 'vision_features', 'vision_feats')
    const outputs = await runBound(
      pack,
      'memory-encoder',
      { 'mask_for_mem|masks': mask, pix_feat: pixels },
      signal,
    )
    this.#codes ??= needed(pack, 'memory-encoder', outputs, 'temporal_code', 'maskmem_tpos_enc')
    const position = needed(pack, 'memory-encoder', outputs, 'maskmem_pos_enc', 'vision_pos_enc')
    // Most networks give every frame the same: one copy is kept of them all.
    if (!this.#position || !sameValues(this.#position, position)) this.#position = position
    return {
      features: needed(pack, 'memory-encoder', outputs, 'maskmem_features', 'vision_features'),
      position: this.#position,
    }
  }

  #pointer(outputs: NamedTensors): Tensor {
    return needed(this.#pack, 'decoder', outputs, 'obj_ptr', 'object_pointer')
  }

  #encoderOutput({ tensors }: FrameFeatures, ...names: readonly string[]): Tensor {
    return needed(this.#pack, 'encoder', tensors, ...names)
  }
}

function sameValues(a: Tensor, b: Tensor): boolean {
  return (
    a.type === b.type && a.data.length === b.data.length && a.data.every((value, i) => value === b.data[i])
  )
}

/** The length of an input's first axis where the graph fixes it. */
function fixedLength(pack: OpenPack, input: string): number | null {
  const length = declaredInput(pack, 'memory-attention', input)?.shape[0]
  return typeof length === 'number' && length > 0 ? length : null
}
