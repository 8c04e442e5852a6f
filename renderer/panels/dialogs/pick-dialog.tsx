import type { Dialog } from '../../editor/editor-state.ts'
import { useEditor } from '../window-context.tsx'
import { BrowseDialog } from './browse-dialog.tsx'

export interface PickDialogProps {
  readonly dialog: Extract<Dialog, { type: 'pick' }>
  readonly onClose: () => void
}

/** An action asked for files or a folder, and there is no shell to ask: it is run again with what was chosen. */
export function PickDialog({ dialog, onClose }: PickDialogProps) {
  const editor = useEditor()
  return (
    <BrowseDialog
      options={{ kind: dialog.purpose, title: dialog.title }}
      onDone={(picked) => {
        onClose()
        if (picked) void editor.run(dialog.actionId, { ...dialog.args, paths: picked.paths })
      }}
    />
  )
}
