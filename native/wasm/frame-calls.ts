/** The single-frame kernels as WebAssembly, on a thread of their own: a person waits, and the other may be propagating. */
import { type KernelArgument, KernelThread } from './kernel-call.ts'

type Sizes = readonly [fullWidth: number, fullHeight: number, width: number, height: number]

export class FrameCalls {
  readonly #folder: string
  #started: { readonly thread: KernelThread; readonly pool: Promise<number> } | null = null

  constructor(folder: string) {
    this.#folder = folder
  }

  async picture(sizes: Sizes, rgb: Uint8Array, picture: Float32Array): Promise<void> {
    const { thread, pool } = this.#start()
    await thread.run('ib_picture_compute', await pool, { in: rgb }, ...sizes, { out: picture })
  }

  async colours(
    sizes: Sizes,
    picture: Float32Array,
    mask: Uint8Array,
    taught: Uint8Array,
    counts: Float32Array,
  ): Promise<void> {
    const { thread } = this.#start()
    const region = regionOf(sizes, picture)
    await thread.run('ib_region_colours', region, { in: mask }, known(taught), { out: counts })
  }

  async segment(
    sizes: Sizes,
    picture: Float32Array,
    box: readonly [left: number, top: number, right: number, bottom: number],
    hints: { readonly marks: Uint8Array; readonly mask: Uint8Array; readonly colourCounts: Float32Array },
    seed: number,
    out: Uint8Array,
  ): Promise<void> {
    const { thread, pool } = this.#start()
    const told = { words: [...box, { in: hints.marks }, known(hints.mask), known(hints.colourCounts)] }
    await thread.run('ib_region_segment', await pool, regionOf(sizes, picture), told, seed, { out })
  }

  #start(): { readonly thread: KernelThread; readonly pool: Promise<number> } {
    if (this.#started) return this.#started
    const thread = new KernelThread(this.#folder)
    const address = new Uint32Array(1)
    const pool = thread.run('ib_pool_init', { out: address }, 1).then(() => address[0]!)
    pool.catch(() => {})
    this.#started = { thread, pool }
    return this.#started
  }
}

/** An empty array stands for what is not known. */
function known(array: Uint8Array | Float32Array): KernelArgument {
  return array.length > 0 ? { in: array } : 0
}

function regionOf([fullWidth, fullHeight, width, height]: Sizes, picture: Float32Array): KernelArgument {
  return { words: [width, height, { in: picture }, fullWidth, fullHeight] }
}
