/** What propagation asks of a network that corrects masks after the forest; models/refine-mask says what it is shown. */
export interface RefineNetwork {
  /** What runs, for plans: a resumed run needs the same. */
  readonly id: string
  /** `key`: bytes of `keySight`. Resolves to what is remembered of a key mask. */
  memorise(key: Uint8Array): Promise<Float32Array>
  /** `step`: bytes of `stepSight`; `memories`: one or two. Resolves to logits to add, 192 x 192. */
  refine(step: Uint8Array, memories: readonly Float32Array[]): Promise<Float32Array>
}
