/** Whose fault it is when a check does not end well: the pack's, or the machine's. */
import { expect, it } from 'vitest'
import { testPack } from '../../../models/test-pack.ts'
import { UserError } from '../../core/user-error.ts'
import type { Inference } from '../inference/inference.ts'
import { refusal } from '../test-hosts.ts'
import { graphChecks } from './check-graphs.ts'
import { lastStep } from './test-packs.ts'

const { manifest } = testPack()

/** An inference that opens nothing, and says why. */
function failing(code: string, sentence: string, offersCpu: boolean): Inference {
  return {
    open: () => Promise.reject(new UserError(code, sentence)),
    release: async () => {},
    status: () => ({ offersCpu, provider: offersCpu ? 'cuda' : 'cpu' }),
  } as unknown as Inference
}

async function checked(inference: Inference) {
  const steps = graphChecks(inference, { manifest, folder: '/packs/tiny' })
  return (await lastStep(ended(steps))).last.checks
}

/** The result as a last step. */
async function* ended(steps: ReturnType<typeof graphChecks>) {
  yield { type: 'ended', checks: yield* steps } as const
}

it.each([
  ['inference-lost', 'The process that runs networks ended.', false],
  ['inference-memory', 'It needs more memory than networks may take.', false],
  ['inference-failed', 'CUDA is not here.', true],
])('%s is no verdict on the pack', async (code, sentence, offersCpu) => {
  expect(await refusal(() => checked(failing(code, sentence, offersCpu)))).toEqual({
    code,
    message: sentence,
  })
})

it('a graph that the CPU does not open is the pack’s own, and its golden samples are not run', async () => {
  const sentence = '“Tiny doubler, encoder” could not be opened on cpu: no graph.'
  expect(await checked(failing('inference-failed', sentence, false))).toEqual([
    { what: 'graph encoder', right: false, sentence },
  ])
})

it('an operator that nobody knows is the pack’s, on whatever provider', async () => {
  const sentence = 'Fatal error: com.example:Levitate(-1) is not a registered function/op'
  expect(await checked(failing('inference-failed', sentence, true))).toMatchObject([
    { right: false, sentence: expect.stringContaining('uses the operator com.example.Levitate') },
  ])
})
