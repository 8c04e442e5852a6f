/** Follows objects by the graphs of AOT, DeAOT and PAOT. The memory is ours: README.md says what is remembered. */
import {
  declaredInput,
  floatTensor,
  floatValues,
  hasGraph,
  joined,
  needed,
  type OpenPack,
  preprocessingOf,
  runBound,
  stateOf,
} from '../open-pack.ts'
import { type Placement, placementOf, type Size } from '../placement.ts'
import { imageTensor, logitsInPicture, maskInInput } from '../preprocess.ts'
import { elementCount, type NamedTensors, type Tensor } from '../tensor.ts'
import type { Film, VideoTracker, VideoWalk, WalkOptions } from '../video-tracker.ts'
import { AotWalk } from './aot-walk.ts'
import { type IdGroup, type IdLayout, idGroups, idLayout } from './id-layout.ts'
import { aotInputSize } from './input-size.ts'
import type { LongTermRules } from './memory-rule.ts'
import { drawnLogits, type GroupLogits, oneHot } from './merge-logits.ts'

/** What the encoder says of one frame, for all groups. */
export interface AotFeatures {
  readonly frameIndex: number
  readonly placement: Placement
  readonly tensors: NamedTensors
}

/** What one frame left of one group: keys, values and identities of each layer, tokens along the first axis. */
export type AotMemory = NamedTensors

/** What a group sees on a frame: its logits, and what becomes memory once it is known whose each pixel is. */
export interface AotSight {
  readonly logits: GroupLogits
  readonly grid: Size
  readonly current: NamedTensors
}

/** Neighbouring frames, and a key frame of several groups. */
const featureLimit = 2
const current = /^cur_/

export class AotVideo implements VideoTracker {
  readonly film: Film
  readonly rules: LongTermRules
  readonly layout: IdLayout
  readonly groups: readonly IdGroup[]
  readonly out: Size
  readonly #pack: OpenPack
  readonly #features: AotFeatures[] = []

  /** `out`: size of the masks that come out, on the whole picture. */
  constructor(pack: OpenPack, film: Film, out: Size) {
    this.film = film
    this.out = out
    this.#pack = pack
    this.layout = idLayout(pack)
    this.groups = idGroups(film.objects, this.layout)
    this.rules = {
      gap: stateOf(pack, 'long_term_gap', 5),
      most: stateOf(pack, 'max_long_term', 10),
      mostReferences: stateOf(pack, 'max_references', 4),
    }
  }

  walk(options: WalkOptions): VideoWalk {
    return new AotWalk(this, options)
  }

