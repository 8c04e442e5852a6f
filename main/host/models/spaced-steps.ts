import type { PackProgress } from '../../core/models.ts'

const spaceMs = 100

/** At most ten a second of the same thing: every one crosses to a window. */
export async function* spacedSteps<Result>(
  steps: AsyncGenerator<PackProgress, Result>,
): AsyncGenerator<PackProgress, Result> {
  let [said, saidAt] = ['', 0]
  try {
    for (;;) {
      const step = await steps.next()
      if (step.done) return step.value
      const name = `${step.value.stage} ${step.value.at}`
      if (name === said && performance.now() - saidAt < spaceMs) continue
      ;[said, saidAt] = [name, performance.now()]
      yield step.value
    }
  } finally {
    // Whoever stops listening stops the work.
    await steps.return(undefined as never)
  }
}
