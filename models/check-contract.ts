/** Whether a manifest has what the code behind its contract asks for: before a run does, in the middle of a film. */
import {
  contracts,
  fits,
  type GraphNeeds,
  neededGraphs,
  type PackGraphs,
  type TensorNames,
} from './contracts.ts'
import type { Field } from './field.ts'
import type { Contract, TensorFacts } from './manifest.ts'

/** `graphs`: as they were read from the manifest `root`. Throws UserError 'bad-manifest'. */
export function checkContract(root: Field, contract: Contract, graphs: PackGraphs): void {
  const needs = neededGraphs(contract, graphs)
  const at = root.get('graphs')
  const lacking = Object.entries(needs).find(
    ([part, { perhaps }]) => !perhaps && !Object.hasOwn(graphs, part),
  )
  if (lacking) throw at.wrong(`lacks “${lacking[0]}”, which the contract ${contract} needs: add that graph`)
  for (const [part, graph] of Object.entries(needs))
    if (Object.hasOwn(graphs, part)) checkGraph(at.get(part), contract, part, graph, graphs)
  const { preprocessing, tokenizer } = contracts[contract]
  if (preprocessing && !root.optional('preprocessing'))
    throw root
      .get('contract')
      .wrong(
        `is ${contract}, which needs “preprocessing”: write how a picture becomes the input of the graph encoder`,
      )
  if (tokenizer && !root.optional('tokenizer'))
    throw root
      .get('contract')
      .wrong(`is ${contract}, which needs “tokenizer”: write which file has the vocabulary`)
}

function checkGraph(
  at: Field,
  contract: Contract,
  part: string,
  needs: GraphNeeds,
  graphs: PackGraphs,
): void {
  const graph = graphs[part]!
  const outputs = typeof needs.outputs === 'function' ? needs.outputs(graph) : needs.outputs
  checkThere(at.get('inputs'), contract, needs.inputs, graph.inputs)
  checkThere(at.get('outputs'), contract, outputs, graph.outputs)
  const offered = [...needs.inputs, ...(needs.offers ?? [])].filter((names) => !names.endsWith('*'))
  const handedOn = needs.handedOn?.(graphs) ?? []
  for (const { name } of graph.inputs) {
    if (handedOn.includes(name) || offered.some((names) => fits(names, name))) continue
    const has = [...offered.flatMap((names) => names.split('|')), ...handedOn]
    throw at
      .get('inputs')
      .wrong(
        `asks for “${name}”, which the contract ${contract} does not have for the graph ${part}; it has ${listed(has)}. Take another export, or correct the name`,
      )
  }
  checkFixed(at.get('inputs'), needs, graph.inputs)
}

function checkThere(
  at: Field,
  contract: Contract,
  needed: readonly TensorNames[],
  there: readonly TensorFacts[],
): void {
  const lacking = needed.find((names) => !there.some(({ name }) => fits(names, name)))
  if (lacking === undefined) return
  const [first, ...others] = lacking.split('|')
  const or = others.length === 0 ? '' : ` (or ${listed(others)})`
  throw at.wrong(
    `lacks “${first}”${or}, which the contract ${contract} needs; here stand ${listed(there.map(({ name }) => name))}. Take another export, or correct the names`,
  )
}

function checkFixed(at: Field, { fixed }: GraphNeeds, inputs: readonly TensorFacts[]): void {
  if (!fixed) return
  const open = inputs.find(({ name, shape }) => {
    const length = shape[fixed.axis]
    return fits(fixed.inputs, name) && !(typeof length === 'number' && length > 1)
  })
  if (open)
    throw at.wrong(
      `has “${open.name}” with the shape [${open.shape.join(', ')}], whose [${fixed.axis}] must be a number above 1: it says ${fixed.what}`,
    )
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'none' : [...new Set(names)].map((name) => `“${name}”`).join(', ')
}
