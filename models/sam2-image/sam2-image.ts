/** Marks on one frame to a mask by SAM 2's graphs, EdgeTAM's among them. A further mark runs the decoder only. */
import { encodeRle, type Rle } from '../../main/core/mask/rle.ts'
import { type BestMask, bestMask, stability } from '../best-mask.ts'
import { highResOffers } from '../high-res-offers.ts'
import type { FoundMask, ImagePrompt, ImageSegmenter, Leftover, NamedPicture } from '../image-segmenter.ts'
import { KeptTensors } from '../kept-tensors.ts'
import {
  declaredInput,
  floatTensor,
  found,
  hasGraph,
  needed,
  type OpenPack,
  preprocessingOf,
  runBound,
} from '../open-pack.ts'
import { boxInInput, type Placement, placementOf, type Size } from '../placement.ts'
import { type LabelledPoint, pointPrompt, pointsOfMask } from '../point-prompt.ts'
import { imageTensor, logitsInPicture, maskInInput } from '../preprocess.ts'
import type { NamedTensors, Tensor } from '../tensor.ts'
import { fitted, promptPoints, withoutCorners } from './prompt-points.ts'

/** Sixteen frames of SAM 2 at 1024 pixels. */
const featureByteLimit = 256 * 2 ** 20
/** As sure as the masks are that the network was taught to correct. */
const sureLogit = 10

export class Sam2Image implements ImageSegmenter {
  readonly mostPoints: number | null
  readonly takesMask: boolean
  readonly #pack: OpenPack
  /** The graph that takes the prompt. */
  readonly #prompted: string
  readonly #pointCount: number | null
  readonly #takesBoxApart: boolean
  /** The grid on which a mask is taken; null: none is. */
  readonly #maskGrid: Size | null
  readonly #features: KeptTensors

