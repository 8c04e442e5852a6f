import { Button, Dialog, DialogTrigger, Popover } from 'react-aria-components'
import type { HostInfo } from '../../../main/core/api.ts'
import { type InferenceStatus, providerLabels } from '../../../main/core/models.ts'
import { workWord } from '../networks/pack-words.ts'
import { useEditorState, useReading } from '../window-context.tsx'
import { countOf, msText } from '../words.ts'
import { NetworkPanel } from './network-panel.tsx'

/** What the work runs on and how long a frame takes; behind it, everything about networks and their providers. */
export function WorkStatus({ info }: { readonly info: HostInfo }) {
  const inference = useEditorState((state) => state.inference)
  const threads = useEditorState((state) => state.settings?.threadCount || info.threadCount)
  const jobMs = useReading(
    (editor) => editor.now.jobs.findLast((job) => job.msPerFrame !== null)?.msPerFrame ?? null,
  )
  const packWork = useEditorState(({ packDesk }) => (packDesk.work ? workWord(packDesk.work) : null))
  const isNetwork = inference !== null && inference.processId !== null
  const ms = jobMs ?? (isNetwork ? (inference.lastRun?.ms ?? null) : null)
  const trouble = inference?.sentence ? troubleWord(inference) : null
  return (
    <DialogTrigger>
      <Button
        className="work-status"
        data-keeps-focus
        aria-label={`Runs on ${engineWord(info, threads)}. Networks and providers`}
      >
        <span className={'error' in info.engine ? 'bad-text' : ''}>
          {isNetwork ? networkWord(inference, threads) : engineWord(info, threads)}
        </span>
        {trouble ? <span className="warn-text">{trouble}</span> : null}
        {packWork ? <span className="cut pack-work">{packWork}</span> : null}
        <span>{ms === null ? 'nothing run yet' : `${msText(ms)} a frame`}</span>
      </Button>
      <Popover className="popover padded" placement="top start" offset={6}>
        <Dialog className="stack networks" aria-label="What the work runs on">
          <NetworkPanel info={info} />
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}

function engineWord({ engine }: HostInfo, threads: number): string {
  if ('error' in engine) return 'No engine'
  return engine.kernels === 'wasm' ? 'CPU, WebAssembly' : `CPU, ${countOf(threads, 'thread')}`
}

function networkWord({ provider }: InferenceStatus, threads: number): string {
  if (provider === null || provider === 'cpu') return `CPU, ${countOf(threads, 'thread')}`
  return providerLabels[provider]
}

function troubleWord({ state, provider }: InferenceStatus): string {
  if (state === 'lost') return 'network lost'
  return provider === null ? 'network failed' : `${providerLabels[provider]} failed`
}
