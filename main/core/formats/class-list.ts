import { UserError } from '../user-error.ts'

/** A class as a list names it. */
export interface ListedClass {
  readonly name: string
  readonly stuff: boolean
  /** Category number to write on export; null: the list gives none. */
  readonly exportId: number | null
  /** `#rrggbb`; null: the list gives none. */
  readonly color: string | null
}

const largestListLength = 10_000

/**
 * Classes from a file: plain text (a name a line; empty lines and lines beginning with # are skipped) or JSON (names;
 * objects with `name` and perhaps `id`, `isthing` or `stuff`, `color`; the same under `categories` or `classes`; or a
 * table of name to number). Throws UserError 'bad-class-list' naming the file and the entry.
 */
export function readClassList(text: string, fileName: string): ListedClass[] {
  const start = text.trimStart()
  const classes =
    start.startsWith('[') || start.startsWith('{') ? classesOfJson(text, fileName) : classesOfText(text)
  if (classes.length === 0) throw new UserError('bad-class-list', `${fileName} names no classes`)
  if (classes.length > largestListLength)
    throw new UserError(
      'bad-class-list',
      `${fileName} names ${classes.length} classes, more than ${largestListLength}`,
    )
  const seen = new Set<string>()
  for (const { name } of classes) {
    if (seen.has(name))
      throw new UserError('bad-class-list', `${fileName} names the class ${name} twice. Keep one of them.`)
    seen.add(name)
  }
  return classes
}

function classesOfText(text: string): ListedClass[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((name) => ({ name, stuff: false, exportId: null, color: null }))
}

function classesOfJson(text: string, fileName: string): ListedClass[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new UserError('bad-class-list', `${fileName} is not readable JSON: ${(cause as Error).message}`, {
      cause,
    })
  }
  const list = Array.isArray(value) ? value : (field(value, 'categories') ?? field(value, 'classes'))
  if (Array.isArray(list)) return list.map((entry: unknown, index) => classOfEntry(entry, index, fileName))
  return Object.entries(value as object).map(([name, id]) => {
    const number = typeof id === 'string' && id.trim() !== '' ? Number(id) : id
    if (!isCategoryNumber(number))
      throw new UserError(
        'bad-class-list',
        `${fileName}: the class ${name} has no number (its value is ${JSON.stringify(id)})`,
      )
    return { name, stuff: false, exportId: number, color: null }
  })
}

function classOfEntry(entry: unknown, index: number, fileName: string): ListedClass {
  if (typeof entry === 'string' && entry.trim() !== '')
    return { name: entry.trim(), stuff: false, exportId: null, color: null }
  const name = field(entry, 'name')
  if (typeof name !== 'string' || name.trim() === '')
    throw new UserError('bad-class-list', `${fileName}: entry ${index} has no name`)
  const thing = field(entry, 'isthing')
  const stuff = thing === undefined ? field(entry, 'stuff') === true : thing === 0 || thing === false
  const id = field(entry, 'id')
  return {
    name: name.trim(),
    stuff,
    exportId: isCategoryNumber(id) ? id : null,
    color: colorOf(field(entry, 'color')),
  }
}

function colorOf(color: unknown): string | null {
  if (typeof color === 'string' && /^#[0-9a-f]{6}$/i.test(color)) return color.toLowerCase()
  const isByte = (part: unknown): part is number =>
    Number.isInteger(part) && (part as number) >= 0 && (part as number) < 256
  if (!Array.isArray(color) || color.length !== 3 || !color.every(isByte)) return null
  return `#${color.map((part: number) => part.toString(16).padStart(2, '0')).join('')}`
}

function isCategoryNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined
}
