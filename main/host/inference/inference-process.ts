/**
 * The inference process: the only place where ONNX Runtime is loaded. A run blocks its event loop and a faulty driver
 * may end it, so it is nobody's process but its own; it ends when the host lets go of the link.
 */
import { Socket } from 'node:net'
import type { NamedTensors } from '../../../models/tensor.ts'
import { isUserError } from '../../core/user-error.ts'
import { GraphError } from './graph-error.ts'
import type { Answer, ProcessSettings, Question } from './inference-messages.ts'
import { Sessions } from './sessions.ts'
import { TensorLink } from './tensor-link.ts'

/** Of the parent's `stdio`: standard input, output and errors come before it. */
const linkFd = 3

type Outcome = Answer extends infer Each
  ? Each extends Answer
    ? Omit<Each, 'memory' | 'open' | 'partlyOnCpu' | 'full'>
    : never
  : never

const sessions = new Sessions(JSON.parse(process.argv[2] ?? '{}') as ProcessSettings)
const stream = new Socket({ fd: linkFd, readable: true, writable: true })
stream.on('close', () => process.exit())
// Ctrl+C in a terminal is meant for the host, which ends its jobs first; it is the end of the link that ends this.
process.on('SIGINT', () => {})
const link = new TensorLink<Answer, Question>(
  stream,
  (question, inputs) => {
    void answer(question, inputs)
  },
  { reuse: true },
)

async function answer(question: Question, inputs: NamedTensors): Promise<void> {
  try {
    const { outcome, outputs } = await outcomeOf(question, inputs)
    link.send({ ...outcome, ...sessions.state() } as Answer, outputs)
  } catch (error) {
    const sentence = error instanceof Error ? error.message : String(error)
    const code = isUserError(error) ? error.code : 'inference-failed'
    const blamed = !isUserError(error) || error instanceof GraphError
    link.send({ type: 'refused', code, sentence, blamed, ...sessions.state() })
  }
}

async function outcomeOf(
  question: Question,
  inputs: NamedTensors,
): Promise<{ readonly outcome: Outcome; readonly outputs?: NamedTensors }> {
  switch (question.type) {
    case 'backends':
      return { outcome: { type: 'backends', backends: sessions.backends() } }
    case 'open':
      return { outcome: { type: 'open', ...(await sessions.open(question.graph, question.name)) } }
    case 'run':
      return { outcome: { type: 'run' }, outputs: await sessions.run(question.graph, question.name, inputs) }
    case 'release':
      await sessions.release(question.graph)
      return { outcome: { type: 'release' } }
  }
}
