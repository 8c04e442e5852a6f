/** Follows points from frame to frame by TAPIR's causal graphs. What is remembered is a state that the network hands on. */
import {
  declaredInput,
  floatTensor,
  floatValues,
  found,
  needed,
  type OpenPack,
  preprocessingOf,
  runBound,
  stateOf,
} from '../open-pack.ts'
import { type PlacedPoint, type Placement, placementOf, pointInPicture } from '../placement.ts'
import { imageTensor, type Picture } from '../preprocess.ts'
import { elementCount, type NamedTensors, type Tensor } from '../tensor.ts'
import { batches, pointQueries, visibility } from './points.ts'
import { isState, nextStateNames } from './state-names.ts'

/** In pixels of the picture; pixel 0 goes from 0 to 1. */
export interface TrackedPoint extends PlacedPoint {
  /** That it is in sight and where it is said to be: 0 to 1. */
  readonly visibility: number
  readonly visible: boolean
}

/** Points that began on one frame and go through the network together. */
interface Batch {
  readonly count: number
  /** What the network says of the points, from the frame on which they began. */
  readonly features: NamedTensors
  state: NamedTensors
}

/** Points of one batch where the graphs leave their number open. */
const mostPoints = 64

export class TapirOnline {
  readonly #pack: OpenPack
  readonly #batches: Batch[] = []
  /** Points of a batch; null: any number. */
  readonly #fixedCount: number | null

  constructor(pack: OpenPack) {
    this.#pack = pack
    const points = declaredInput(pack, 'query', ...queryNames)?.shape.at(-2)
    this.#fixedCount = typeof points === 'number' && points > 0 ? points : null
  }

  /**
   * Points that are seen on this frame; the network looks at it once for them, so that its state begins there. Further
   * points may begin on any later frame. They are answered in the order in which they began.
   */
  async begin(picture: Picture, points: readonly PlacedPoint[], signal?: AbortSignal): Promise<void> {
    const frame = await this.#encoded(picture, signal)
    for (const batch of batches(points, this.#fixedCount ?? mostPoints)) {
      const queries = pointQueries(batch, frame.placement, this.#fixedCount)
      const features = await runBound(
        this.#pack,
        'query',
        {
          ...frame.tensors,
          [queryNames.join('|')]: queries,
          input_resolution: resolutionOf(frame.placement),
        },
        signal,
      )
      const begun = { count: batch.length, features, state: this.#blankState(queries.dims.at(-2)!) }
      await this.#stepped(begun, frame, signal)
      this.#batches.push(begun)
    }
  }

  /** The next frame. Each frame must be visited once, in order. */
  async visit(picture: Picture, signal?: AbortSignal): Promise<readonly TrackedPoint[]> {
    const frame = await this.#encoded(picture, signal)
    const tracked: TrackedPoint[] = []
    for (const batch of this.#batches) tracked.push(...(await this.#stepped(batch, frame, signal)))
    return tracked
  }

  async #encoded(picture: Picture, signal: AbortSignal | undefined): Promise<Frame> {
    const pack = this.#pack
    const how = preprocessingOf(pack)
    const placement = placementOf(how, picture)
    const plain = imageTensor(picture, placement, how)
    // Some exports have an axis of time, which is 1 long here.
    const rank = declaredInput(pack, 'encoder', ...frameNames)?.shape.length
    const image = rank === 5 ? { ...plain, dims: [1, ...plain.dims] } : plain
    const offer = { [frameNames.join('|')]: image }
    const tensors = await runBound(pack, 'encoder', offer, signal)
    return { placement, tensors: { ...tensors, ...offer } }
  }

  async #stepped(
    batch: Batch,
    { tensors, placement }: Frame,
    signal: AbortSignal | undefined,
  ): Promise<readonly TrackedPoint[]> {
    const pack = this.#pack
    const offers = { ...tensors, ...batch.features, ...batch.state }
    const outputs = await runBound(pack, 'step', offers, signal)
    const state = Object.keys(batch.state).map((name) => {
      return [name, needed(pack, 'step', outputs, ...nextStateNames(name))] as const
    })
    batch.state = Object.fromEntries(state)
    const places = floatValues(needed(pack, 'step', outputs, 'tracks', 'points'))
    const isSeen = visibility(
      found(outputs, 'visibles', 'visibility', 'visible'),
      found(outputs, 'occlusion', 'occlusions', 'occlusion_logits'),
      found(outputs, 'expected_dist', 'expected_distance'),
    )
    // Queries are y, x and tracks x, y in TAPIR; a manifest may say that an export has turned them.
    const first = stateOf(pack, 'tracks_yx', 0) ? 1 : 0
    return Array.from({ length: batch.count }, (_, i) => {
      const at = { x: places[2 * i + first]!, y: places[2 * i + 1 - first]! }
      const seen = isSeen(i)
      return { ...pointInPicture(placement, at), visibility: seen, visible: seen > 0.5 }
    })
  }

  /** Zeros: the network has seen nothing yet. A length that is left open is the number of points. */
  #blankState(pointCount: number): NamedTensors {
    const inputs = this.#pack.manifest.graphs.step?.inputs ?? []
    return Object.fromEntries(
      inputs
        .filter(({ name }) => isState.test(name))
        .map(({ name, shape }) => {
          const dims = shape.map((dim) => (typeof dim === 'number' ? dim : pointCount))
          return [name, floatTensor(dims, new Float32Array(elementCount(dims)))]
        }),
    )
  }
}

interface Frame {
  readonly placement: Placement
  readonly tensors: NamedTensors
}

const queryNames = ['query_points', 'queries', 'points'] as const
const frameNames = ['input_frame', 'frame', 'image', 'video', 'input'] as const

function resolutionOf({ input }: Placement): Tensor {
  return floatTensor([2], [input.height, input.width])
}
