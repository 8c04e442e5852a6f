import { useContext } from 'react'
import { OverlayTriggerStateContext, Radio, RadioGroup } from 'react-aria-components'
import type { HostInfo } from '../../../main/core/api.ts'
import {
  type InferenceStatus,
  type ProviderChoice,
  type ProviderName,
  type ProviderReport,
  providerLabels,
} from '../../../main/core/models.ts'
import { WorkProgress } from '../networks/work-line.tsx'
import { Notice } from '../parts/notice.tsx'
import { TextButton } from '../parts/text-button.tsx'
import { useAction } from '../use-action.ts'
import { useEditor, useEditorState } from '../window-context.tsx'
import { bytesText, countOf, engineText, msText } from '../words.ts'
import { networkText } from './work-words.ts'

/** The longest list of graphs that is still read. */
const shownGraphCount = 6

/** The engine, and of networks: what they run on, what went wrong, memory, what waits, and how long each graph takes. */
export function NetworkPanel({ info }: { readonly info: HostInfo }) {
  const inference = useEditorState((state) => state.inference)
  const threads = useEditorState((state) => state.settings?.threadCount || info.threadCount)
  return (
    <>
      <section className="stack tight">
        <h3>Propagation</h3>
        <p className="quiet">
          {'error' in info.engine ? info.engine.error : `${engineText(info.engine, threads)}.`}
        </p>
      </section>
      {inference ? (
        <section className="stack tight">
          <h3>Networks</h3>
          <p className="quiet">{stateText(inference)}</p>
          <SharedGraphs inference={inference} />
          <NetworkTrouble inference={inference} />
          <ProviderRows inference={inference} />
          <GraphTimes inference={inference} />
          <PackLine />
        </section>
      ) : null}
    </>
  )
}

/** How many are here, what is being done with one, and the way to their list. */
function PackLine() {
  const list = useAction('pack.list')
  const popover = useContext(OverlayTriggerStateContext)
  const { packCount, work } = useEditorState((state) => ({
    packCount: state.models?.packs.length ?? null,
    work: state.packDesk.work,
  }))
  if (packCount === null) return null
  return (
    <div className="stack tight pack-line">
      {work ? <WorkProgress work={work} /> : null}
      <div className="across">
        <span className="grow quiet">
          {packCount === 0 ? 'No network was added' : `${countOf(packCount, 'network')} here`}
        </span>
        <TextButton
          small
          label={list.label}
          onPress={() => {
            popover?.close()
            list.run()
          }}
        >
          List and add
        </TextButton>
      </div>
    </div>
  )
}

function stateText({
  state,
  provider,
  memory,
  memoryLimit,
  open,
  partlyOnCpu,
  waiting,
  threadCount,
}: InferenceStatus): string {
  if (state === 'lost') return 'Their process ended. The next run starts another.'
  if (state === 'asleep') return `None has run yet. They may take ${bytesText(memoryLimit)}.`
  const place = { provider: provider ?? 'cpu', partlyOnCpu: partlyOnCpu.length > 0 }
  const count = waiting.interactive + waiting.batch
  const parts = [
    `${state === 'running' ? 'Running' : 'Ready'} on ${networkText(place, threadCount)}`,
    `${bytesText(memory)} of ${bytesText(memoryLimit)}${place.provider === 'cpu' ? '' : ', a GPU’s own memory not counted'}`,
    `${countOf(open.length, 'graph')} in memory`,
  ]
  if (count > 0) parts.push(`${countOf(count, 'run')} waiting, ${waiting.interactive} of them yours`)
  return `${parts.join(' · ')}.`
}

/** Names the graphs that are slower than the provider could be. */
function SharedGraphs({ inference: { provider, partlyOnCpu } }: { readonly inference: InferenceStatus }) {
  if (provider === null || partlyOnCpu.length === 0) return null
  return (
    <p className="quiet">
      On the CPU run the operators that {providerLabels[provider]} lacks, and arithmetic on shapes, of:{' '}
      {partlyOnCpu.join('; ')}.
    </p>
  )
}

function NetworkTrouble({ inference }: { readonly inference: InferenceStatus }) {
  const useCpu = useAction('network.cpu')
  const retry = useAction('network.retry')
  if (!inference.sentence) return null
  return (
    <Notice tone="warn">
      <div className="stack">
        <span>{inference.sentence}</span>
        <div className="across">
          {inference.offersCpu ? (
            <TextButton small onPress={() => useCpu.run()}>
              Use the CPU
            </TextButton>
          ) : null}
          <TextButton small look="plain" onPress={() => retry.run()}>
            Try again
          </TextButton>
        </div>
      </div>
    </Notice>
  )
}

/** Every one that was tried, and the chosen one whatever it is; the CPU before anything was tried. */
function knownProviders({ providers, chosen }: InferenceStatus): readonly ProviderReport[] {
  const untried = (provider: ProviderName): ProviderReport => ({
    provider,
    state: 'right',
    sentence: null,
    ms: null,
  })
  const tried = providers.length > 0 ? providers : [untried('cpu')]
  if (chosen === 'auto' || tried.some(({ provider }) => provider === chosen)) return tried
  return [untried(chosen), ...tried]
}

/** Until the first probe only what is surely there can be chosen, and how to find the rest. */
function ProviderRows({ inference }: { readonly inference: InferenceStatus }) {
  const editor = useEditor()
  const probe = useAction('network.probe')
  const { providers, chosen, provider, isProbing } = inference
  const known = knownProviders(inference)
  const auto =
    chosen === 'auto' && provider ? `now ${providerLabels[provider]}` : 'of those that compute right'
  return (
    <>
      <RadioGroup
        className="providers"
        aria-label="Provider"
        value={chosen}
        onChange={(value) => void editor.run('network.provider', { provider: value as ProviderChoice })}
      >
        <ProviderRow value="auto" label="The fastest" note={auto} />
        {known.map((report) => (
          <ProviderRow
            key={report.provider}
            value={report.provider}
            label={providerLabels[report.provider]}
            note={report.ms === null ? '' : `${msText(report.ms)} in the trial`}
            sentence={report.sentence}
            disabled={report.state !== 'right' && report.provider !== chosen}
          />
        ))}
      </RadioGroup>
      <div className="across">
        <TextButton small look="link" onPress={() => probe.run()}>
          {isProbing
            ? 'Trying each provider…'
            : providers.length > 0
              ? 'Try them again'
              : 'Look for other providers'}
        </TextButton>
      </div>
    </>
  )
}

function ProviderRow(props: {
  readonly value: ProviderChoice
  readonly label: string
  readonly note: string
  readonly sentence?: string | null
  readonly disabled?: boolean
}) {
  return (
    <Radio className="provider" value={props.value} isDisabled={props.disabled ?? false}>
      <i className="dot" aria-hidden />
      <span className="grow">
        {props.label}
        {props.sentence ? <span className="why">{props.sentence}</span> : null}
      </span>
      <span className="faint">{props.note}</span>
    </Radio>
  )
}

function GraphTimes({ inference }: { readonly inference: InferenceStatus }) {
  const times = Object.entries(inference.msARun).slice(-shownGraphCount)
  if (times.length === 0) return null
  return (
    <dl className="graph-times">
      {times.map(([name, ms]) => (
        <div key={name}>
          <dt className="cut">{name}</dt>
          <dd>{msText(ms)}</dd>
        </div>
      ))}
    </dl>
  )
}
