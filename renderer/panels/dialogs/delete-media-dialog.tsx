import type { MediaId, MediaRecord } from '../../../main/core/records.ts'
import { DialogWindow } from '../parts/dialog-window.tsx'
import { TextButton } from '../parts/text-button.tsx'
import { useEditor, useReading } from '../window-context.tsx'
import { countOf } from '../words.ts'

export function DeleteMediaDialog({
  mediaId,
  onClose,
}: {
  readonly mediaId: MediaId
  readonly onClose: () => void
}) {
  const editor = useEditor()
  const { media, objectCount } = useReading((editor) => ({
    media: editor.store.get(mediaId) as MediaRecord | undefined,
    objectCount: [...editor.store.ofKind('object')].filter((object) => object.mediaId === mediaId).length,
  }))
  if (!media) return null
  return (
    <DialogWindow
      title={`Take ${media.name} out of the project`}
      size="narrow"
      onClose={onClose}
      foot={
        <>
          <span className="grow" />
          <TextButton onPress={onClose} autoFocus>
            Cancel
          </TextButton>
          <TextButton
            look="danger"
            onPress={() => {
              onClose()
              void editor.run('media.delete', { mediaId, confirmed: true })
            }}
          >
            Take it out
          </TextButton>
        </>
      }
    >
      <p>
        Its {countOf(objectCount, 'object')} and their masks go with it. The file itself stays where it is,
        and undo brings everything back.
      </p>
    </DialogWindow>
  )
}
