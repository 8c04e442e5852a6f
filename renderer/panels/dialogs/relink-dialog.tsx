import { useState } from 'react'
import type { MediaId, MediaRecord } from '../../../main/core/records.ts'
import { DialogWindow } from '../parts/dialog-window.tsx'
import { Notice } from '../parts/notice.tsx'
import { TextButton } from '../parts/text-button.tsx'
import { usePathPicker } from '../path-picker.tsx'
import { mediaFilters } from '../pick-filters.ts'
import { sentenceOf } from '../sentence-of.ts'
import { useEditor, useReading } from '../window-context.tsx'
import { bytesText } from '../words.ts'

/** A media file that is gone or changed: says which one is meant and takes its new place. Masks stay as they are. */
export function RelinkDialog({
  mediaId,
  onClose,
}: {
  readonly mediaId: MediaId
  readonly onClose: () => void
}) {
  const editor = useEditor()
  const pick = usePathPicker()
  const { media, status } = useReading((editor) => ({
    media: editor.store.get(mediaId) as MediaRecord | undefined,
    status: editor.now.mediaStatus[mediaId],
  }))
  const [problem, setProblem] = useState<string | null>(null)
  if (!media) return null
  const { source } = media
  async function find() {
    const kind = source.type === 'images' ? 'folder' : 'files'
    const picked = await pick({
      kind,
      title: `Find ${media?.name}`,
      ...(kind === 'files' ? { filters: mediaFilters } : {}),
    })
    if (!picked?.paths[0]) return
    try {
      const found = await editor.host.relink(mediaId, picked.paths[0])
      if (found.state !== 'ok') return setProblem(found.problem)
      editor.say(`${media?.name} is found again.`)
      onClose()
    } catch (error) {
      setProblem(sentenceOf(error))
    }
  }
  return (
    <DialogWindow
      title={`Find ${media.name}`}
      onClose={onClose}
      foot={
        <>
          <span className="grow" />
          <TextButton onPress={onClose}>Not now</TextButton>
          <TextButton look="primary" onPress={find}>
            Choose the {source.type === 'images' ? 'folder' : 'file'}
          </TextButton>
        </>
      }
    >
      <div className="stack">
        {status?.problem ? <Notice tone="warn">{status.problem}</Notice> : null}
        <dl className="figures selectable">
          <dt>Was at</dt>
          <dd>{source.type === 'images' ? source.folder : source.path}</dd>
          <dt>Size</dt>
          <dd>{bytesText(source.byteLength)}</dd>
          <dt>Picture</dt>
          <dd>
            {media.width} × {media.height}, {media.codec}
          </dd>
        </dl>
        <p className="quiet">
          The masks are safe in the project. They show again as soon as the file is found.
        </p>
        {problem ? <Notice tone="bad">{problem}</Notice> : null}
      </div>
    </DialogWindow>
  )
}