  constructor(pack: OpenPack, byteLimit = featureByteLimit) {
    this.#pack = pack
    this.#prompted = hasGraph(pack, 'prompt-encoder') ? 'prompt-encoder' : 'decoder'
    const points = declaredInput(pack, this.#prompted, 'point_coords', 'coords')?.shape.at(-2)
    this.#pointCount = typeof points === 'number' && points > 0 ? points : null
    this.#takesBoxApart = declaredInput(pack, this.#prompted, 'box_coords', 'boxes') !== null
    const mask = declaredInput(pack, this.#prompted, 'mask_input', 'masks')
    const [height, width] = mask?.shape.slice(-2) ?? []
    this.takesMask = mask !== null
    this.#maskGrid = mask ? { width: Number(width) || 256, height: Number(height) || 256 } : null
    const corners = this.#takesBoxApart ? 0 : 2
    this.mostPoints = this.#pointCount === null ? null : Math.max(1, this.#pointCount - corners)
    this.#features = new KeptTensors(byteLimit)
  }

  async segment(picture: NamedPicture, prompt: ImagePrompt, signal?: AbortSignal): Promise<FoundMask> {
    const how = preprocessingOf(this.#pack)
    const placement = placementOf(how, picture)
    const features = await this.#features.get(picture.name, () =>
      // Not to be aborted: the next mark on this frame needs it as well.
      runBound(this.#pack, 'encoder', { 'image|input_image': imageTensor(picture, placement, how) }),
    )
    signal?.throwIfAborted()
    // Only where the whole input is the whole picture may the graph itself draw the mask over it.
    const drawn = how.resize === 'stretch' ? picture : placement.input
    const outputs = await this.#decoded(features, this.#offers(prompt, placement, drawn), signal)
    const best = bestMask(this.#pack, 'decoder', outputs, 'low_res_masks', 'masks', 'final_masks')
    const logits = logitsInPicture(best.logits, best.size, placement, picture)
    return {
      mask: encodeRle({
        width: picture.width,
        height: picture.height,
        data: Uint8Array.from(logits, (logit) => (logit > 0 ? 1 : 0)),
      }),
      confidence: best.iou ?? stability(logits),
      left: this.#left(best, placement),
    }
  }

  forget(prefix: string): void {
    this.#features.forget(prefix)
  }

  /** Of the embeddings that are kept, for tests. */
  get keptBytes(): number {
    return this.#features.bytes
  }

  async #decoded(
    features: NamedTensors,
    offers: NamedTensors,
    signal: AbortSignal | undefined,
  ): Promise<NamedTensors> {
    const pack = this.#pack
    const seen = {
      'image_embed|image_embeddings|vision_features': needed(
        pack,
        'encoder',
        features,
        'image_embed',
        'image_embeddings',
        'vision_features',
      ),
      ...highResOffers(features),
    }
    if (this.#prompted === 'decoder') return runBound(pack, 'decoder', { ...seen, ...offers }, signal)
    const prompted = await runBound(pack, 'prompt-encoder', offers, signal)
    const place = found(prompted, 'dense_pe', 'image_pe')
    const told = {
      'sparse_prompt_embeddings|sparse_embeddings|sparse': this.#told(prompted, 'sparse'),
      'dense_prompt_embeddings|dense_embeddings|dense': this.#told(prompted, 'dense'),
      ...(place ? { 'image_pe|dense_pe': place } : {}),
    }
    return runBound(pack, 'decoder', { ...seen, ...told }, signal)
  }

  #told(prompted: NamedTensors, kind: 'sparse' | 'dense'): Tensor {
    const names = [`${kind}_embeddings`, `${kind}_prompt_embeddings`, kind]
    return needed(this.#pack, 'prompt-encoder', prompted, ...names)
  }

  #offers(prompt: ImagePrompt, placement: Placement, drawn: Size): NamedTensors {
    const all = [...this.#pointsOfMask(prompt, placement), ...promptPoints(prompt, placement)]
    const points = this.#takesBoxApart ? withoutCorners(all) : all
    const { coords, labels } = pointPrompt(fitted(points, this.#pointCount))
    const grid = this.#maskGrid ?? { width: 1, height: 1 }
    const mask = this.#maskGrid && this.#maskPrompt(prompt, placement, this.#maskGrid)
    const [x, y, width, height] = prompt.box ? boxInInput(placement, prompt.box) : [0, 0, 0, 0]
    return {
      'point_coords|coords': coords,
      'point_labels|labels': labels,
      'box_coords|boxes': floatTensor([1, 1, 4], [x, y, x + width, y + height]),
      'mask_input|masks': floatTensor(
        [1, 1, grid.height, grid.width],
        mask ?? new Float32Array(grid.width * grid.height),
      ),
      'has_mask_input|masks_enable': floatTensor([1], [mask ? 1 : 0]),
      'orig_im_size|frame_size': floatTensor([2], [drawn.height, drawn.width]),
    }
  }

  /** A mask to correct as points, where the graph takes no mask; a box of the person's own says more. */
  #pointsOfMask({ mask, box }: ImagePrompt, placement: Placement): readonly LabelledPoint[] {
    if (this.#maskGrid || !mask || box) return []
    const { input } = placement
    return pointsOfMask(maskInInput(mask, placement, input), input, [1, 1])
  }

  #maskPrompt({ mask, before }: ImagePrompt, placement: Placement, grid: Size): Leftover | null {
    if (before) return before
    return mask && sureLogits(mask, placement, grid)
  }

  #left({ logits, size }: BestMask, { input }: Placement): Leftover | null {
    const grid = this.#maskGrid
    if (!grid) return null
    // The decoder's grid spans the input; the input as its own picture is drawn over by it.
    const whole = { picture: input, input, scaleX: 1, scaleY: 1, left: 0, top: 0 }
    return logitsInPicture(logits, size, whole, grid)
  }
}

function sureLogits(mask: Rle, placement: Placement, grid: Size): Leftover {
  return maskInInput(mask, placement, grid).map((part) => (part >= 0.5 ? sureLogit : -sureLogit))
}
