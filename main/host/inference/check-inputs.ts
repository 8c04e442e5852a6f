import type { TensorFacts } from '../../../models/manifest.ts'
import type { NamedTensors } from '../../../models/tensor.ts'
import { UserError } from '../../core/user-error.ts'

/** What a named dimension is, and in which input it was first met. */
type NamedLengths = Map<string, { readonly length: number; readonly of: string }>

/**
 * Throws UserError 'bad-tensor' where inputs are not what a graph asks for: a missing or unknown name, another type, rank
 * or length, or two lengths for one name. ONNX Runtime says less of it, and some providers say nothing.
 */
export function checkInputs(name: string, wanted: readonly TensorFacts[], given: NamedTensors): void {
  const names = wanted.map((facts) => `“${facts.name}”`).join(', ') || 'none'
  for (const key of Object.keys(given))
    if (!wanted.some((facts) => facts.name === key))
      throw refusal(name, `it has no input “${key}”; its inputs are ${names}.`)
  const lengths: NamedLengths = new Map()
  for (const facts of wanted) {
    const tensor = given[facts.name]
    if (!tensor) throw refusal(name, `its input “${facts.name}” was not given; its inputs are ${names}.`)
    if (tensor.type !== facts.type)
      throw refusal(name, `its input “${facts.name}” is ${facts.type}, but ${tensor.type} was given.`)
    checkLengths(name, facts, tensor.dims, lengths)
  }
}

function checkLengths(
  name: string,
  facts: TensorFacts,
  dims: readonly number[],
  lengths: NamedLengths,
): void {
  const input = `its input “${facts.name}”`
  const wanted = `[${facts.shape.map((dim) => (dim === '' ? '?' : dim)).join(', ')}]`
  const given = `[${dims.join(', ')}] was given`
  if (dims.length !== facts.shape.length)
    throw refusal(
      name,
      `${input} has rank ${facts.shape.length}, ${wanted}, but ${given}, whose rank is ${dims.length}.`,
    )
  for (const [axis, dim] of facts.shape.entries()) {
    const length = dims[axis] ?? 0
    if (typeof dim === 'number' && dim !== length)
      throw refusal(
        name,
        `${input} is ${wanted}, but ${given}: dimension ${axis} must be ${dim}, not ${length}.`,
      )
    // An unnamed dimension may have any length, whatever other unnamed ones have.
    if (typeof dim === 'number' || dim === '') continue
    const known = lengths.get(dim)
    if (known && known.length !== length)
      throw refusal(
        name,
        `“${dim}” is ${known.length} in “${known.of}” and ${length} in “${facts.name}”, and must be the same in both.`,
      )
    lengths.set(dim, { length, of: facts.name })
  }
}

function refusal(name: string, what: string): UserError {
  return new UserError('bad-tensor', `“${name}” cannot run: ${what}`)
}
