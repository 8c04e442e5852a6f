/**
 * The kernels for one frame on which a person is marking an object. They run at once, each on a thread of its own, even
 * while a propagation keeps Node's worker threads busy; give them a pool of their own too.
 */
import { binding, type Pool } from './addon.ts'
import { picturePlanes, type Size } from './index.ts'

/** A part of a frame: `picture` is `picturePlanes` planes of `size`, which is not larger than `full`. */
export interface Region {
  readonly full: Size
  readonly size: Size
  readonly picture: Float32Array
}

export interface Hints {
  /** In pixels of the region at full size, right and bottom exclusive; null: none. */
  readonly box: {
    readonly left: number
    readonly top: number
    readonly right: number
    readonly bottom: number
  } | null
  /** A byte a pixel at full size: 0 unmarked, 1 the object, 2 not the object. */
  readonly marks: Uint8Array
  /** The mask to correct, 0 or 1 a pixel at full size, or null. */
  readonly mask: Uint8Array | null
  /** From `countRegionColours` over the object's key masks, or null. */
  readonly colourCounts: Float32Array | null
}

/** RGB24 of a region at its full size to what `segmentRegion` looks at. */
export async function regionOf(pool: Pool, rgb: Uint8Array, full: Size, size: Size): Promise<Region> {
  const picture = new Float32Array(picturePlanes * size.width * size.height)
  await binding().regionPicture(pool, full.width, full.height, size.width, size.height, rgb, picture)
  return { full, size, picture }
}

/**
 * Adds a key mask (0 or 1 a pixel at full size) to `counts`, 2 x colourBins from zeros. `taught`: the only pixels that are
 * counted, or null.
 */
export function countRegionColours(
  { full, size, picture }: Region,
  mask: Uint8Array,
  taught: Uint8Array | null,
  counts: Float32Array,
): Promise<void> {
  const none = new Uint8Array(0)
  return binding().regionColours(
    full.width,
    full.height,
    size.width,
    size.height,
    picture,
    mask,
    taught ?? none,
    counts,
  )
}

/** The object, 0 or 1 a pixel of the region at full size. The same arguments give the same mask. */
export async function segmentRegion(
  pool: Pool,
  { full, size, picture }: Region,
  { box, marks, mask, colourCounts }: Hints,
  seed: number,
): Promise<Uint8Array> {
  const out = new Uint8Array(full.width * full.height)
  await binding().regionSegment(
    pool,
    full.width,
    full.height,
    size.width,
    size.height,
    picture,
    box?.left ?? 0,
    box?.top ?? 0,
    box?.right ?? 0,
    box?.bottom ?? 0,
    marks,
    mask ?? new Uint8Array(0),
    colourCounts ?? new Float32Array(0),
    seed,
    out,
  )
  return out
}
