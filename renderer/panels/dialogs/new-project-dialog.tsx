import { useState } from 'react'
import type { PathRef } from '../../../main/core/api.ts'
import { DialogWindow } from '../parts/dialog-window.tsx'
import { TextInput } from '../parts/fields.tsx'
import { Notice } from '../parts/notice.tsx'
import { TextButton } from '../parts/text-button.tsx'
import { type Picked, usePathPicker } from '../path-picker.tsx'
import { useEditorState } from '../window-context.tsx'
import { countOf } from '../words.ts'

export interface NewProjectDialogProps {
  readonly media: Picked | null
  /** Resolves to false when it was refused; the sentence is the editor's. */
  readonly create: (parent: PathRef, name: string, media: Picked | null) => Promise<boolean>
  readonly onClose: () => void
}

export function NewProjectDialog({ media, create, onClose }: NewProjectDialogProps) {
  const pick = usePathPicker()
  const [name, setName] = useState(media?.names[0]?.replace(/\.[^.]+$/, '') ?? 'New project')
  const [place, setPlace] = useState(media?.folder ? { ref: media.folder, name: media.folderName } : null)
  const [busy, setBusy] = useState(false)
  const [saidBefore] = useState(useEditorState((state) => state.sentence?.number ?? 0))
  const refusal = useEditorState((state) =>
    state.sentence && state.sentence.tone !== 'info' && state.sentence.number > saidBefore
      ? state.sentence.text
      : null,
  )

  async function pickPlace() {
    const picked = await pick({ kind: 'folder', title: 'Where the project folder goes' })
    if (picked?.paths[0]) setPlace({ ref: picked.paths[0], name: picked.names[0] ?? '' })
  }
  async function finish() {
    if (!place || !name.trim()) return
    setBusy(true)
    if (!(await create(place.ref, name.trim(), media))) setBusy(false)
  }
  return (
    <DialogWindow title="New project" size="narrow" onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          void finish()
        }}
      >
        {media ? (
          <p className="quiet">
            Begins with {media.names.length === 1 ? media.names[0] : countOf(media.names.length, 'file')}. The
            media stay where they are.
          </p>
        ) : null}
        <TextInput label="Name" value={name} onChange={setName} autoFocus />
        <div className="field">
          <span className="label">Folder</span>
          <div className="across">
            <span className="grow cut input-like">
              {place ? `${place.name}/${name.trim()}` : 'Not chosen yet'}
            </span>
            <TextButton onPress={pickPlace}>Choose</TextButton>
          </div>
        </div>
        {refusal ? <Notice tone="bad">{refusal}</Notice> : null}
        <div className="across end">
          <TextButton onPress={onClose}>Cancel</TextButton>
          <TextButton look="primary" type="submit" disabled={!place || !name.trim() || busy}>
            Create
          </TextButton>
        </div>
      </form>
    </DialogWindow>
  )
}
