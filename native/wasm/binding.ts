/**
 * The kernels as WebAssembly, behind the same functions as the compiled addon: for machines without a C++ compiler.
 * One thread, and every picture is copied into the module's memory and out again, so it is several times slower; results
 * are the same but for rounding.
 */
import type { Band, Binding, Forest, Pool, Samples } from '../addon.ts'
import { FrameCalls } from './frame-calls.ts'
import { type KernelArgument, KernelThread } from './kernel-call.ts'
import { encodeOwner } from './owners.ts'

/** Something that lives in the module's memory. Its address is known once the thread has made it. */
interface Held {
  readonly address: Promise<number>
  count: number
}

const reportFloats = 8

/** `folder` holds the module and the thread's file. */
export function createWasmBinding(folder: string): Binding {
  return new WasmBinding(new KernelThread(folder), new FrameCalls(folder))
}

/** The parameters of a function after the first two. */
type AfterTwo<F> = F extends (a: never, b: never, ...rest: infer Rest) => unknown ? Rest : never

class WasmBinding implements Binding {
  readonly #thread: KernelThread
  readonly #frame: FrameCalls
  readonly #freed: FinalizationRegistry<{ name: string; address: Promise<number> }>

  constructor(thread: KernelThread, frame: FrameCalls) {
    this.#thread = thread
    this.#frame = frame
    this.#freed = new FinalizationRegistry(({ name, address }) => {
      address.then((pointer) => thread.call(name, pointer)).catch(() => {})
    })
  }

  poolCreate(threadCount: number): Pool {
    return this.#hold('ib_pool_init', 'ib_pool_free', threadCount) as unknown as Pool
  }

  samplesCreate(): Samples {
    return this.#hold('ib_samples_init', 'ib_samples_free') as unknown as Samples
  }

  samplesCount(samples: Samples): number {
    return (samples as unknown as Held).count
  }

  async pictureCompute(
    pool: Pool,
    sourceWidth: number,
    sourceHeight: number,
    width: number,
    height: number,
    rgb: Uint8Array,
    picture: Float32Array,
  ): Promise<void> {
    await this.#thread.run(
      'ib_picture_compute',
      await pointer(pool),
      { in: rgb },
      sourceWidth,
      sourceHeight,
      width,
      height,
      { out: picture },
    )
  }

  cutScore(
    width: number,
    height: number,
    from: Float32Array,
    to: Float32Array,
    flow: Float32Array,
  ): Promise<number> {
    return this.#number('ib_picture_cut_score', { in: from }, { in: to }, { in: flow }, width, height)
  }

  async flowCompute(
    pool: Pool,
    width: number,
    height: number,
    from: Float32Array,
    to: Float32Array,
    finestLevel: number,
    patchStride: number,
    descentSteps: number,
    refineIterations: number,
    flow: Float32Array,
  ): Promise<void> {
    const pixels = width * height
    await this.#thread.run(
      'ib_flow_compute',
      await pointer(pool),
      // Only the first plane of a picture is looked at.
      { in: from.subarray(0, pixels) },
      { in: to.subarray(0, pixels) },
      width,
      height,
      { words: [finestLevel, patchStride, descentSteps, refineIterations] },
      { out: flow },
    )
  }

  async maskShrink(
    sourceWidth: number,
    sourceHeight: number,
    width: number,
    height: number,
    counts: Uint32Array,
    mask: Float32Array,
  ): Promise<void> {
    const full = [sourceWidth, sourceHeight, width, height] as const
    await this.#thread.run('ib_mask_shrink', { in: counts }, counts.length, ...full, { out: mask })
  }

  async maskWarp(
    pool: Pool,
    width: number,
    height: number,
    mask: Float32Array,
    flow: Float32Array,
    out: Float32Array,
  ): Promise<void> {
    await this.#thread.run('ib_mask_warp', await pointer(pool), { in: mask }, { in: flow }, width, height, {
      out,
    })
  }

  async maskJitter(
    width: number,
    height: number,
    mask: Float32Array,
    angle: number,
    scale: number,
    shiftX: number,
    shiftY: number,
    out: Float32Array,
  ): Promise<void> {
    await this.#thread.run('ib_mask_jitter', { in: mask }, width, height, angle, scale, shiftX, shiftY, {
      out,
    })
  }

  maskFuse(
    width: number,
    height: number,
    left: Float32Array,
    right: Float32Array,
    weight: number,
    out: Float32Array,
  ): Promise<number> {
    return this.#number('ib_mask_fuse', { in: left }, { in: right }, width, height, weight, { out })
  }

  maskOverlap(width: number, height: number, a: Float32Array, b: Float32Array): Promise<number> {
    return this.#number('ib_mask_overlap', { in: a }, { in: b }, width, height)
  }

  async masksMerge(
    pool: Pool,
    width: number,
    height: number,
    fullWidth: number,
    fullHeight: number,
    masks: readonly Float32Array[],
    bands: readonly (Band | null)[],
    reserved: readonly Uint32Array[],
    unlabelled: number,
  ): Promise<Uint32Array[]> {
    const owners = new Uint16Array(fullWidth * fullHeight)
    for (const counts of reserved)
      await this.#thread.run('ib_owners_reserve', { in: counts }, counts.length, fullWidth, fullHeight, {
        out: owners,
      })
    const planes = { words: masks.map((mask) => ({ in: mask })) }
    const addresses = await Promise.all(bands.map((band) => (band ? pointer(band) : 0)))
    const sizes = [width, height, fullWidth, fullHeight] as const
    const [threads, told] = [await pointer(pool), { out: owners }]
    const all = [planes, { words: addresses }, masks.length, ...sizes] as const
    await this.#thread.run('ib_owners_compute', threads, ...all, told)
    if (unlabelled < 1) await this.#thread.run('ib_owners_fill', threads, ...all, unlabelled, told)
    const runs: Uint32Array[] = []
    for (let i = 0; i < masks.length; i++)
      runs.push(await encodeOwner(this.#thread, owners, fullWidth, fullHeight, i + 1))
    return runs
  }

  async coloursAdd(
    width: number,
    height: number,
    picture: Float32Array,
    mask: Float32Array,
    counts: Float32Array,
  ): Promise<void> {
    await this.#thread.run('ib_colours_add', { in: picture }, { in: mask }, width, height, { out: counts })
  }

  async coloursRatio(counts: Float32Array, ratio: Float32Array): Promise<void> {
    await this.#thread.run('ib_colours_ratio', { in: counts }, { out: ratio })
  }

  async samplesAdd(
    samples: Samples,
    pool: Pool,
    width: number,
    height: number,
    picture: Float32Array,
    neighbourPicture: Float32Array,
    flow: Float32Array,
    colourRatio: Float32Array,
    prior: Float32Array,
    truth: Float32Array,
    maxCount: number,
    weight: number,
    seed: number,
  ): Promise<void> {
    const address = await pointer(samples)
    await this.#thread.run(
      'ib_samples_add',
      address,
      await pointer(pool),
      view(width, height, picture, neighbourPicture, flow, colourRatio),
      { in: prior },
      { in: truth },
      maxCount,
      weight,
      seed,
    )
    const held = samples as unknown as Held
    held.count = await this.#thread.call('ib_samples_count', address)
  }

  async forestGrow(
    pool: Pool,
    samples: Samples,
    treeCount: number,
    maxDepth: number,
    minLeaf: number,
    tries: number,
    gainSamples: number,
    seed: number,
  ): Promise<Forest> {
    const options = { words: [treeCount, maxDepth, minLeaf, tries, gainSamples] }
    const held = this.#hold(
      'ib_forest_init',
      'ib_forest_free',
      await pointer(pool),
      await pointer(samples),
      options,
      seed,
    )
    await held.address
    return held as unknown as Forest
  }

  async forestRefine(
    forest: Forest,
    pool: Pool,
    width: number,
    height: number,
    picture: Float32Array,
    neighbourPicture: Float32Array,
    flow: Float32Array,
    colourRatio: Float32Array,
    prior: Float32Array,
    out: Float32Array,
    report: Float32Array,
  ): Promise<void> {
    await this.#thread.run(
      'ib_forest_refine',
      await pointer(forest),
      await pointer(pool),
      view(width, height, picture, neighbourPicture, flow, colourRatio),
      { in: prior },
      { out },
      { out: report.subarray(0, reportFloats) },
    )
  }

  async regionPicture(
    _pool: Pool,
    fullWidth: number,
    fullHeight: number,
    width: number,
    height: number,
    rgb: Uint8Array,
    picture: Float32Array,
  ): Promise<void> {
    await this.#frame.picture([fullWidth, fullHeight, width, height], rgb, picture)
  }

  async regionColours(
    fullWidth: number,
    fullHeight: number,
    width: number,
    height: number,
    picture: Float32Array,
    mask: Uint8Array,
    taught: Uint8Array,
    counts: Float32Array,
  ): Promise<void> {
    await this.#frame.colours([fullWidth, fullHeight, width, height], picture, mask, taught, counts)
  }

  async regionSegment(
    _pool: Pool,
    fullWidth: number,
    fullHeight: number,
    width: number,
    height: number,
    picture: Float32Array,
    left: number,
    top: number,
    right: number,
    bottom: number,
    marks: Uint8Array,
    mask: Uint8Array,
    colourCounts: Float32Array,
    seed: number,
    out: Uint8Array,
  ): Promise<void> {
    const sizes = [fullWidth, fullHeight, width, height] as const
    const hints = { marks, mask, colourCounts }
    await this.#frame.segment(sizes, picture, [left, top, right, bottom], hints, seed, out)
  }

  async bandTeach(samples: Samples, pool: Pool, ...rest: AfterTwo<Binding['bandTeach']>): Promise<void> {
    const [fullWidth, fullHeight, width, height, rgb, picture, ratio, mask, counts, maxCount, seed] = rest
    const sizes = [fullWidth, fullHeight, width, height] as const
    const address = await pointer(samples)
    const told = outline(sizes, rgb, [picture, ratio, mask])
    const truth = [{ in: counts }, counts.length] as const
    await this.#thread.run('ib_band_teach', address, await pointer(pool), told, ...truth, maxCount, seed)
    const held = samples as unknown as Held
    held.count = await this.#thread.call('ib_samples_count', address)
  }

  async bandFind(forest: Forest, pool: Pool, ...rest: AfterTwo<Binding['bandFind']>): Promise<Band> {
    const [fullWidth, fullHeight, width, height, rgb, ...planes] = rest
    const told = outline([fullWidth, fullHeight, width, height], rgb, planes)
    const [grown, threads] = [await pointer(forest), await pointer(pool)]
    const held = this.#hold('ib_band_init', 'ib_band_free', grown, threads, told)
    await held.address
    return held as unknown as Band
  }

  #hold(init: string, free: string, ...args: readonly KernelArgument[]): Held {
    const out = new Uint32Array(1)
    const address = this.#thread.run(init, { out }, ...args).then(() => out[0]!)
    // Whoever uses the address is told; a handle that nobody uses needs no answer.
    address.catch(() => {})
    const held: Held = { address, count: 0 }
    this.#freed.register(held, { name: free, address })
    return held
  }

  async #number(name: string, ...args: readonly KernelArgument[]): Promise<number> {
    const out = new Float32Array(1)
    await this.#thread.run(name, ...args, { out })
    return out[0]!
  }
}

function pointer(handle: Pool | Samples | Forest | Band): Promise<number> {
  return (handle as unknown as Held).address
}

function view(
  width: number,
  height: number,
  picture: Float32Array,
  neighbourPicture: Float32Array,
  flow: Float32Array,
  colourRatio: Float32Array,
): KernelArgument {
  const planes = [picture, neighbourPicture, flow, colourRatio].map((plane) => ({ in: plane }))
  return { words: [width, height, ...planes] }
}

function outline(sizes: readonly number[], rgb: Uint8Array, planes: readonly Float32Array[]): KernelArgument {
  return { words: [...sizes, { in: rgb }, ...planes.map((plane) => ({ in: plane }))] }
}
