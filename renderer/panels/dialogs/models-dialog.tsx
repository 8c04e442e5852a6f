import { AddPack } from '../networks/add-pack.tsx'
import { PackList } from '../networks/pack-list.tsx'
import { useEditor, useEditorState } from '../window-context.tsx'

/** The networks that are here, and the way to a new one. What is under way goes on when it is closed. */
export function ModelsDialog({ onClose }: { readonly onClose: () => void }) {
  const editor = useEditor()
  const adding = useEditorState((state) => state.packDesk.adding)
  const close = () => {
    editor.packs.putAway()
    onClose()
  }
  return adding ? <AddPack adding={adding} onClose={close} /> : <PackList onClose={close} />
}
