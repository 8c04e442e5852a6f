/** The tool in hand: hands pointer and key events on, and tells the editor what the tool is doing. */
import type { Editor } from './editor.ts'
import type { ToolId } from './editor-state.ts'
import type { ImagePoint, Overlay, Tool, ToolKey } from './tool.ts'
import { BoxTool } from './tools/box-tool.ts'
import { BrushTool } from './tools/brush-tool.ts'
import { FillTool } from './tools/fill-tool.ts'
import { LassoTool } from './tools/lasso-tool.ts'
import { PanTool } from './tools/pan-tool.ts'
import { PolygonTool } from './tools/polygon-tool.ts'
import { SelectTool } from './tools/select-tool.ts'
import { SmartTool } from './tools/smart-tool.ts'

export class Toolbox {
  readonly #editor: Editor
  readonly #tools: Readonly<Record<ToolId, Tool>>
  /** A tool held for one drag or while a key is down, in place of the chosen one. */
  #borrowed: Tool | null = null
  #panHeld = false

  constructor(editor: Editor) {
    this.#editor = editor
    this.#tools = {
      select: new SelectTool(editor),
      smart: new SmartTool(editor),
      box: new BoxTool(editor),
      polygon: new PolygonTool(editor),
      brush: new BrushTool(editor, 'brush'),
      eraser: new BrushTool(editor, 'eraser'),
      fill: new FillTool(editor),
      lasso: new LassoTool(editor),
      pan: new PanTool(editor),
    }
  }

  /** The tool that would get the next pointer event. */
  get current(): Tool {
    return this.#borrowed ?? (this.#panHeld ? this.#tools.pan : this.#chosen)
  }

  get cursor(): string {
    return this.current.cursor
  }

  choose(id: ToolId): void {
    if (id === this.#editor.now.tool) return
    this.#chosen.complete()
    this.#chosen.leave()
    this.#editor.set({ tool: id })
    this.#chosen.enter()
    this.#tell()
  }

  /** While true (the space bar) dragging moves the picture, whatever the tool. */
  holdPan(held: boolean): void {
    this.#panHeld = held
    this.#tell()
  }

  pointerDown(point: ImagePoint): void {
    if (point.button === 1) this.#borrowed = this.#tools.pan
    if (this.current.id !== 'pan') {
      this.#editor.playback.stop()
      const { shownFrameIndex, frameIndex } = this.#editor.now
      if (shownFrameIndex !== null && shownFrameIndex !== frameIndex) {
        this.#editor.say(`Frame ${frameIndex.toLocaleString('en-US')} is still being decoded.`, 'refused')
        return
      }
    }
    if (this.#panHeld) this.#borrowed = this.#tools.pan
    this.current.pointerDown(point)
    this.#tell()
  }

  pointerMove(point: ImagePoint): void {
    this.current.pointerMove(point)
    this.#tell()
  }

  pointerUp(point: ImagePoint): void {
    this.current.pointerUp(point)
    this.#borrowed = null
    this.#tell()
  }

  /** The pointer was taken away (a system gesture, a lost window): nothing half done stays. */
  pointerCancel(): void {
    this.current.cancel()
    this.#borrowed = null
    this.#tell()
  }

  key(key: ToolKey): boolean {
    const taken = this.#chosen.key(key)
    this.#tell()
    return taken
  }

  cancel(): boolean {
    const cancelled = this.#chosen.cancel()
    this.#tell()
    return cancelled
  }

  complete(): void {
    this.#chosen.complete()
    this.#tell()
  }

  stepBack(): boolean {
    const done = this.#chosen.stepBack()
    this.#tell()
    return done
  }

  /** To be called when somebody else answers the tool's questions from now on. */
  askAgain(): void {
    this.#chosen.askAgain?.()
    this.#tell()
  }

  /** To be called when a tool's state has changed by itself: an answer came. */
  refresh(): void {
    this.#tell()
  }

  overlay(): Overlay {
    return this.#chosen.overlay()
  }

  get #chosen(): Tool {
    return this.#tools[this.#editor.now.tool]
  }

  #tell(): void {
    const { name, note = '' } = this.#chosen.state
    const { toolState, toolNote } = this.#editor.now
    if (name !== toolState || note !== toolNote) this.#editor.set({ toolState: name, toolNote: note })
    this.#editor.redraw()
  }
}
