/** Key presses of the whole window: the tool in hand first, then the keymap. Space taps play, held it moves the picture. */
import type { Editor } from './editor.ts'
import { type KeyPress, keysOfPress } from './keymap.ts'
import type { ToolKey } from './tool.ts'

const toolKeys: readonly string[] = ['Enter', 'Escape', 'Backspace', 'Delete'] satisfies readonly ToolKey[]

/** These may run many times while a key is held. */
const repeating =
  /^(frame\.(previous|next|back-ten|forward-ten)|object\.(previous|next)|tool\.(smaller|larger)-brush|view\.(zoom|less|more).*|edit\.(undo|redo))$/

export class Keyboard {
  readonly #editor: Editor
  #space: 'up' | 'down' | 'used' = 'up'

  constructor(editor: Editor) {
    this.#editor = editor
  }

  /** Whether the press meant something, so that the page does nothing else with it. */
  down(press: KeyPress & { readonly repeat: boolean }): boolean {
    if (this.#editor.now.dialog) return false
    const key = keysOfPress(press, this.#editor.platform)[0]
    if (key === undefined) return false
    if (key === 'Space' && this.#editor.keymap.actionFor(press) === 'playback.toggle') {
      if (this.#space === 'up') {
        this.#space = 'down'
        this.#editor.toolbox.holdPan(true)
      }
      return true
    }
    if (toolKeys.includes(key) && this.#editor.toolbox.key(key as ToolKey)) return true
    const actionId = this.#editor.keymap.actionFor(press)
    if (!actionId) return false
    if (!press.repeat || repeating.test(actionId)) void this.#editor.run(actionId)
    return true
  }

  up(press: KeyPress): void {
    if (press.key !== ' ' || this.#space === 'up') return
    const tapped = this.#space === 'down'
    this.release()
    if (tapped) void this.#editor.run('playback.toggle')
  }

  /** The picture was dragged while Space was held: letting it go plays nothing. */
  spaceUsed(): void {
    if (this.#space === 'down') this.#space = 'used'
  }

  /** The window lost the keyboard: nothing is held any more. */
  release(): void {
    this.#space = 'up'
    this.#editor.toolbox.holdPan(false)
  }
}
