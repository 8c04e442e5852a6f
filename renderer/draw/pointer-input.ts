/** Pointer and wheel events of an element as the editor understands them: on the picture, and once a shown frame. */
import type { Editor } from '../editor/editor.ts'
import type { ImagePoint } from '../editor/tool.ts'
import { imagePointAt, pannedView, zoomedView } from '../editor/view-transform.ts'

/** CSS pixels that a double click's presses may lie apart, and milliseconds between them. */
const doubleClickReach = 6
const doubleClickMs = 400

export class PointerInput {
  readonly #element: HTMLElement
  readonly #editor: Editor
  readonly #wake: () => void
  readonly #stop = new AbortController()
  #waiting: ImagePoint[] = []
  #pressedButton: number | null = null
  #lastPress = { x: 0, y: 0, timeMs: Number.NEGATIVE_INFINITY, count: 0 }
  inside = false

  /** `wake` asks for `flush` to be called before the next picture is shown. */
  constructor(element: HTMLElement, editor: Editor, wake: () => void) {
    this.#element = element
    this.#editor = editor
    this.#wake = wake
    const { signal } = this.#stop
    element.addEventListener('pointerdown', (event) => this.#down(event), { signal })
    element.addEventListener('pointermove', (event) => this.#move(event), { signal })
    element.addEventListener('pointerup', (event) => this.#up(event), { signal })
    element.addEventListener('pointercancel', () => this.#cancel(), { signal })
    element.addEventListener('pointerenter', () => this.#enter(true), { signal })
    element.addEventListener('pointerleave', () => this.#enter(false), { signal })
    element.addEventListener('wheel', (event) => this.#wheel(event), { signal, passive: false })
    element.addEventListener('contextmenu', (event) => event.preventDefault(), { signal })
  }

  dispose(): void {
    this.#stop.abort()
  }

  /** Hands on what has moved since the last time. */
  flush(): void {
    const points = this.#waiting
    const last = points.at(-1)
    if (!last) return
    this.#waiting = []
    const { toolbox } = this.#editor
    if (toolbox.current.wantsEveryPoint) for (const point of points) toolbox.pointerMove(point)
    else toolbox.pointerMove(last)
  }

  #down(event: PointerEvent): void {
    if (this.#pressedButton !== null) return
    this.flush()
    // Keys belong to the picture after a press on it; a text field elsewhere lets go of them.
    this.#element.focus({ preventScroll: true })
    event.preventDefault()
    this.#pressedButton = event.button
    this.#element.setPointerCapture(event.pointerId)
    this.#editor.keyboard.spaceUsed()
    this.#editor.toolbox.pointerDown(this.#point(event, event.button, this.#clickCount(event)))
  }

  #move(event: PointerEvent): void {
    const button = this.#pressedButton ?? 0
    const coalesced = event.getCoalescedEvents?.() ?? []
    for (const each of coalesced.length > 0 ? coalesced : [event])
      this.#waiting.push(this.#point(each, button, 0))
    this.#wake()
  }

  #up(event: PointerEvent): void {
    if (event.button !== this.#pressedButton) return
    this.flush()
    this.#pressedButton = null
    this.#editor.toolbox.pointerUp(this.#point(event, event.button, 0))
  }

  #cancel(): void {
    this.#waiting = []
    this.#pressedButton = null
    this.#editor.toolbox.pointerCancel()
  }

  #enter(inside: boolean): void {
    this.inside = inside
    if (!inside && this.#editor.now.hoverObjectId) this.#editor.set({ hoverObjectId: null })
    this.#wake()
  }

  /** The wheel zooms at the pointer, as does a pinch; with Shift it moves the picture sideways. */
  #wheel(event: WheelEvent): void {
    event.preventDefault()
    const { media, now } = this.#editor
    if (!media) return
    const lines =
      event.deltaMode === WheelEvent.DOM_DELTA_LINE
        ? 16
        : event.deltaMode === WheelEvent.DOM_DELTA_PAGE
          ? 400
          : 1
    const dx = event.deltaX * lines
    const dy = event.deltaY * lines
    if (event.shiftKey && !event.ctrlKey) {
      this.#editor.set({ view: pannedView(now.view, media, -(dx || dy), 0) })
      return
    }
    const speed = event.ctrlKey ? 0.01 : 0.0015
    const { x, y } = this.#place(event)
    this.#editor.set({ view: zoomedView(now.view, media, now.view.zoom * Math.exp(-dy * speed), { x, y }) })
  }

  #place(event: MouseEvent): { x: number; y: number } {
    const bounds = this.#element.getBoundingClientRect()
    return { x: event.clientX - bounds.left, y: event.clientY - bounds.top }
  }

  #point(event: PointerEvent, button: number, clickCount: number): ImagePoint {
    const screen = this.#place(event)
    const mac = this.#editor.platform === 'mac'
    return {
      ...imagePointAt(this.#editor.now.view, screen),
      screenX: screen.x,
      screenY: screen.y,
      pressure: event.pointerType === 'pen' && event.pressure > 0 ? event.pressure : 1,
      button,
      shift: event.shiftKey,
      alt: event.altKey,
      mod: mac ? event.metaKey : event.ctrlKey,
      clickCount,
    }
  }

  #clickCount(event: PointerEvent): number {
    const last = this.#lastPress
    const near = Math.hypot(event.clientX - last.x, event.clientY - last.y) <= doubleClickReach
    const count = near && event.timeStamp - last.timeMs <= doubleClickMs ? last.count + 1 : 1
    this.#lastPress = { x: event.clientX, y: event.clientY, timeMs: event.timeStamp, count }
    return count
  }
}
