import type { PackProgress } from '../core/models.ts'
import { isUserError, UserError } from '../core/user-error.ts'
import { interruptSignal } from './interrupt-signal.ts'
import { progressText } from './pack-words.ts'
import { ProgressLine } from './progress-line.ts'

/**
 * What a stream of steps ends with, telling on the way how far it is. Ctrl+C stops it; `kept` says what is not lost by
 * that.
 */
export async function packSteps<Step extends { readonly type: string }>(
  begin: (signal: AbortSignal) => AsyncIterable<Step>,
  kept: string,
): Promise<Exclude<Step, PackProgress>> {
  const line = new ProgressLine()
  try {
    return await interruptSignal(async (signal) => {
      let last: Exclude<Step, PackProgress> | null = null
      for await (const step of begin(signal))
        if (step.type === 'progress') line.tell(progressText(step as unknown as PackProgress))
        else last = step as Exclude<Step, PackProgress>
      if (!last) throw new Error('The steps ended without a result.')
      return last
    })
  } catch (error) {
    if (isUserError(error) && error.code === 'stopped') throw new UserError('stopped', `Stopped. ${kept}`)
    throw error
  } finally {
    line.end()
  }
}
