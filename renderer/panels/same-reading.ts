import { type RecordKind, recordKinds } from '../../main/core/records.ts'

/**
 * Whether two readings show the same: the same value, or lists and plain objects whose items are, two levels deep (a list
 * of rows). Records are never looked into: they are replaced, not changed.
 */
export function isSameReading(a: unknown, b: unknown, depth = 2): boolean {
  if (Object.is(a, b)) return true
  if (depth === 0 || !isPlain(a) || !isPlain(b) || Array.isArray(a) !== Array.isArray(b)) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => key in b && isSameReading(a[key], b[key], depth - 1))
  )
}

/**
 * The new reading with what of the last one shows the same: the whole, or the rows of a list that do, found by their id
 * or, where they have none, by their place. So only rows that differ are drawn again.
 */
export function steadyReading<T>(before: T, after: T): T {
  if (isSameReading(before, after)) return before
  if (!Array.isArray(before) || !Array.isArray(after)) return after
  const known = new Map<unknown, unknown>(before.map((row, i) => [idOf(row) ?? i, row]))
  return after.map((row, i) => {
    const old = known.get(idOf(row) ?? i)
    return isSameReading(old, row, 1) ? old : row
  }) as T
}

function idOf(row: unknown): unknown {
  return typeof row === 'object' && row !== null && 'id' in row ? row.id : undefined
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return true
  // A record is told by its kind; two of them with the same content are still two states of the project.
  const isRecord = 'id' in value && 'kind' in value && recordKinds.includes(value.kind as RecordKind)
  return Object.getPrototypeOf(value) === Object.prototype && !isRecord
}
