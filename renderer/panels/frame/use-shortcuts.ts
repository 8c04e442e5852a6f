import { useEffect } from 'react'
import type { Editor } from '../../editor/editor.ts'
import type { ToolKey } from '../../editor/tool.ts'
import { useEditor } from '../window-context.tsx'

const toolKeys: readonly string[] = ['Enter', 'Escape', 'Backspace', 'Delete']
/** Keys held down repeat these actions and no others. */
const repeats = /^(frame\.|edit\.(undo|redo)|tool\.(larger|smaller)|object\.(next|previous))/

/** Every key that no control of the page took for itself: first the tool in hand, then the keymap. */
export function useShortcuts(): void {
  const editor = useEditor()
  useEffect(() => {
    const press = (event: KeyboardEvent) => pressed(editor, event)
    const release = (event: KeyboardEvent) => {
      if (event.key === ' ') editor.toolbox.holdPan(false)
    }
    window.addEventListener('keydown', press)
    window.addEventListener('keyup', release)
    return () => {
      window.removeEventListener('keydown', press)
      window.removeEventListener('keyup', release)
    }
  }, [editor])
}

function pressed(editor: Editor, event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || isTakenBy(event.target)) return
  if (!event.repeat && toolKeys.includes(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) {
    if (editor.toolbox.key(event.key as ToolKey)) {
      event.preventDefault()
      return
    }
  }
  const actionId = editor.keymap.actionFor(event)
  if (!actionId) return
  event.preventDefault()
  if (event.repeat && !repeats.test(actionId)) return
  void editor.run(actionId)
}

/** Whether the focus is in something that needs the keys itself: a text field, a dialog, a menu. */
function isTakenBy(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false
  if (target.closest('[role="dialog"], [role="menu"], [role="listbox"], [role="alertdialog"]')) return true
  if (target instanceof HTMLInputElement)
    return !['checkbox', 'radio', 'range', 'button'].includes(target.type)
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLElement && target.isContentEditable)
}
