import type { Availability } from '../editor/action.ts'
import { useEditor, useFollowed } from './window-context.tsx'

export interface ActionHandle {
  readonly label: string
  /** As people read it, or ''. */
  readonly keys: string
  readonly available: Availability
  readonly checked: boolean | undefined
  run(args?: object): void
}

/** An action as a control needs it. */
export function useAction(id: string): ActionHandle {
  const editor = useEditor()
  const handle = useFollowed(
    (editor) => {
      const action = editor.action(id)
      return {
        label: action.label,
        keys: editor.keymap.labelOf(id),
        available: action.when(editor),
        checked: action.checked?.(editor),
      }
    },
    [id],
  )
  return { ...handle, run: (args) => void editor.run(id, args) }
}
