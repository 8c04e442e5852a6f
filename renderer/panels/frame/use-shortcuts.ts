import { useEffect } from 'react'
import type { Editor } from '../../editor/editor.ts'
import { useEditor } from '../window-context.tsx'
import { focusCanvas } from './focus-canvas.ts'

/** Every key that no control of the page took for itself goes to the editor. */
export function useShortcuts(): void {
  const editor = useEditor()
  useEffect(() => {
    const press = (event: KeyboardEvent) => pressed(editor, event)
    const release = (event: KeyboardEvent) => editor.keyboard.up(event)
    const letGo = () => editor.keyboard.release()
    window.addEventListener('mousedown', keepFocus, true)
    window.addEventListener('keydown', press)
    window.addEventListener('keyup', release)
    window.addEventListener('blur', letGo)
    return () => {
      window.removeEventListener('mousedown', keepFocus, true)
      window.removeEventListener('keydown', press)
      window.removeEventListener('keyup', release)
      window.removeEventListener('blur', letGo)
    }
  }, [editor])
}

/** A click on a tool or a transport button gives the focus to the picture, so that Space goes on meaning play. */
function keepFocus(event: MouseEvent): void {
  if (!(event.target instanceof Element) || !event.target.closest('[data-keeps-focus]')) return
  if (event.target.closest('[role="dialog"]')) return
  event.preventDefault()
  focusCanvas()
}

function pressed(editor: Editor, event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || isTakenBy(event.target)) return
  if (editor.keyboard.down(event)) event.preventDefault()
}

/** Whether the focus is in something that needs the keys itself: a text field, a dialog, a menu. */
function isTakenBy(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false
  if (target.closest('[role="dialog"], [role="menu"], [role="listbox"], [role="alertdialog"]')) return true
  if (target instanceof HTMLInputElement)
    return !['checkbox', 'radio', 'range', 'button'].includes(target.type)
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLElement && target.isContentEditable)
}
