/** Pure: what CLIP says of a picture or a text, as a direction. */
import { UserError } from '../../main/core/user-error.ts'

/** Of length 1, so that two of them are compared by their product. */
export type Embedding = Float32Array

export function normalised(values: Float32Array): Embedding {
  const length = Math.hypot(...values)
  return length === 0 ? values.slice() : values.map((value) => value / length)
}

/** Cosine of the angle between them: 1 alike, 0 nothing in common. Throws UserError 'other-space'. */
export function similarity(a: Embedding, b: Embedding): number {
  if (a.length !== b.length)
    throw new UserError(
      'other-space',
      `The packs for pictures and for texts do not belong together: one makes ${a.length} numbers, the other ${b.length}. Choose two of the same network.`,
    )
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0)
}
