/** The host's side of the inference process: who runs next, on what, and what is said when it fails. */
import { checkTensor, type NamedTensors } from '../../../models/tensor.ts'
import {
  type InferenceStatus,
  type NetworkPlace,
  type ProviderChoice,
  type ProviderName,
  type ProviderReport,
  providerLabels,
} from '../../core/models.ts'
import { isUserError, UserError } from '../../core/user-error.ts'
import type { Inference, InferenceRun, OpenedGraph } from './inference.ts'
import { InferenceChild } from './inference-child.ts'
import type { Answer, ProcessSettings, Question } from './inference-messages.ts'
import { probeProviders } from './provider-probe.ts'
import { RunQueue } from './run-queue.ts'
import { RunTimes } from './run-times.ts'
import { StatusTold } from './status-told.ts'

export interface InferenceOptions {
  /** Asked before every run: what changed holds from the next run on. */
  readonly settings: () => {
    readonly provider: ProviderChoice
    readonly threadCount: number
    /** Bytes. */
    readonly memoryLimit: number
  }
  readonly platform?: NodeJS.Platform
  /** Variables for the process beside this one's, such as VK_ICD_FILENAMES. */
  readonly env?: Readonly<Record<string, string>>
}

/** A graph that ended its process so often, one time after the other, is not tried again unasked. Sentences say three. */
const deathsAllowed = 3
const cpuOffer =
  'Choose the CPU as the provider (status bar, --provider cpu, or inbetween models provider cpu) to run it there.'

type Run = Extract<Question, { type: 'open' | 'run' | 'release' }>

/** Starts nothing: the process is made for the first run. */
export function openInference(options: InferenceOptions): Inference {
  return new InferenceHost(options)
}

class InferenceHost implements Inference {
  readonly #options: InferenceOptions
  readonly #queue = new RunQueue(() => this.#changed())
  readonly #times = new RunTimes()
  readonly #told = new StatusTold(() => this.status())
  /** How often in a row a graph ended its process. */
  readonly #deaths = new Map<string, number>()
  /** Instead of the settings' provider, when `choose` said so. */
  #choice: ProviderChoice | null = null
  #child: InferenceChild | null = null
  #reports: readonly ProviderReport[] = []
  #provider: ProviderName | null = null
  #problem: Pick<InferenceStatus, 'sentence' | 'offersCpu'> = { sentence: null, offersCpu: false }
  #isLost = false
  #isRunning = false
  #isProbing = false
  #isClosed = false
  #memory = 0
  #open: readonly string[] = []
  #partlyOnCpu: readonly string[] = []

  constructor(options: InferenceOptions) {
    this.#options = options
  }

  async open(graph: string, name: string): Promise<OpenedGraph> {
    const { answer } = await this.#queue.add('interactive', () => this.#ask({ type: 'open', graph, name }))
    if (answer.type !== 'open') throw new Error(`An open was answered by ${answer.type}.`)
    const { inputs, outputs, openMs } = answer
    return { inputs, outputs, openMs, partlyOnCpu: answer.partlyOnCpu.includes(name) }
  }

  async run({ graph, name, inputs, urgency }: InferenceRun, signal?: AbortSignal): Promise<NamedTensors> {
    for (const [key, tensor] of Object.entries(inputs)) checkTensor(`${name}: ${key}`, tensor)
    const work = () => this.#ask({ type: 'run', graph, name }, inputs)
    return (await this.#queue.add(urgency, work, signal)).tensors
  }

  async release(graph: string): Promise<void> {
    await this.#queue.add('interactive', async () => {
      if (this.#child) await this.#ask({ type: 'release', graph })
    })
  }

