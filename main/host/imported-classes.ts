import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { type Diff, emptyDiff } from '../core/diff.ts'
import { readClassList } from '../core/formats/class-list.ts'
import type { ClassId, ClassRecord } from '../core/records.ts'
import { UserError } from '../core/user-error.ts'
import { diskError } from './disk-error.ts'
import type { ProjectContext } from './job-context.ts'

export interface ImportedClasses {
  readonly diff: Diff
  /** Of every class in the list, also of those that the project had already. */
  readonly classIds: readonly ClassId[]
  readonly sentence: string
}

/** Okabe and Ito's colours, told apart by colour-blind people too; then hues far from one another. */
const colors = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#f0e442'] as const
const largestByteLength = 4 * 1024 * 1024

/** The classes that a list (text or JSON) adds to the project; one whose name is there already is left as it is. */
export async function importedClasses(
  context: Pick<ProjectContext, 'store' | 'newId'>,
  path: string,
): Promise<ImportedClasses> {
  const listed = readClassList(await readText(path), basename(path))
  const byName = new Map([...context.store.ofKind('class')].map((record) => [record.name, record.id]))
  const classIds: ClassId[] = []
  const added: Record<string, ClassRecord> = {}
  let order = Math.max(-1, ...[...context.store.ofKind('class')].map((record) => record.order)) + 1
  for (const { name, stuff, exportId, color } of listed) {
    const id = byName.get(name) ?? (context.newId('class') as ClassId)
    classIds.push(id)
    if (byName.has(name)) continue
    added[id] = { kind: 'class', id, name, stuff, color: color ?? classColor(order), order, exportId }
    order++
  }
  const addedCount = Object.keys(added).length
  const knownCount = classIds.length - addedCount
  const known =
    knownCount > 0
      ? `; ${knownCount.toLocaleString('en-US')} ${knownCount === 1 ? 'was' : 'were'} there already`
      : ''
  const sentence = `${addedCount.toLocaleString('en-US')} ${addedCount === 1 ? 'class' : 'classes'} added${known}.`
  return { diff: { ...emptyDiff, added }, classIds, sentence }
}

async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path)
    if (size > largestByteLength)
      throw new UserError(
        'bad-class-list',
        `${path} has ${size.toLocaleString('en-US')} bytes, too many for a class list. Choose a text or JSON file of names.`,
      )
    return await readFile(path, 'utf8')
  } catch (error) {
    throw diskError(error, path)
  }
}

export function classColor(order: number): string {
  const fixed = colors[order]
  if (fixed) return fixed
  // Steps of the golden angle never come close to a hue used shortly before.
  const hue = (order * 137.508) % 360
  const channel = (offset: number) => {
    const k = (offset + hue / 30) % 12
    return Math.round(255 * (0.55 - 0.35 * Math.max(-1, Math.min(k - 3, 9 - k, 1))))
  }
  return `#${[0, 8, 4].map((offset) => channel(offset).toString(16).padStart(2, '0')).join('')}`
}
