/**
 * What has been measured of single frames, kept on disk: a line of JSON each, written as soon as it is known. A run that
 * was stopped goes on where it was, and parts that ran side by side add up. Lines of another version of the code that
 * is measured are never read.
 */
import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export class FrameCache<Value> {
  readonly #known = new Map<string, Value>()
  readonly #file: string

  /** `folder` is made; `sources` are the files that the values follow from, besides the pictures; `more` in words. */
  constructor(folder: string, name: string, sources: readonly string[], more = '') {
    mkdirSync(folder, { recursive: true })
    this.#file = join(folder, `${name}-${versionOf(sources, more)}.jsonl`)
    if (!existsSync(this.#file)) return
    for (const line of readFileSync(this.#file, 'utf8').split('\n')) {
      const [key, value] = parsed<Value>(line)
      if (key !== null) this.#known.set(key, value!)
    }
  }

  get(key: string): Value | undefined {
    return this.#known.get(key)
  }

  async once(key: string, measure: () => Promise<Value>): Promise<Value> {
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const value = await measure()
    appendFileSync(this.#file, `${JSON.stringify([key, value])}\n`)
    this.#known.set(key, value)
    return value
  }
}

/** The last line of a run that was killed may be half a line. */
function parsed<Value>(line: string): [string, Value] | [null] {
  try {
    return JSON.parse(line) as [string, Value]
  } catch {
    return [null]
  }
}

/** Every file that is in a folder, its subfolders left out, or the file itself. */
function versionOf(sources: readonly string[], more: string): string {
  const hash = createHash('sha256').update(more)
  for (const source of sources) {
    const files = source.endsWith('.ts')
      ? [source]
      : readdirSync(source)
          .sort()
          .map((file) => join(source, file))
    for (const file of files) if (!/\.md$|\.test\.ts$/.test(file)) hash.update(readFileSync(file))
  }
  return hash.digest('hex').slice(0, 12)
}
