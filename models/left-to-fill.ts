/** Marks in a drafted manifest where only a person knows what to write. */
import type { Field } from './field.ts'

const mark = 'FILL IN: '

export function leftToFill(what: string): string {
  return `${mark}${what}`
}

/** Every mark that is still there: where, and what to write. */
export function marksIn(value: unknown, at = ''): readonly { readonly at: string; readonly what: string }[] {
  if (typeof value === 'string') return value.startsWith(mark) ? [{ at, what: value.slice(mark.length) }] : []
  if (typeof value !== 'object' || value === null) return []
  const below = (name: string) =>
    Array.isArray(value) ? `${at}[${name}]` : at === '' ? name : `${at}.${name}`
  return Object.entries(value).flatMap(([name, item]) => marksIn(item, below(name)))
}

/** Throws UserError 'bad-manifest' that names the first of them. */
export function checkFilledIn(root: Field): void {
  const [first] = marksIn(root.value)
  if (first) throw root.below(first.at).wrong(`is still to be filled in: write ${first.what}`)
}
