import { UserError } from '../core/user-error.ts'

/** How a shell knows that Ctrl+C ended a program. */
export const interruptedExitCode = 130

/** Does `work` with a signal that Ctrl+C aborts; a second Ctrl+C ends the program at once. */
export async function interruptSignal<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const interrupt = () => controller.abort(new UserError('stopped', 'Stopped.'))
  process.once('SIGINT', interrupt)
  try {
    return await work(controller.signal)
  } catch (error) {
    if (controller.signal.aborted) process.exitCode = interruptedExitCode
    throw error
  } finally {
    process.off('SIGINT', interrupt)
  }
}