  async features(frameIndex: number, signal: AbortSignal): Promise<AotFeatures> {
    const kept = this.#features.find((each) => each.frameIndex === frameIndex)
    if (kept) return kept
    const picture = await this.film.picture(frameIndex, signal)
    const how = { ...preprocessingOf(this.#pack), ...this.#inputSize(picture) }
    const placement = placementOf(how, picture)
    const image = imageTensor(picture, placement, how)
    const tensors = await runBound(this.#pack, 'encoder', { 'image|img': image }, signal)
    const features = { frameIndex, placement, tensors }
    this.#features.unshift(features)
    this.#features.length = Math.min(featureLimit, this.#features.length)
    return features
  }

  /** Looks for a group's objects on a frame by what it remembers. Planes that no object has are left out. */
  async seen(
    group: IdGroup,
    known: ReadonlySet<number>,
    features: AotFeatures,
    long: readonly AotMemory[],
    short: AotMemory,
    signal: AbortSignal,
  ): Promise<AotSight> {
    const outputs = await this.#attended(features, long, short, signal)
    const decoded = await runBound(this.#pack, 'decoder', { ...features.tensors, ...outputs }, signal)
    const logits = needed(this.#pack, 'decoder', decoded, 'logits', 'pred_id_logits')
    const [height, width] = logits.dims.slice(-2) as [number, number]
    const values = floatValues(logits)
    const plane = (index: number) => values.subarray(index * width * height, (index + 1) * width * height)
    const objects = [...group.objects].filter(([, object]) => known.has(object))
    return {
      logits: {
        ground: plane(0),
        objects: new Map(objects.map(([index, object]) => [object, plane(index)])),
      },
      grid: { width, height },
      current: outputs,
    }
  }

  /** Logits of the decoder's grid, whose corners are the input's, at the size `out` over the picture. */
  drawn(logits: GroupLogits, grid: Size, placement: Placement, out: Size): GroupLogits {
    return drawnLogits(logits, (plane) => logitsInPicture(plane, grid, placement, out, 'centres'))
  }

  /** The same at the input's own size, as memories are made. */
  inInput(logits: GroupLogits, grid: Size, { input }: Placement): GroupLogits {
    const whole = { picture: input, input, scaleX: 1, scaleY: 1, left: 0, top: 0 }
    return this.drawn(logits, grid, whole, input)
  }

  /** Pixels of the input that the key mask of an object has on a frame; null without one. */
  keyPixels(object: number, { frameIndex, placement }: AotFeatures): Uint8Array | null {
    const key = this.film.objects[object]!.keys.find((each) => each.frameIndex === frameIndex)
    if (!key) return null
    return Uint8Array.from(maskInInput(key.rle, placement, placement.input), (part) => (part >= 0.5 ? 1 : 0))
  }

  /** What a frame that was looked at leaves, now that it is known whose each pixel is. */
  async remembered(
    group: IdGroup,
    sight: NamedTensors,
    labels: Int32Array,
    { placement }: AotFeatures,
    signal: AbortSignal,
  ): Promise<AotMemory> {
    return this.#fused(sight, await this.#identities(group, labels, placement.input, signal), signal)
  }

  /**
   * A frame as its own memory, as AOT takes in a reference. What a layer is given depends on what the layers before made of
   * their memories: so the frame is looked at once a layer, and every time one more layer remembers it rightly.
   */
  async referred(
    group: IdGroup,
    labels: Int32Array,
    features: AotFeatures,
    signal: AbortSignal,
  ): Promise<AotMemory> {
    const ids = await this.#identities(group, labels, features.placement.input, signal)
    let memory = await this.#fused(this.#blank(ids), ids, signal)
    for (let pass = 0; pass < this.#layerCount; pass++)
      memory = await this.#fused(await this.#attended(features, [memory], memory, signal), ids, signal)
    return memory
  }

  #inputSize(picture: Size): Size {
    const [height, width] = declaredInput(this.#pack, 'encoder', 'image', 'img')?.shape.slice(-2) ?? []
    if (typeof width === 'number' && typeof height === 'number') return { width, height }
    return aotInputSize(picture, stateOf(this.#pack, 'long_edge', 1040))
  }

  #attended(
    { tensors }: AotFeatures,
    long: readonly AotMemory[],
    short: AotMemory,
    signal: AbortSignal,
  ): Promise<NamedTensors> {
    const offers: Record<string, Tensor> = { ...tensors }
    for (const [name, tensor] of Object.entries(short)) {
      offers[`st_${name}`] = tensor
      offers[`lt_${name}`] = joined(long.map((memory) => memory[name]!))
    }
    return runBound(this.#pack, 'lstt', offers, signal)
  }

  /** What the id bank makes of whose each pixel is. */
  #identities(
    group: IdGroup,
    labels: Int32Array,
    { width, height }: Size,
    signal: AbortSignal,
  ): Promise<NamedTensors> {
    const planeOf = new Map([...group.objects].map(([plane, object]) => [object, plane]))
    const { planeCount, things, stuff } = this.layout
    const values = oneHot(labels, planeOf, planeCount)
    const part = (from: number, to: number) =>
      floatTensor([1, to - from, height, width], values.subarray(from * labels.length, to * labels.length))
    const offers = stuff
      ? { one_hot_stuff: part(0, things[0]!), one_hot_thing: part(things[0]!, planeCount) }
      : { one_hot: part(0, planeCount) }
    return runBound(this.#pack, 'id-bank', offers, signal)
  }

  /** Keys and values with their identities: by a graph of its own, or side by side for the next look to fuse. */
  async #fused(sight: NamedTensors, ids: NamedTensors, signal: AbortSignal): Promise<AotMemory> {
    const own = Object.entries(sight).filter(([name]) => current.test(name))
    if (!hasGraph(this.#pack, 'fuse'))
      return {
        ...Object.fromEntries(own.map(([name, tensor]) => [name.replace(current, ''), tensor])),
        ...ids,
      }
    const outputs = await runBound(this.#pack, 'fuse', { ...Object.fromEntries(own), ...ids }, signal)
    return Object.fromEntries(
      Object.entries(outputs).map(([name, tensor]) => [name.replace(/^mem_/, ''), tensor]),
    )
  }

  /** Zeros in place of what a layer has not seen yet. Lengths that have a name are those of the identities. */
  #blank(ids: NamedTensors): NamedTensors {
    const { graphs } = this.#pack.manifest
    const lengths = new Map<string, number>()
    for (const { name, shape } of graphs['id-bank']?.outputs ?? [])
      for (const [axis, dim] of shape.entries())
        if (typeof dim === 'string' && ids[name]) lengths.set(dim, ids[name].dims[axis]!)
    const tokens = Object.values(ids)[0]?.dims[0] ?? 1
    const blanks = (graphs.lstt?.outputs ?? []).filter(({ name }) => current.test(name))
    return Object.fromEntries(
      blanks.map(({ name, shape }) => {
        const dims = shape.map((dim) => (typeof dim === 'number' ? dim : (lengths.get(dim) ?? tokens)))
        return [name, floatTensor(dims, new Float32Array(elementCount(dims)))]
      }),
    )
  }

  get #layerCount(): number {
    const outputs = this.#pack.manifest.graphs.lstt?.outputs ?? []
    const keys = outputs.filter(({ name }) => name.startsWith('cur_k')).length
    return Math.max(1, stateOf(this.#pack, 'layers', keys))
  }
}
