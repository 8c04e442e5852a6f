import type { DatasetClass } from './dataset.ts'

export interface ClassNumbers {
  /** Category number of each class, by its position. */
  readonly ids: readonly number[]
  /** The number for objects without a class: the next free one. */
  readonly withoutClass: number
  /** Sentences about numbers that could not be kept. */
  readonly converted: readonly string[]
}

/**
 * Category numbers for a format whose numbers begin at `lowest`. A class keeps the number the user gave it when that is
 * allowed and free; the others get the smallest free numbers in the order of the list.
 */
export function classNumbers(classes: readonly DatasetClass[], lowest: 0 | 1): ClassNumbers {
  const ids = new Array<number>(classes.length).fill(-1)
  const taken = new Set<number>()
  const converted: string[] = []
  for (const [index, { name, exportId }] of classes.entries()) {
    if (exportId === null) continue
    if (exportId >= lowest && !taken.has(exportId)) {
      ids[index] = exportId
      taken.add(exportId)
    } else
      converted.push(
        `The class ${name} could not keep its number ${exportId}: ${exportId < lowest ? `numbers begin at ${lowest} here` : 'another class has it'}.`,
      )
  }
  let next: number = lowest
  const free = () => {
    while (taken.has(next)) next++
    taken.add(next)
    return next
  }
  for (const index of ids.keys()) if (ids[index] === -1) ids[index] = free()
  return { ids, withoutClass: free(), converted }
}
