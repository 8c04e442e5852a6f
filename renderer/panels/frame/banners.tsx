import { useState } from 'react'
import type { JobInfo } from '../../../main/core/api.ts'
import { Notice } from '../parts/notice.tsx'
import { TextButton } from '../parts/text-button.tsx'
import { useAction } from '../use-action.ts'
import { useEditor, useEditorState, useReading } from '../window-context.tsx'

/** The program stopped or the network did. What was shown as saved is on disk. */
export function ConnectionBanner() {
  const lost = useEditorState((state) => state.connection !== 'connected' && state.hostInfo !== null)
  if (!lost) return null
  return (
    <div className="banner bad" role="alert">
      <span className="grow">
        The connection to the program is lost. Everything shown as saved is on disk. Trying again.
      </span>
      <TextButton small onPress={() => window.location.reload()}>
        Reload now
      </TextButton>
    </div>
  )
}

/** What is wrong with the project as a whole: read-only, a media file that is gone, changed, cut short or slow to show. */
export function ProjectBanners() {
  const editor = useEditor()
  const { readOnly, mediaId, problem } = useReading((editor) => {
    const status = editor.now.mediaId ? editor.now.mediaStatus[editor.now.mediaId] : undefined
    return {
      readOnly: editor.readOnly,
      mediaId: editor.now.mediaId,
      problem: status && status.state !== 'ok' ? status.problem : null,
    }
  })
  return (
    <>
      {readOnly ? (
        <div className="banner warn" role="status">
          <span className="grow">
            <strong>Read-only.</strong> {readOnly}
          </span>
        </div>
      ) : null}
      {problem && mediaId ? (
        <div className="banner warn" role="alert">
          <span className="grow">{problem}</span>
          <TextButton small onPress={() => editor.openDialog({ type: 'relink', mediaId })}>
            Find the file
          </TextButton>
        </div>
      ) : null}
      <ProviderBanner />
      <ProxyBanner />
      <MediaNote />
    </>
  )
}

/** A provider that was chosen has failed: nothing runs on another until the person says so. */
function ProviderBanner() {
  const useCpu = useAction('network.cpu')
  const retry = useAction('network.retry')
  const sentence = useEditorState(({ inference }) => (inference?.offersCpu ? inference.sentence : null))
  if (!sentence) return null
  return (
    <div className="banner warn" role="alert">
      <span className="grow">{sentence}</span>
      <TextButton small onPress={() => useCpu.run()}>
        Use the CPU
      </TextButton>
      <TextButton small look="plain" onPress={() => retry.run()}>
        Try again
      </TextButton>
    </div>
  )
}

/** A codec that cannot be decoded here is shown frame by frame, exactly but slowly, until there is a proxy. */
function ProxyBanner() {
  const makeProxy = useAction('media.make-proxy')
  const { needed, making } = useReading((editor) => {
    const { mediaId, mediaStatus, jobs } = editor.now
    const status = mediaId ? mediaStatus[mediaId] : undefined
    const isOurs = (job: JobInfo) => job.spec.type === 'proxy' && job.spec.mediaId === mediaId
    return {
      needed: status?.state === 'ok' && status.proxyNeeded && status.shows !== 'proxy',
      making: jobs.some((job) => isOurs(job) && (job.state === 'running' || job.state === 'queued')),
    }
  })
  if (!needed || making) return null
  return (
    <div className="banner plain" role="status">
      <span className="grow">
        This video’s codec cannot be played here, so frames come one by one. A proxy shows the same frames
        fluently.
      </span>
      <TextButton small disabled={makeProxy.available !== true} onPress={() => makeProxy.run()}>
        Make a proxy
      </TextButton>
    </div>
  )
}

/** What the import found odd about the media, until it is put away. */
function MediaNote() {
  const { id, note } = useReading((editor) => ({
    id: editor.media?.id ?? '',
    note: editor.media?.note ?? null,
  }))
  const [put, setPut] = useState('')
  if (!note || put === id) return null
  return (
    <div className="banner plain" role="status">
      <span className="grow">{note}</span>
      <TextButton small look="plain" onPress={() => setPut(id)}>
        Dismiss
      </TextButton>
    </div>
  )
}

/** What was last said of an action: refused or failed stays until the next one, the rest is quiet. */
export function SentenceLine() {
  const sentence = useEditorState((state) => state.sentence)
  const editor = useEditor()
  if (!sentence || sentence.tone === 'info') return null
  return (
    <div className="sentence" key={sentence.number}>
      <Notice tone={sentence.tone === 'failed' ? 'bad' : 'warn'}>
        <div className="across">
          <span className="grow">{sentence.text}</span>
          {sentence.tone === 'failed' ? (
            <TextButton small look="plain" onPress={() => void navigator.clipboard.writeText(sentence.text)}>
              Copy details
            </TextButton>
          ) : null}
          <TextButton small look="plain" onPress={() => editor.set({ sentence: null })}>
            Dismiss
          </TextButton>
        </div>
      </Notice>
    </div>
  )
}
