/** Folders for what a measurement spills: gone when it ends, also by an error or a key press. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const made: string[] = []

export function benchFolder(): string {
  if (made.length === 0) {
    process.once('exit', () => {
      for (const folder of made) rmSync(folder, { recursive: true, force: true })
    })
    // A signal alone would end the process without 'exit'.
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const)
      process.once(signal, () => process.exit(code))
  }
  const folder = mkdtempSync(join(tmpdir(), 'inbetween-bench-'))
  made.push(folder)
  return folder
}
