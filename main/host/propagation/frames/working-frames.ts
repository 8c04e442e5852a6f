/** Frames at working size and the flow between neighbours, computed once and kept as long as their bytes allow. */
import * as native from '../../../../native/index.ts'
import type { FrameSource } from '../../media/frame-source.ts'
import type { FlowCache } from './flow-cache.ts'
import { LentPlanes, type MakePlanes, SpareArrays } from './lent-planes.ts'

/** How much is kept of each kind. */
const byteLimits = { pictures: 160 << 20, flows: 128 << 20 }
/** Frames as they came: a few suffice, for the one whose outlines are looked at and the one that is being read. */
const rgbByteLimit = 64 << 20
const leastRgbCount = 3
/** Arrays of each kind that may wait for the next frame: a step has a few under way at once. */
const spareLimit = 6

/** Against finest level 1 (half working size): +3.6 J, +3.9 F with one key mask, for 10 ms a frame. */
export const flowOptions: native.FlowOptions = {
  finestLevel: 0,
  patchStride: 4,
  descentSteps: 24,
  refineIterations: 3,
}

/** Working size of a video: its long side at most `longSide`, never larger than the video. */
export function workingSize(full: native.Size, longSide: number): native.Size {
  const scale = Math.min(1, longSide / Math.max(full.width, full.height))
  return {
    width: Math.max(1, Math.round(full.width * scale)),
    height: Math.max(1, Math.round(full.height * scale)),
  }
}

/** In 30 films the score stays below 0.4 within a shot; between two of them it is above 0.8. */
const cutThreshold = 0.6
const cutLimit = 4096

/** How many arrays of `byteLength` may be kept, but never too few to work with. */
function countWithin(byteLimit: number, byteLength: number, least = 8): number {
  return Math.max(least, Math.floor(byteLimit / byteLength))
}

/** Keeps the results of `make` by key, at most `countLimit` of them, least recently used out first. */
class Recent<T> {
  private readonly kept = new Map<string, Promise<T>>()
  private readonly countLimit: number

  constructor(countLimit: number) {
    this.countLimit = countLimit
  }

  get(key: string, make: () => Promise<T>): Promise<T> {
    const kept = this.kept.get(key)
    if (kept) {
      this.kept.delete(key)
      this.kept.set(key, kept)
      return kept
    }
    const made = make()
    this.kept.set(key, made)
    // A failed one must be tried again by the next who asks; that one handles the error.
    made.catch(() => this.kept.delete(key))
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= this.countLimit) break
      this.kept.delete(oldest)
    }
    return made
  }
}

export class WorkingFrames {
  readonly size: native.Size
  readonly full: native.Size
  private readonly rgbs: Recent<Uint8Array>
  private readonly pictures: LentPlanes
  private readonly flows: LentPlanes
  private readonly spares: {
    readonly pictures: SpareArrays
    readonly flows: SpareArrays
    readonly masks: SpareArrays
  }
  /** First frames of new shots, as far as they were looked for. */
  readonly cutFrames = new Set<number>()
  private readonly cuts = new Recent<boolean>(cutLimit)
  private readonly pool: native.Pool
  private readonly source: FrameSource
  private readonly signal: AbortSignal
  private readonly flowCache: FlowCache | null
  /** Reads follow one another: a decoder goes one way at a time. */
  private reading: Promise<unknown> = Promise.resolve()

  /** `flowCache`: of this source, this size and `flowOptions`. */
  constructor(
    source: FrameSource,
    pool: native.Pool,
    longSide: number,
    signal: AbortSignal,
    flowCache: FlowCache | null = null,
    limits = byteLimits,
  ) {
    this.flowCache = flowCache
    this.source = source
    this.pool = pool
    this.signal = signal
    this.full = { width: source.width, height: source.height }
    this.size = workingSize(this.full, longSide)
    const planeBytes = this.planeLength * 4
    const spare = (planes: number) => new SpareArrays(this.planeLength * planes, spareLimit)
    this.spares = { pictures: spare(native.picturePlanes), flows: spare(2), masks: spare(1) }
    this.rgbs = new Recent(countWithin(rgbByteLimit, this.full.width * this.full.height * 3, leastRgbCount))
    const pictureCount = countWithin(limits.pictures, planeBytes * native.picturePlanes)
    this.pictures = new LentPlanes(pictureCount, this.spares.pictures)
    this.flows = new LentPlanes(countWithin(limits.flows, planeBytes * 2), this.spares.flows)
  }

  get planeLength(): number {
    return this.size.width * this.size.height
  }

  /** RGB24 of full size. */
  rgb(frameIndex: number): Promise<Uint8Array> {
    return this.rgbs.get(`${frameIndex}`, () => this.read(frameIndex))
  }

  /** `native.picturePlanes` planes, for good. */
  picture(frameIndex: number): Promise<Float32Array> {
    return this.pictures.give(`${frameIndex}`, this.pictureMaker(frameIndex))
  }

  /** The same for as long as `use` takes: see lent-planes.ts. Steps that come with every frame borrow. */
  lendPicture<T>(frameIndex: number, use: (picture: Float32Array) => T | Promise<T>): Promise<T> {
    return this.pictures.lend(`${frameIndex}`, this.pictureMaker(frameIndex), use)
  }

  /** From one frame to its neighbour, for good. */
  flow(fromFrame: number, toFrame: number): Promise<Float32Array> {
    return this.flows.give(`${fromFrame}>${toFrame}`, this.flowMaker(fromFrame, toFrame))
  }

  private lendFlow<T>(
    fromFrame: number,
    toFrame: number,
    use: (flow: Float32Array) => T | Promise<T>,
  ): Promise<T> {
    return this.flows.lend(`${fromFrame}>${toFrame}`, this.flowMaker(fromFrame, toFrame), use)
  }

