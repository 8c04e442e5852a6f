import { DialogWindow } from '../parts/dialog-window.tsx'
import { TextButton } from '../parts/text-button.tsx'

export interface LockedDialogProps {
  readonly sentence: string
  readonly onReadOnly: () => void
  readonly onClose: () => void
}

/** Another process has the project: two writers would lose work, a reader does not. */
export function LockedDialog({ sentence, onReadOnly, onClose }: LockedDialogProps) {
  return (
    <DialogWindow
      title="The project is in use"
      size="narrow"
      onClose={onClose}
      foot={
        <>
          <span className="grow" />
          <TextButton onPress={onClose}>Cancel</TextButton>
          <TextButton look="primary" onPress={onReadOnly}>
            Open read-only
          </TextButton>
        </>
      }
    >
      <p className="selectable">{sentence}</p>
    </DialogWindow>
  )
}
