/** The command line as a person runs it, for tests: settings and cache lie in a folder of the test. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

const launcher = fileURLToPath(new URL('./inbetween.mjs', import.meta.url))

/** `onError` sees stderr as it comes, and may interrupt. */
export function inbetween(
  folder: string,
  args: readonly string[],
  onError: (text: string, interrupt: () => void) => void = () => {},
): Promise<Ran> {
  const child = spawn(process.execPath, [launcher, ...args], {
    env: {
      ...process.env,
      INBETWEEN_SETTINGS: join(folder, 'settings'),
      INBETWEEN_CACHE: join(folder, 'cache'),
    },
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (part: Buffer) => (out += part.toString()))
  child.stderr.on('data', (part: Buffer) => {
    err += part.toString()
    onError(err, () => void child.kill('SIGINT'))
  })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })))
}
