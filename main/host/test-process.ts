import { type ChildProcessByStdio, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { onTestFinished } from 'vitest'

export type TestProcess = ChildProcessByStdio<Writable, Readable, null>

/**
 * Node with these arguments, for tests that kill it. It ends with the test at the latest: one left over holds the test
 * runner's own output open, and the whole suite then never ends.
 */
export function testProcess(args: readonly string[], options: SpawnOptions = {}): TestProcess {
  const child = spawn(process.execPath, args, {
    ...options,
    stdio: ['pipe', 'pipe', 'inherit'],
  }) as TestProcess
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** The first that it writes; throws when it ends before. */
export async function firstWords(child: TestProcess): Promise<string> {
  const ended = once(child, 'close').then(([code, signal]) => {
    throw new Error(`The process ended (${code ?? signal}) before it wrote anything`)
  })
  const [part] = await Promise.race([once(child.stdout, 'data'), ended])
  // What comes after its end is no error of the test.
  ended.catch(() => {})
  return String(part)
}
