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

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return true
  // A record is told by its kind; two of them with the same content are still two states of the project.
  return Object.getPrototypeOf(value) === Object.prototype && !('kind' in value && 'id' in value)
}
