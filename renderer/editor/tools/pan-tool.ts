import type { Editor } from '../editor.ts'
import { emptyOverlay, type ImagePoint, type Overlay, type Tool } from '../tool.ts'
import { pannedView } from '../view-transform.ts'

type State =
  | { readonly name: 'idle' }
  | { readonly name: 'panning'; readonly screenX: number; readonly screenY: number }

/** Dragging moves the picture. */
export class PanTool implements Tool {
  readonly id = 'pan'
  readonly wantsEveryPoint = false
  state: State = { name: 'idle' }
  readonly #editor: Editor

  constructor(editor: Editor) {
    this.#editor = editor
  }

  get cursor(): string {
    return this.state.name === 'panning' ? 'grabbing' : 'grab'
  }

  enter(): void {}

  leave(): void {}

  pointerDown({ screenX, screenY }: ImagePoint): void {
    this.state = { name: 'panning', screenX, screenY }
  }

  pointerMove({ screenX, screenY }: ImagePoint): void {
    const { media } = this.#editor
    if (this.state.name !== 'panning' || !media) return
    const view = pannedView(
      this.#editor.now.view,
      media,
      screenX - this.state.screenX,
      screenY - this.state.screenY,
    )
    this.#editor.set({ view })
    this.state = { name: 'panning', screenX, screenY }
  }

  pointerUp(): void {
    this.state = { name: 'idle' }
  }

  key(): boolean {
    return false
  }

  cancel(): boolean {
    const panned = this.state.name === 'panning'
    this.state = { name: 'idle' }
    return panned
  }

  complete(): void {
    this.state = { name: 'idle' }
  }

  stepBack(): boolean {
    return false
  }

  overlay(): Overlay {
    return emptyOverlay
  }
}
