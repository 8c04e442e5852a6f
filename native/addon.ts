/** Finds and loads the built addon; its raw functions, which check their arguments and take them in this order. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createWasmBinding } from './wasm/binding.ts'

declare const handle: unique symbol
type Handle<Name extends string> = { readonly [handle]: Name }
export type Pool = Handle<'Pool'>
export type Samples = Handle<'Samples'>
export type Forest = Handle<'Forest'>
export type Band = Handle<'Band'>

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
    bands: readonly (Band | null)[],
    reserved: readonly Uint32Array[],
    unlabelled: number,
  ): Promise<Uint32Array[]>
  bandTeach(
    samples: Samples,
    pool: Pool,
    fullWidth: number,
    fullHeight: number,
    width: number,
    height: number,
    rgb: Uint8Array,
    picture: Float32Array,
    colourRatio: Float32Array,
    mask: Float32Array,
    counts: Uint32Array,
    maxCount: number,
    seed: number,
  ): Promise<void>
  bandFind(
    forest: Forest,
    pool: Pool,
    fullWidth: number,
    fullHeight: number,
    width: number,
    height: number,
    rgb: Uint8Array,
    picture: Float32Array,
    colourRatio: Float32Array,
    mask: Float32Array,
  ): Promise<Band>
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
  regionPicture(
    pool: Pool,
    fullWidth: number,
    fullHeight: number,
    width: number,
    height: number,
    rgb: Uint8Array,
    picture: Float32Array,
  ): Promise<void>
  /** `taught` may be empty: every pixel. */
  regionColours(
    fullWidth: number,
    fullHeight: number,
    width: number,
    height: number,
    picture: Float32Array,
    mask: Uint8Array,
    taught: Uint8Array,
    counts: Float32Array,
  ): Promise<void>
  /** `mask` and `colourCounts` may be empty: not known. */
  regionSegment(
    pool: Pool,
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
  ): Promise<void>
}

const addonPath = join('native', 'build', 'Release', 'inbetween.node')
const wasmPath = join('native', 'wasm', 'inbetween.wasm')

/**
 * Walks up from this file to the folder that holds `path`. Run from source that is one step; bundled by vite into
 * out/main/ two; inside a packed app both lie beside the archive, in app.asar.unpacked. Null: there is none.
 */
function findAbove(path: string): string | null {
  const start = dirname(fileURLToPath(import.meta.url))
  for (let folder = start; ; folder = dirname(folder)) {
    const found = join(folder, path)
      .replace('app.asar', 'app.asar.unpacked')
      .replace('.unpacked.unpacked', '.unpacked')
    if (existsSync(found)) return found
    if (dirname(folder) === folder) return null
  }
}

export interface Kernels {
  readonly kind: 'addon' | 'wasm'
  readonly binding: Binding
}

let loaded: Kernels | undefined

/**
 * The compiled addon; where it is not built or does not load, the WebAssembly twin, which every machine runs, slower.
 * INBETWEEN_KERNELS=wasm asks for the twin. Loaded at first use, so that the program starts without either.
 */
export function kernels(): Kernels {
  loaded ??= load()
  return loaded
}

export function binding(): Binding {
  return kernels().binding
}

function load(): Kernels {
  const addon = process.env.INBETWEEN_KERNELS === 'wasm' ? null : findAbove(addonPath)
  let trouble = `found no ${addonPath}`
  if (addon) {
    try {
      return { kind: 'addon', binding: createRequire(import.meta.url)(addon) as Binding }
    } catch (error) {
      trouble = `${addon} does not load (${error instanceof Error ? error.message : String(error)})`
    }
  }
  const wasm = findAbove(wasmPath)
  if (wasm) return { kind: 'wasm', binding: createWasmBinding(dirname(wasm)) }
  throw new Error(`The video kernels are not built: ${trouble}. Run "node native/build.mjs".`)
}