  probe(): Promise<InferenceStatus> {
    this.#forgive()
    return this.#queue.add('interactive', async () => {
      this.#reports = []
      await this.#probed()
      return this.#settled()
    })
  }

  choose(provider: ProviderChoice): Promise<InferenceStatus> {
    this.#choice = provider
    this.#provider = null
    this.#forgive()
    return this.#queue.add('interactive', () => this.#settled())
  }

  status(): InferenceStatus {
    const { threadCount, memoryLimit } = this.#options.settings()
    const state = this.#isRunning ? 'running' : this.#isLost ? 'lost' : this.#child ? 'ready' : 'asleep'
    return {
      state,
      chosen: this.#chosen,
      provider: this.#provider,
      ...this.#problem,
      isProbing: this.#isProbing,
      providers: this.#reports,
      threadCount,
      processId: this.#child?.processId ?? null,
      open: this.#open,
      partlyOnCpu: this.#partlyOnCpu,
      msARun: this.#times.medians(),
      lastRun: this.#times.last,
      memory: this.#memory,
      memoryLimit,
      waiting: this.#queue.waiting,
    }
  }

  ranOn(pack: string): NetworkPlace | null {
    return this.#times.placeOf(pack)
  }

  onStatus(listener: (status: InferenceStatus) => void): () => void {
    return this.#told.listen(listener)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#queue.refuseAll(closing())
    this.#told.close()
    await this.#stopChild({ kill: true })
  }

  get #chosen(): ProviderChoice {
    return this.#choice ?? this.#options.settings().provider
  }

  /** Somebody asked anew: what failed before may be tried once more. */
  #forgive(): void {
    this.#deaths.clear()
    this.#problem = { sentence: null, offersCpu: false }
    this.#isLost = false
  }

  /** After a choice or a probe: which provider it came to, or why none. */
  async #settled(): Promise<InferenceStatus> {
    await this.#resolve().catch((error: unknown) => {
      if (!isUserError(error)) throw error
    })
    this.#changed()
    return this.status()
  }

  async #ask(question: Run, inputs: NamedTensors = {}) {
    const name = question.type === 'release' ? '' : question.name
    this.#checkDeaths(question.graph, name)
    const child = await this.#ready()
    this.#isRunning = true
    this.#changed()
    const began = performance.now()
    try {
      const answered = await child.ask(question, inputs)
      this.#heard(answered.answer)
      this.#deaths.delete(question.graph)
      if (answered.answer.type === 'refused') throw this.#refusal(child, answered.answer)
      if (question.type === 'run') {
        const place = {
          provider: child.settings.provider,
          partlyOnCpu: answered.answer.partlyOnCpu.includes(name),
        }
        this.#times.add(name, performance.now() - began, place)
      }
      this.#problem = { sentence: null, offersCpu: false }
      if (answered.answer.full) await this.#stopChild()
      return answered
    } catch (error) {
      if (isUserError(error) && error.code === 'inference-lost')
        throw this.#died(child, question.graph, name, error.message)
      throw error
    } finally {
      this.#isRunning = false
      this.#changed()
    }
  }

  #checkDeaths(graph: string, name: string): void {
    if ((this.#deaths.get(graph) ?? 0) < deathsAllowed) return
    throw new UserError(
      'inference-failed',
      `“${name}” ended the process that runs networks three times in a row, so it is not started for it again. To try once more, choose a provider in the status bar, or start Inbetween anew.`,
    )
  }

  /** The process with the settings of this moment. */
  async #ready(): Promise<InferenceChild> {
    const provider = await this.#resolve()
    const { threadCount, memoryLimit } = this.#options.settings()
    if (this.#isClosed) throw closing()
    const settings: ProcessSettings = { provider, threadCount, memoryLimit, alone: false }
    if (this.#child && JSON.stringify(this.#child.settings) !== JSON.stringify(settings))
      await this.#stopChild()
    this.#isLost = false
    this.#child ??= this.#start(settings)
    return this.#child
  }

  #start(settings: ProcessSettings): InferenceChild {
    const child = new InferenceChild(settings, this.#options.env)
    void child.ended.then((reason) => {
      if (this.#child !== child) return
      // It ended between two runs: nobody is kept waiting, and the next run starts another.
      this.#gone()
      this.#isLost = true
      this.#problem = { sentence: `The process that runs networks ended: ${reason}.`, offersCpu: false }
      this.#changed()
    })
    return child
  }

  /** Throws UserError 'inference-failed' where the provider that was chosen cannot be used. */
  async #resolve(): Promise<ProviderName> {
    const chosen = this.#chosen
    this.#provider = chosen === 'cpu' ? 'cpu' : await this.#fromReports(chosen)
    return this.#provider
  }

  async #fromReports(chosen: ProviderChoice): Promise<ProviderName> {
    const reports = await this.#probed()
    const right = reports.filter(({ state }) => state === 'right')
    const [fastest] = right.toSorted((a, b) => (a.ms ?? 0) - (b.ms ?? 0))
    const found = chosen === 'auto' ? fastest : right.find(({ provider }) => provider === chosen)
    if (found) return found.provider
    const wanted = chosen === 'auto' ? 'cpu' : chosen
    const known = reports.find(({ provider }) => provider === wanted)?.sentence
    const sentence = known ?? `${providerLabels[wanted]} is not for this system.`
    this.#provider = wanted
    throw this.#failed(wanted, sentence)
  }

  async #probed(): Promise<readonly ProviderReport[]> {
    if (this.#reports.length > 0) return this.#reports
    const { threadCount, memoryLimit } = this.#options.settings()
    const { platform = process.platform, env = {} } = this.#options
    this.#isProbing = true
    this.#changed()
    try {
      this.#reports = await probeProviders({ platform, threadCount, memoryLimit, env })
    } finally {
      this.#isProbing = false
      this.#changed()
    }
    return this.#reports
  }

  #heard({ memory, open, partlyOnCpu }: Answer): void {
    this.#memory = memory
    this.#open = open
    this.#partlyOnCpu = partlyOnCpu
  }

  #refusal(
    child: InferenceChild,
    { code, sentence, blamed }: Extract<Answer, { type: 'refused' }>,
  ): UserError {
    return blamed ? this.#failed(child.settings.provider, sentence) : new UserError(code, sentence)
  }

  /** Told in the status too, without the offer: a window has buttons for it. Nothing is replaced unasked. */
  #failed(provider: ProviderName, sentence: string): UserError {
    const offersCpu = provider !== 'cpu'
    this.#problem = { sentence, offersCpu }
    this.#changed()
    return new UserError('inference-failed', offersCpu ? `${sentence} ${cpuOffer}` : sentence)
  }

  #died(child: InferenceChild, graph: string, name: string, reason: string): UserError {
    if (this.#isClosed) return closing()
    const count = (this.#deaths.get(graph) ?? 0) + 1
    this.#deaths.set(graph, count)
    if (this.#child === child) this.#gone()
    this.#isLost = true
    const offersCpu = child.settings.provider !== 'cpu'
    const next =
      count < deathsAllowed
        ? 'What was finished is kept; it starts anew when it is asked again.'
        : `That was the third time in a row, so it is not started for it again until you choose a provider.`
    const sentence = `The process that runs networks ended in the middle of “${name}”: ${reason}. ${next}`
    this.#problem = { sentence, offersCpu }
    const lost = new UserError('inference-lost', offersCpu ? `${sentence} ${cpuOffer}` : sentence)
    this.#queue.refuseAll(lost)
    return lost
  }

  #gone(): void {
    this.#child = null
    this.#memory = 0
    this.#open = []
    this.#partlyOnCpu = []
  }

  async #stopChild({ kill = false } = {}): Promise<void> {
    const child = this.#child
    this.#gone()
    await child?.stop({ kill })
  }

  #changed(): void {
    this.#told.changed()
  }
}

function closing(): UserError {
  return new UserError('inference-lost', 'Inbetween is being closed. What was finished is kept.')
}
