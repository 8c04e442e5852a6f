/**
 * The typed door to the native kernels (inbetween.h says what each computes). Every function runs on a worker thread
 * and returns a promise; outputs are arrays that the caller gives and must not touch until the promise is settled.
 * Planes are Float32Arrays of width x height at working size.
 */
import { type Band, binding, type Forest, kernels, type Pool, type Samples } from './addon.ts'

export type { Band, Forest, Pool, Samples } from './addon.ts'

export interface Size {
  readonly width: number
  readonly height: number
}

/** Planes of a picture: grey; Lab at sigma 0, 2 and 5; gradient; deviation; four orientation energies. */
export const picturePlanes = 16
/** Flow comes in whole steps of 1 / flowStepsAPixel, within +-511 pixels, so that 16 bits a number hold it exactly. */
export const flowStepsAPixel = 64
export const featureCount = 29
/** Length of a colour ratio; the counts it is made from are twice as long. */
export const colourBins = 4096

export interface FlowOptions {
  /** Pyramid level at which the search ends: 0 working size, 1 half of it. */
  readonly finestLevel: number
  readonly patchStride: number
  readonly descentSteps: number
  /** 0: no variational refinement. */
  readonly refineIterations: number
}

export interface ForestOptions {
  readonly treeCount: number
  readonly maxDepth: number
  readonly minLeaf: number
  /** Random splits tried at a node, at most 32. */
  readonly tries: number
  readonly gainSamples: number
}

/** One frame as seen when coming from its neighbour: all that features are made of, but the prior. */
export interface View extends Size {
  readonly picture: Float32Array
  readonly neighbourPicture: Float32Array
  /** From this frame to the neighbour: u, then v. */
  readonly flow: Float32Array
  readonly colourRatio: Float32Array
}

/** What a step says about its own result. */
export interface StepReport {
  /** Sums over the mask before and after, pixels of working size. */
  readonly priorArea: number
  readonly area: number
  /** Mean |2p - 1| near the outline: 1 sure, 0 guessing. */
  readonly margin: number
  /** Mean colour difference to the warped neighbour inside the result, Lab units. */
  readonly residual: number
  readonly priorOverlap: number
  readonly centroidX: number
  readonly centroidY: number
  /** How much of the result touches the picture's border. */
  readonly borderPart: number
}

