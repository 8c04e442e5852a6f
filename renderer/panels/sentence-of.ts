/** The sentence of an error: the host's own for a UserError, else its message as it is. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