  private pictureMaker(frameIndex: number): MakePlanes {
    return async (take) => {
      const rgb = await this.rgb(frameIndex)
      const picture = take()
      await native.computePicture(this.pool, rgb, this.full, this.size, picture)
      return picture
    }
  }

  private flowMaker(fromFrame: number, toFrame: number): MakePlanes {
    return async (take) => {
      const stored = await this.flowCache?.read(fromFrame, toFrame, take)
      if (stored) return stored
      return this.lendPicture(fromFrame, (from) =>
        this.lendPicture(toFrame, async (to) => {
          const flow = take()
          await native.computeFlow(this.pool, this.size, from, to, flowOptions, flow)
          this.flowCache?.write(fromFrame, toFrame, flow)
          return flow
        }),
      )
    }
  }

  /**
   * Starts what the next steps will need: two of them, because two flows side by side keep two cores busier than one
   * flow on both. An error is reported to the step that asks for it.
   */
  prepare(fromFrame: number, toFrame: number): void {
    const step = fromFrame - toFrame
    for (const from of [fromFrame, fromFrame + step]) {
      if (from < 0 || from >= this.source.frameCount) return
      this.lendPicture(from, () => {}).catch(() => {})
      this.lendFlow(from, from - step, () => {}).catch(() => {})
    }
  }

  /** `frameIndex` as reached from its neighbour, for good. */
  async view(frameIndex: number, neighbourFrame: number, colourRatio: Float32Array): Promise<native.View> {
    const flow = await this.flow(frameIndex, neighbourFrame)
    const picture = await this.picture(frameIndex)
    const neighbourPicture = await this.picture(neighbourFrame)
    return { ...this.size, picture, neighbourPicture, flow, colourRatio }
  }

  /** The same for as long as `use` takes. */
  lendView<T>(
    frameIndex: number,
    neighbourFrame: number,
    colourRatio: Float32Array,
    use: (view: native.View) => Promise<T>,
  ): Promise<T> {
    return this.lendFlow(frameIndex, neighbourFrame, (flow) =>
      this.lendPicture(frameIndex, (picture) =>
        this.lendPicture(neighbourFrame, (neighbourPicture) =>
          use({ ...this.size, picture, neighbourPicture, flow, colourRatio }),
        ),
      ),
    )
  }

  /** Whether a shot ends between two neighbours. */
  isCut(oneFrame: number, otherFrame: number): Promise<boolean> {
    const later = Math.max(oneFrame, otherFrame)
    return this.cuts.get(`${later}`, async () => {
      const score = await this.lendFlow(oneFrame, otherFrame, (flow) =>
        this.lendPicture(oneFrame, (a) =>
          this.lendPicture(otherFrame, (b) => native.cutScore(this.size, a, b, flow)),
        ),
      )
      const isCut = score > cutThreshold
      if (isCut) this.cutFrames.add(later)
      return isCut
    })
  }

  /** The outline of a mask on a frame, for a look at full size, for good. */
  async outline(frameIndex: number, mask: Float32Array, colourRatio: Float32Array): Promise<native.Outline> {
    const { full, size } = this
    const [rgb, picture] = [await this.rgb(frameIndex), await this.picture(frameIndex)]
    return { full, size, rgb, picture, colourRatio, mask }
  }

  /** The same for as long as `use` takes. */
  async lendOutline<T>(
    frameIndex: number,
    mask: Float32Array,
    colourRatio: Float32Array,
    use: (outline: native.Outline) => Promise<T>,
  ): Promise<T> {
    const { full, size } = this
    const rgb = await this.rgb(frameIndex)
    return this.lendPicture(frameIndex, (picture) => use({ full, size, rgb, picture, colourRatio, mask }))
  }

  /** A neighbour's mask, moved to where this frame has it, for good. */
  warped(mask: Float32Array, frameIndex: number, neighbourFrame: number): Promise<Float32Array> {
    return this.warpedInto(new Float32Array(this.planeLength), mask, frameIndex, neighbourFrame)
  }

  /** The same for as long as `use` takes. */
  async lendWarped<T>(
    mask: Float32Array,
    frameIndex: number,
    neighbourFrame: number,
    use: (warped: Float32Array) => T | Promise<T>,
  ): Promise<T> {
    const out = this.spares.masks.take()
    // Given back by its only holder: not where the kernel or `use` failed, as nobody knows what still looks at it then.
    const result = await use(await this.warpedInto(out, mask, frameIndex, neighbourFrame))
    this.spares.masks.giveBack(out)
    return result
  }

  /** Arrays that were allocated so far; for as long as steps borrow, a walk needs no more than its window. */
  get allocatedCount(): number {
    const { pictures, flows, masks } = this.spares
    return pictures.madeCount + flows.madeCount + masks.madeCount
  }

  private async warpedInto(
    out: Float32Array,
    mask: Float32Array,
    frameIndex: number,
    neighbourFrame: number,
  ): Promise<Float32Array> {
    await this.lendFlow(frameIndex, neighbourFrame, (flow) =>
      native.warpMask(this.pool, this.size, mask, flow, out),
    )
    return out
  }

  private async read(frameIndex: number): Promise<Uint8Array> {
    const mine = this.reading.then(() => this.source.read(frameIndex, this.signal))
    this.reading = mine.catch(() => {})
    const rgb = await mine
    if (rgb.length < this.full.width * this.full.height * 3)
      throw new Error(
        `Frame ${frameIndex + 1} could not be read whole: its decoder gave ${rgb.length} bytes.`,
      )
    return rgb
  }
}
