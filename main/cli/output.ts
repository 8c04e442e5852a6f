/** What a command prints: its result on stdout (text, or one JSON value), everything else on stderr. */
export interface Output {
  readonly json: boolean
  /** The result: `text` for a person, `value` for a program. */
  result(text: string, value: unknown): void
  /** A sentence on the way. */
  note(sentence: string): void
}

export function outputTo(json: boolean): Output {
  return {
    json,
    result: (text, value) => {
      process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : `${text}\n`)
    },
    note: (sentence) => {
      process.stderr.write(`${sentence}\n`)
    },
  }
}

/** Rows in columns as wide as their widest cell; numbers to the right. */
export function textTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = rows.map((row) =>
    row.map((cell) => (typeof cell === 'number' ? cell.toLocaleString('en-US') : cell)),
  )
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map((row) => row[i]?.length ?? 0)))
  const isNumber = head.map(
    (_, i) =>
      rows.length > 0 &&
      rows.every((row) => typeof row[i] === 'number' || /^[\d.,-]+%?$/.test(String(row[i] ?? ''))),
  )
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => (isNumber[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd()
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n')
}

/** `1 frame`, `2 frames`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`
}
