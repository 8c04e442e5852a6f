/** Finds and loads the built addon; its raw functions, which check their arguments and take them in this order. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

declare const handle: unique symbol
type Handle<Name extends string> = { readonly [handle]: Name }
export type Pool = Handle<'Pool'>
export type Samples = Handle<'Samples'>
export type Forest = Handle<'Forest'>

export interface Binding {
  poolCreate(threadCount: number): Pool
  pictureCompute(
    pool: Pool,
    sourceWidth: number,
    sourceHeight: number,
    width: number,
    height: number,
    rgb: Uint8Array,
    picture: Float32Array,
  ): Promise<void>
  cutScore(
    width: number,
    height: number,
    from: Float32Array,
    to: Float32Array,
    flow: Float32Array,
  ): Promise<number>
  flowCompute(
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
  ): Promise<void>
  maskShrink(
    sourceWidth: number,
    sourceHeight: number,
    width: number,
    height: number,
    counts: Uint32Array,
    mask: Float32Array,
  ): Promise<void>
  maskWarp(
    pool: Pool,
    width: number,
    height: number,
    mask: Float32Array,
    flow: Float32Array,
    out: Float32Array,
  ): Promise<void>
  maskJitter(
    width: number,
    height: number,
    mask: Float32Array,
    angle: number,
    scale: number,
    shiftX: number,
    shiftY: number,
    out: Float32Array,
  ): Promise<void>
  maskFuse(
    width: number,
    height: number,
    left: Float32Array,
    right: Float32Array,
    weight: number,
    out: Float32Array,
  ): Promise<number>
  maskOverlap(width: number, height: number, a: Float32Array, b: Float32Array): Promise<number>
  masksMerge(
    pool: Pool,
    width: number,
    height: number,
    fullWidth: number,
    fullHeight: number,
    masks: readonly Float32Array[],
    reserved: readonly Uint32Array[],
  ): Promise<Uint32Array[]>
  coloursAdd(
    width: number,
    height: number,
    picture: Float32Array,
    mask: Float32Array,
    counts: Float32Array,
  ): Promise<void>
  coloursRatio(counts: Float32Array, ratio: Float32Array): Promise<void>
  samplesCreate(): Samples
  samplesCount(samples: Samples): number
  samplesAdd(
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
  ): Promise<void>
  forestGrow(
    pool: Pool,
    samples: Samples,
    treeCount: number,
    maxDepth: number,
    minLeaf: number,
    tries: number,
    gainSamples: number,
    seed: number,
  ): Promise<Forest>
  forestRefine(
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
  ): Promise<void>
}

const addonPath = join('native', 'build', 'Release', 'inbetween.node')

/**
 * Walks up from this file to the folder that holds the built addon. Run from source that is one step; bundled by
 * vite into out/main/ two; inside a packed app the addon lies beside the archive, in app.asar.unpacked.
 */
function findAddon(): string {
  const start = dirname(fileURLToPath(import.meta.url))
  for (let folder = start; ; folder = dirname(folder)) {
    const path = join(folder, addonPath)
      .replace('app.asar', 'app.asar.unpacked')
      .replace('.unpacked.unpacked', '.unpacked')
    if (existsSync(path)) return path
    if (dirname(folder) === folder) break
  }
  throw new Error(
    `The video kernels are not built: found no ${addonPath} above ${start}. Run "node native/build.mjs".`,
  )
}

let loaded: Binding | undefined

/** Loaded at first use, so that the program starts, and can say what is missing, without it. */
export function binding(): Binding {
  loaded ??= createRequire(import.meta.url)(findAddon()) as Binding
  return loaded
}
