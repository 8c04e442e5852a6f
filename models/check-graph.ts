/** Whether a graph is what the manifest says of it. */
import type { Dimension, PackGraph, TensorFacts } from './manifest.ts'

/** What a session says of its own tensors. A length that is not fixed has a name there, or -1. */
export interface SessionFacts {
  readonly inputs: readonly TensorFacts[]
  readonly outputs: readonly TensorFacts[]
}

/**
 * The first difference between declared and real, as a sentence that names graph and tensor; null where they fit. A
 * manifest may fix what the graph leaves open; it may not promise what the graph does not keep, nor leave out an input.
 */
export function graphProblem(part: string, declared: PackGraph, real: SessionFacts): string | null {
  const where = `The graph ${part} (${declared.file})`
  return (
    tensorsProblem(where, 'input', declared.inputs, real.inputs) ??
    undeclaredInput(where, declared.inputs, real.inputs) ??
    tensorsProblem(where, 'output', declared.outputs, real.outputs)
  )
}

function tensorsProblem(
  where: string,
  kind: 'input' | 'output',
  declared: readonly TensorFacts[],
  real: readonly TensorFacts[],
): string | null {
  for (const wanted of declared) {
    const found = real.find(({ name }) => name === wanted.name)
    if (!found)
      return `${where} has no ${kind} “${wanted.name}”, which the manifest declares. It has: ${names(real)}. Correct the manifest, or take the export that it was written for.`
    const problem = tensorProblem(wanted, found)
    if (problem)
      return `${where}, ${kind} “${wanted.name}”, ${problem}. Correct the manifest, or take the export that it was written for.`
  }
  return null
}

function undeclaredInput(
  where: string,
  declared: readonly TensorFacts[],
  real: readonly TensorFacts[],
): string | null {
  const odd = real.find(({ name }) => !declared.some((wanted) => wanted.name === name))
  if (!odd) return null
  return `${where} needs the input “${odd.name}” (${odd.type} ${shapeText(odd.shape)}), which the manifest does not declare. Add it to the manifest, or take the export that it was written for.`
}

function tensorProblem(wanted: TensorFacts, found: TensorFacts): string | null {
  if (wanted.type !== found.type) return `is ${found.type}, but the manifest says ${wanted.type}`
  if (wanted.shape.length !== found.shape.length)
    return `has ${found.shape.length} dimensions ${shapeText(found.shape)}, but the manifest says ${wanted.shape.length} ${shapeText(wanted.shape)}`
  const at = wanted.shape.findIndex((dim, i) => !fits(dim, found.shape[i]!))
  return at < 0
    ? null
    : `has the shape ${shapeText(found.shape)}, but the manifest says ${shapeText(wanted.shape)}: [${at}] is ${found.shape[at]}, not ${wanted.shape[at]}`
}

function fits(wanted: Dimension, found: Dimension): boolean {
  return typeof found === 'string' || found < 0 || wanted === found
}

function names(tensors: readonly TensorFacts[]): string {
  return tensors.map(({ name }) => `“${name}”`).join(', ') || 'none'
}

export function shapeText(shape: readonly Dimension[]): string {
  return `[${shape.map((dim) => (dim === '' || Number(dim) < 0 ? '?' : dim)).join(', ')}]`
}

/**
 * What ONNX Runtime says of an operator that it does not know, as a sentence that names it; null for every other error.
 * Its words: "Fatal error: com.example:Levitate(-1) is not a registered function/op", "No Op registered for Levitate
 * with domain_version of 17".
 */
export function operatorProblem(part: string, file: string, error: string): string | null {
  const found =
    /([\w.]*):([\w.]+)\(-?\d+\) is not a registered function\/op/.exec(error) ??
    /()No Op registered for ([\w.]+)/i.exec(error) ??
    /()(?:Failed to find kernel for|Could not find an implementation for) ([\w.]+)/i.exec(error)
  if (!found) return null
  const [, domain, operator] = found
  const name = domain ? `${domain}.${operator}` : operator
  return `The graph ${part} (${file}) uses the operator ${name}, which ONNX Runtime does not have here. Export it with operators of ONNX itself, or with an older opset.`
}
