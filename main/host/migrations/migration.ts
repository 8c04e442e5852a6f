/** One step of the file format: takes a file of format `version - 1` to `version`. Never edited once released. */
export interface Migration {
  readonly version: number
  readonly sql: string
}
