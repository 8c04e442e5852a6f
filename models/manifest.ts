/** What a pack says of itself in `manifest.json`: who made it, what it may be used for, its graphs and their tensors. */
import type { ModelRole } from '../main/core/models.ts'
import type { TensorType } from './tensor.ts'

/** What a pack can do for the app. */
export type Role = ModelRole

/** Which code of ours drives the graphs: names and order of tensors differ from one export to another. */
export type Contract =
  | 'sam2-image'
  | 'edgetam-image'
  | 'sam2-video'
  | 'aot-video'
  | 'clip-image'
  | 'clip-text'
  | 'tapir-online'
  | 'inbetween-refine'

/** A dimension: a number, or a name where it is not fixed; equal names in one graph mean equal lengths. */
export type Dimension = number | string

export interface TensorFacts {
  readonly name: string
  readonly type: TensorType
  readonly shape: readonly Dimension[]
}

export interface PackFile {
  /** Below the pack's folder, with `/`; never outside it. */
  readonly path: string
  /** Lower-case hex. */
  readonly sha256: string
  readonly bytes: number
  /** Where it can be had, if not beside the manifest. */
  readonly url?: string
}

export interface PackGraph {
  /** One of `files`; weights in files of their own (`.onnx.data`) stand in `files` as well. */
  readonly file: string
  readonly inputs: readonly TensorFacts[]
  readonly outputs: readonly TensorFacts[]
}

/** How a picture becomes the encoder's input. */
export interface Preprocessing {
  readonly colour: 'rgb' | 'bgr'
  /** `stretch` both sides to `size`; `letterbox` the long side, zeros beside; `short-side`, then the middle. */
  readonly resize: 'stretch' | 'letterbox' | 'short-side'
  readonly width: number
  readonly height: number
  readonly layout: 'nchw' | 'nhwc'
  /** A sample is (v * scale - mean) / std with v from 0 to 255, a channel each, in the order of `colour`. */
  readonly scale: number
  readonly mean: readonly [number, number, number]
  readonly std: readonly [number, number, number]
}

/** Inputs with what must come out, both as files of raw little-endian tensors. */
export interface GoldenSample {
  readonly graph: string
  readonly inputs: Readonly<Record<string, GoldenTensor>>
  readonly outputs: Readonly<Record<string, GoldenTensor>>
  /** Largest absolute difference. */
  readonly tolerance: number
}
export interface GoldenTensor {
  /** One of `files`. */
  readonly file: string
  readonly dims: readonly number[]
}

export interface PackManifest {
  /** Of the manifest's own layout. */
  readonly format: 1
  /** Lower-case letters, digits and dashes. */
  readonly id: string
  readonly name: string
  readonly version: string
  readonly role: Role
  readonly contract: Contract
  readonly licence: {
    /** SPDX, or 'LicenseRef-...' */
    readonly spdx: string
    readonly url: string
    /** Whether it may be used to earn money with. */
    readonly commercial: boolean
    /** What the licence asks for, in a sentence. */
    readonly note?: string
  }
  /** Where it comes from; what ships with the app comes from nowhere else. */
  readonly source?: { readonly url: string; readonly commit?: string }
  readonly files: readonly PackFile[]
  /** By part: 'encoder', 'decoder', 'memory-attention', ... as the contract names them. */
  readonly graphs: Readonly<Record<string, PackGraph>>
  readonly preprocessing?: Preprocessing
  /** What is kept from frame to frame, where the contract leaves it open. */
  readonly state?: Readonly<Record<string, number>>
  readonly tokenizer?: { readonly file: string; readonly type: 'clip-bpe'; readonly length: number }
  readonly golden: readonly GoldenSample[]
}
