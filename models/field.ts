import { UserError } from '../main/core/user-error.ts'

/** A value of a JSON file with its place in it: what it is not is said with file, place and remedy. */
export class Field {
  readonly value: unknown
  /** 'graphs.encoder.inputs[2].type'; '' is the whole file. */
  readonly at: string
  readonly #file: string

  constructor(file: string, value: unknown, at = '') {
    this.#file = file
    this.value = value
    this.at = at
  }

  /** For throwing: `what` goes on after the field's name. */
  wrong(what: string): UserError {
    return new UserError('bad-manifest', `${this.#file}: ${this.at || 'the whole'} ${what}.`)
  }

  /** The field of that name, which must be there. */
  get(name: string): Field {
    const field = this.optional(name)
    if (!field) throw this.#below(name).wrong('is missing: write it')
    return field
  }

  /** Null where there is none. */
  optional(name: string): Field | null {
    const object = this.object()
    return Object.hasOwn(object, name) && object[name] !== undefined ? this.#below(name) : null
  }

  object(): Readonly<Record<string, unknown>> {
    const { value } = this
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw this.wrong(`is ${said(value)}, where an object { … } is expected`)
    return value as Readonly<Record<string, unknown>>
  }

  /** An object of these fields and no others: a name that is misspelt must not pass for one left out. */
  only(...names: readonly string[]): void {
    const odd = Object.keys(this.object()).find((name) => !names.includes(name))
    if (odd !== undefined)
      throw this.#below(odd).wrong(
        `is no field of a manifest: take it out, or correct its name (here stand ${names.join(', ')})`,
      )
  }

  list<T>(read: (item: Field) => T, { least = 0, most }: { least?: number; most: number }): T[] {
    const { value } = this
    if (!Array.isArray(value)) throw this.wrong(`is ${said(value)}, where a list [ … ] is expected`)
    if (value.length < least || value.length > most)
      throw this.wrong(`has ${value.length} items, where ${least} to ${most} are expected`)
    return value.map((item, i) => read(new Field(this.#file, item, `${this.at}[${i}]`)))
  }

  /** Items by name. */
  record<T>(
    read: (item: Field, name: string) => T,
    { least = 0, most }: { least?: number; most: number },
  ): Readonly<Record<string, T>> {
    const names = Object.keys(this.object())
    if (names.length < least || names.length > most)
      throw this.wrong(`has ${names.length} entries, where ${least} to ${most} are expected`)
    return Object.fromEntries(names.map((name) => [name, read(this.#below(name), name)]))
  }

  /** Words on one line. */
  text(most = 200): string {
    const { value } = this
    if (typeof value !== 'string') throw this.wrong(`is ${said(value)}, where a text is expected`)
    if (value.trim() === '') throw this.wrong('is empty: write it')
    if (value.length > most) throw this.wrong(`has ${value.length} characters: shorten it to at most ${most}`)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not be there
    if (/[\u0000-\u001f\u007f]/.test(value) || !value.isWellFormed())
      throw this.wrong(
        'has characters that cannot be shown: write it on one line, without control characters',
      )
    return value
  }

  matching(pattern: RegExp, expected: string): string {
    const text = this.text()
    if (!pattern.test(text)) throw this.wrong(`is “${text}”, where ${expected} is expected`)
    return text
  }

  oneOf<Word extends string>(words: readonly Word[]): Word {
    const found = words.find((word) => word === this.value)
    if (found === undefined) throw this.wrong(`is ${said(this.value)}: write one of ${words.join(', ')}`)
    return found
  }

  boolean(): boolean {
    if (typeof this.value !== 'boolean')
      throw this.wrong(`is ${said(this.value)}, where true or false is expected`)
    return this.value
  }

  number(least: number, most: number): number {
    const { value } = this
    if (typeof value !== 'number' || !Number.isFinite(value) || value < least || value > most)
      throw this.wrong(`is ${said(value)}, where a number from ${least} to ${most} is expected`)
    return value
  }

  whole(least: number, most: number): number {
    const number = this.number(least, most)
    if (!Number.isSafeInteger(number)) throw this.wrong(`is ${number}, where a whole number is expected`)
    return number
  }

  /** An address of the web: anything else could name a file or a program. */
  url(): string {
    const text = this.text(2000)
    if (!webAddress(text))
      throw this.wrong(`is “${text}”, where an address that begins with https:// or http:// is expected`)
    return text
  }

  /** Of that place further in, for what is to be said of it. */
  below(at: string): Field {
    return new Field(this.#file, undefined, this.at === '' ? at : `${this.at}.${at}`)
  }

  #below(name: string): Field {
    const value = (this.value as Readonly<Record<string, unknown>>)[name]
    const shown = /^[\w-]+$/.test(name) ? name : JSON.stringify(name.slice(0, 80))
    return new Field(this.#file, value, this.at === '' ? shown : `${this.at}.${shown}`)
  }
}

/** Null for what is no http(s) address. */
export function webAddress(text: string): URL | null {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return null
  const url = new URL(text)
  return url.hostname === '' ? null : url
}

function said(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'an object'
  const text = JSON.stringify(value) ?? 'undefined'
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}
