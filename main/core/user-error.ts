/** An error that a person can act on: one sentence that names the file or thing, the place and the remedy. Shown as it is, without a stack. */
export class UserError extends Error {
  /** Stable word for tests and for the view, such as 'project-locked'. */
  readonly code: string

  constructor(code: string, sentence: string, options?: ErrorOptions) {
    super(sentence, options)
    this.name = 'UserError'
    this.code = code
  }
}

export function isUserError(error: unknown): error is UserError {
  return error instanceof Error && error.name === 'UserError'
}
