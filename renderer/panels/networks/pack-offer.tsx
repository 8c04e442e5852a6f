import { FileArchive, FolderOpen } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { PickOptions } from '../../../main/core/api.ts'
import { DialogWindow } from '../parts/dialog-window.tsx'
import { TextInput } from '../parts/fields.tsx'
import { TextButton } from '../parts/text-button.tsx'
import { usePathPicker } from '../path-picker.tsx'
import { packFilters } from '../pick-filters.ts'
import { useEditor } from '../window-context.tsx'
import { isAddress } from './pack-words.ts'

const folderOptions: PickOptions = { kind: 'folder', title: 'Folder of a network' }
const fileOptions: PickOptions = {
  kind: 'files',
  title: 'Archive or manifest of a network',
  filters: packFilters,
}

/** Where the new pack is to be had. */
export function OfferChoice({ onClose }: { readonly onClose: () => void }) {
  const editor = useEditor()
  const pick = usePathPicker()
  const [address, setAddress] = useState('')
  async function choose(options: PickOptions) {
    const picked = await pick(options)
    const [path] = picked?.paths ?? []
    if (path)
      void editor.run('pack.look', {
        offer: { source: { type: 'path', path }, name: picked?.names[0] ?? '' },
      })
  }
  function look(event: FormEvent) {
    event.preventDefault()
    const url = address.trim()
    if (isAddress(url)) void editor.run('pack.look', { offer: { source: { type: 'url', url }, name: url } })
  }
  return (
    <DialogWindow
      title="Add a network"
      onClose={onClose}
      foot={
        <>
          <span className="grow">You see its licence, size and files before anything is added.</span>
          <TextButton onPress={() => void editor.run('pack.put-away')}>Back</TextButton>
        </>
      }
    >
      <div className="stack offer">
        <p className="quiet">
          A network comes as a pack: a folder or a zip archive with a manifest.json in it, which names its
          files, its licence and how to check it.
        </p>
        <div className="field">
          <span className="label">On this machine</span>
          <div className="across">
            <TextButton icon={FolderOpen} autoFocus onPress={() => void choose(folderOptions)}>
              Choose a folder
            </TextButton>
            <TextButton icon={FileArchive} onPress={() => void choose(fileOptions)}>
              Choose a file
            </TextButton>
          </div>
        </div>
        <form className="offer-address" onSubmit={look}>
          <TextInput
            label="Or at an address"
            value={address}
            placeholder="https://…/pack.zip or …/manifest.json"
            onChange={setAddress}
          />
          <TextButton type="submit" disabled={!isAddress(address)}>
            Look
          </TextButton>
        </form>
      </div>
    </DialogWindow>
  )
}
