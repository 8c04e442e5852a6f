/** Looking into JSON from outside without believing anything about it. */
import { UserError } from '../user-error.ts'

export type JsonObject = Readonly<Record<string, unknown>>

export function parsedJson(text: string, fileName: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (cause) {
    throw new UserError('bad-json', `${fileName} is not readable JSON: ${(cause as Error).message}`, {
      cause,
    })
  }
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An own property, so that a file cannot reach inherited ones by naming them. */
export function jsonField(value: unknown, key: string): unknown {
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
}

/** The list under the key; empty when there is none. */
export function jsonList(value: unknown, key: string): readonly unknown[] {
  const list = jsonField(value, key)
  return Array.isArray(list) ? list : []
}

export function jsonString(value: unknown, key: string): string | null {
  const text = jsonField(value, key)
  return typeof text === 'string' ? text : null
}

/** A whole number, also where it stands as a string. */
export function jsonInteger(value: unknown, key: string): number | null {
  const field = jsonField(value, key)
  const number = typeof field === 'string' && /^-?\d{1,15}$/.test(field) ? Number(field) : field
  return Number.isSafeInteger(number) ? (number as number) : null
}