/** Whether the addon is built; when not, calling a kernel throws with the remedy. */
export function nativeProblem(): string | null {
  try {
    binding()
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Which build of the kernels runs: machine code, or its slower WebAssembly twin. Throws where there is neither. */
export function kernelsKind(): 'addon' | 'wasm' {
  return kernels().kind
}

/** Threads for kernels to share. Results do not depend on `threadCount`. */
export function createPool(threadCount: number): Pool {
  return binding().poolCreate(threadCount)
}

/** RGB24 of size `full` to `picturePlanes` planes of `size`, which is not larger. */
export function computePicture(
  pool: Pool,
  rgb: Uint8Array,
  full: Size,
  size: Size,
  picture: Float32Array,
): Promise<void> {
  return binding().pictureCompute(pool, full.width, full.height, size.width, size.height, rgb, picture)
}

/** 0: the pictures continue each other, 1: nothing in common. `flow` leads from `from` to `to`. */
export function cutScore(
  size: Size,
  from: Float32Array,
  to: Float32Array,
  flow: Float32Array,
): Promise<number> {
  return binding().cutScore(size.width, size.height, from, to, flow)
}

/** Dense flow between two pictures (their first plane is used): pixel x of `from` lies at x + flow(x) in `to`. */
export function computeFlow(
  pool: Pool,
  size: Size,
  from: Float32Array,
  to: Float32Array,
  options: FlowOptions,
  flow: Float32Array,
): Promise<void> {
  const { finestLevel, patchStride, descentSteps, refineIterations } = options
  return binding().flowCompute(
    pool,
    size.width,
    size.height,
    from,
    to,
    finestLevel,
    patchStride,
    descentSteps,
    refineIterations,
    flow,
  )
}

/** COCO run lengths at size `full` to coverage in [0, 1] at `size`. */
export function shrinkMask(counts: Uint32Array, full: Size, size: Size, mask: Float32Array): Promise<void> {
  return binding().maskShrink(full.width, full.height, size.width, size.height, counts, mask)
}

/** mask(x + flow(x)). */
export function warpMask(
  pool: Pool,
  size: Size,
  mask: Float32Array,
  flow: Float32Array,
  out: Float32Array,
): Promise<void> {
  return binding().maskWarp(pool, size.width, size.height, mask, flow, out)
}

/** The mask turned (radians), scaled and shifted (pixels) about its centroid. */
export function jitterMask(
  size: Size,
  mask: Float32Array,
  angle: number,
  scale: number,
  shiftX: number,
  shiftY: number,
  out: Float32Array,
): Promise<void> {
  return binding().maskJitter(size.width, size.height, mask, angle, scale, shiftX, shiftY, out)
}

/** out = weight x left + (1 - weight) x right; resolves to the IoU of the two. */
export function fuseMasks(
  size: Size,
  left: Float32Array,
  right: Float32Array,
  weight: number,
  out: Float32Array,
): Promise<number> {
  return binding().maskFuse(size.width, size.height, left, right, weight, out)
}

/** IoU of two soft masks at 0.5; 1 when both are empty. */
export function overlapOfMasks(size: Size, a: Float32Array, b: Float32Array): Promise<number> {
  return binding().maskOverlap(size.width, size.height, a, b)
}

/**
 * Gives every pixel of the full-size frame to the mask with the largest odds there, if they are better than even; the
 * later of equals wins. Pixels of `reserved` (run lengths) go to nobody. Near outlines `bands`, where there are any (one
 * a mask), decide instead of the masks. Where more than the part `unlabelled` of the frame has no owner then, the
 * surplus goes to its best claimants, the strongest claims first. Resolves to run lengths, one array a mask.
 */
export function mergeMasks(
  pool: Pool,
  size: Size,
  full: Size,
  masks: readonly Float32Array[],
  reserved: readonly Uint32Array[],
  unlabelled = 1,
  bands: readonly (Band | null)[] = masks.map(() => null),
): Promise<Uint32Array[]> {
  const sizes = [size.width, size.height, full.width, full.height] as const
  return binding().masksMerge(pool, ...sizes, masks, bands, reserved, unlabelled)
}

/** A soft mask on its frame, of which the outline is looked at in full size. */
export interface Outline {
  readonly full: Size
  /** Working size. */
  readonly size: Size
  /** RGB24 of size `full`. */
  readonly rgb: Uint8Array
  readonly picture: Float32Array
  readonly colourRatio: Float32Array
  readonly mask: Float32Array
}

/**
 * Adds up to `maxCount` full-size pixels near the outline, labelled by the truth (run lengths of full size). Such
 * samples are of another kind than those of `addSamples`: a forest grown from them serves `findBand`.
 */
export function teachBand(
  samples: Samples,
  pool: Pool,
  outline: Outline,
  truth: Uint32Array,
  maxCount: number,
  seed: number,
): Promise<void> {
  const { full, size, rgb, picture, colourRatio: ratio, mask } = outline
  return binding().bandTeach(
    samples,
    pool,
    full.width,
    full.height,
    size.width,
    size.height,
    rgb,
    picture,
    ratio,
    mask,
    truth,
    maxCount,
    seed,
  )
}

/** What the forest says of the full-size pixels near the outline. */
export function findBand(forest: Forest, pool: Pool, outline: Outline): Promise<Band> {
  const { full, size, rgb, picture, colourRatio: ratio, mask } = outline
  return binding().bandFind(
    forest,
    pool,
    full.width,
    full.height,
    size.width,
    size.height,
    rgb,
    picture,
    ratio,
    mask,
  )
}

/** Adds a key frame's colours to `counts` (2 x colourBins, from zeros). */
export function addColours(
  size: Size,
  picture: Float32Array,
  mask: Float32Array,
  counts: Float32Array,
): Promise<void> {
  return binding().coloursAdd(size.width, size.height, picture, mask, counts)
}

/** Log-likelihood ratio object : rest of every colour bin. */
export function colourRatio(counts: Float32Array, ratio: Float32Array): Promise<void> {
  return binding().coloursRatio(counts, ratio)
}

export function createSamples(): Samples {
  return binding().samplesCreate()
}

export function countSamples(samples: Samples): number {
  return binding().samplesCount(samples)
}

/** Adds up to `maxCount` pixels around the outlines of prior and truth, labelled by the truth. One call at a time. */
export function addSamples(
  samples: Samples,
  pool: Pool,
  view: View,
  prior: Float32Array,
  truth: Float32Array,
  maxCount: number,
  weight: number,
  seed: number,
): Promise<void> {
  const { width, height, picture, neighbourPicture, flow, colourRatio: ratio } = view
  return binding().samplesAdd(
    samples,
    pool,
    width,
    height,
    picture,
    neighbourPicture,
    flow,
    ratio,
    prior,
    truth,
    maxCount,
    weight,
    seed,
  )
}

/** Extremely randomised trees over at least one sample. */
export function growForest(
  pool: Pool,
  samples: Samples,
  options: ForestOptions,
  seed: number,
): Promise<Forest> {
  const { treeCount, maxDepth, minLeaf, tries, gainSamples } = options
  return binding().forestGrow(pool, samples, treeCount, maxDepth, minLeaf, tries, gainSamples, seed)
}

/** Corrects `prior` (a neighbour's mask, warped to this frame) into `out`. */
export async function refineMask(
  forest: Forest,
  pool: Pool,
  view: View,
  prior: Float32Array,
  out: Float32Array,
): Promise<StepReport> {
  const report = new Float32Array(8)
  const { width, height, picture, neighbourPicture, flow, colourRatio: ratio } = view
  await binding().forestRefine(
    forest,
    pool,
    width,
    height,
    picture,
    neighbourPicture,
    flow,
    ratio,
    prior,
    out,
    report,
  )
  const [
    priorArea = 0,
    area = 0,
    margin = 0,
    residual = 0,
    priorOverlap = 0,
    centroidX = 0,
    centroidY = 0,
    borderPart = 0,
  ] = report
  return { priorArea, area, margin, residual, priorOverlap, centroidX, centroidY, borderPart }
}
