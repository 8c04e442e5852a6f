/**
 * Clicks set vertices; Enter, a double click or a click on the first vertex closes; Backspace takes the last one back.
 * With edges to snap to (an option, turned round while Ctrl is held) the line follows them from click to click.
 * While nothing is under way, the handles of the selected polygon can be dragged, as with the select tool.
 */
import { EdgeSnap, type SnappedLine } from '../../../main/core/geometry/edge-snap.ts'
import { emptyBitmap, fillRings } from '../../../main/core/mask/bitmap.ts'
import type { RgbaImage } from '../../../main/core/mask/regions.ts'
import { encodeRle } from '../../../main/core/mask/rle.ts'
import {
  type Combine,
  combinedRle,
  combineOf,
  commitDrawing,
  type DrawingTarget,
  drawingTarget,
} from '../drawing-target.ts'
import type { Editor } from '../editor.ts'
import { emptyOverlay, type Handle, type ImagePoint, type Overlay, type Tool } from '../tool.ts'
import type { Point } from '../view-transform.ts'
import {
  beginOutlineDrag,
  commitOutlineDrag,
  continueOutlineDrag,
  deleteVertex,
  editableOutline,
  type OutlineDrag,
  outlineHandleAt,
  outlinePartAt,
  outlinePaths,
  shownHandles,
} from './outline-drag.ts'

interface Click {
  /** Of how many numbers the outline was after it: a snapped line has many vertices a click. */
  readonly count: number
  /** Whether the line to it follows an edge; nothing leads to the first. */
  readonly followed: boolean
}

type State =
  | { readonly name: 'idle' }
  | {
      readonly name: 'drawing'
      readonly target: DrawingTarget
      readonly points: readonly number[]
      readonly clicks: readonly Click[]
      readonly combine: Combine
    }
  | { readonly name: 'reshaping'; readonly drag: OutlineDrag }

/** CSS pixels around the first vertex within which a click closes. */
const closeReach = 9
/** CSS pixels from which an edge pulls a click. */
const snapReach = 3

export class PolygonTool implements Tool {
  readonly id = 'polygon'
  readonly wantsEveryPoint = false
  state: State = { name: 'idle' }
  readonly #editor: Editor
  #hover: ImagePoint | null = null
  #edges: { readonly picture: RgbaImage; readonly snap: EdgeSnap } | null = null

  constructor(editor: Editor) {
    this.#editor = editor
  }

  get cursor(): string {
    if (!this.#hover) return 'crosshair'
    if (this.state.name === 'drawing') return this.#closes(this.#hover) ? 'pointer' : 'crosshair'
    return outlinePartAt(this.#editor, this.#hover) ? 'pointer' : 'crosshair'
  }

  enter(): void {}

  leave(): void {
    this.#hover = null
    this.#edges = null
  }

  pointerDown(point: ImagePoint): void {
    this.#hover = point
    if (point.button !== 0) return
    if (this.state.name === 'drawing') {
      this.#addVertex(point)
      return
    }
    const handle = outlinePartAt(this.#editor, point)
    if (handle && point.alt && handle.part.type === 'vertex') {
      deleteVertex(this.#editor, handle)
      return
    }
    if (handle) {
      const drag = beginOutlineDrag(this.#editor, handle, point)
      if (drag) this.state = { name: 'reshaping', drag }
      return
    }
    const target = drawingTarget(this.#editor)
    if (!target) return
    const first = this.#snapped(point)
    this.state = {
      name: 'drawing',
      target,
      points: [first.x, first.y],
      clicks: [{ count: 2, followed: false }],
      combine: combineOf(this.#editor, point),
    }
  }

  pointerMove(point: ImagePoint): void {
    this.#hover = point
    if (this.state.name === 'reshaping')
      this.state = { name: 'reshaping', drag: continueOutlineDrag(this.state.drag, point) }
  }

  pointerUp(): void {
    if (this.state.name !== 'reshaping') return
    const { drag } = this.state
    this.state = { name: 'idle' }
    commitOutlineDrag(this.#editor, drag)
  }

  key(key: string): boolean {
    if (key === 'Escape') return this.cancel()
    if (this.state.name === 'drawing') {
      if (key === 'Enter') this.#close()
      else this.stepBack()
      return true
    }
    const handle = this.#hover && outlineHandleAt(this.#editor, this.#hover)
    if ((key !== 'Delete' && key !== 'Backspace') || handle?.part.type !== 'vertex') return false
    deleteVertex(this.#editor, handle)
    return true
  }

  cancel(): boolean {
    const busy = this.state.name !== 'idle'
    this.state = { name: 'idle' }
    return busy
  }

  complete(): void {
    if (this.state.name === 'reshaping') this.pointerUp()
    else if (this.state.name === 'drawing' && this.state.clicks.length >= 3) this.#close()
    else this.state = { name: 'idle' }
  }

  stepBack(): boolean {
    if (this.state.name !== 'drawing') return false
    const clicks = this.state.clicks.slice(0, -1)
    const points = this.state.points.slice(0, clicks.at(-1)?.count ?? 0)
    this.state = points.length === 0 ? { name: 'idle' } : { ...this.state, points, clicks }
    return true
  }

  overlay(): Overlay {
    const { state } = this
    const { zoom } = this.#editor.now.view
    if (state.name === 'drawing') return this.#drawingOverlay(state)
    if (state.name === 'reshaping') {
      const { outline, target, part } = state.drag
      return {
        ...emptyOverlay,
        paths: outlinePaths(outline, target.object.color),
        handles: shownHandles(outline, zoom, part),
      }
    }
    const editable = editableOutline(this.#editor)
    if (!editable) return emptyOverlay
    const under = this.#hover && outlineHandleAt(this.#editor, this.#hover)
    return { ...emptyOverlay, handles: shownHandles(editable.outline, zoom, under?.part ?? null) }
  }

  #drawingOverlay({ points, clicks, target, combine }: State & { name: 'drawing' }): Overlay {
    const closes = this.#hover !== null && this.#closes(this.#hover)
    const line = closes ? this.#closingLine(true) : this.#hover ? this.#lineTo(this.#hover, true).points : []
    const open = [...points, ...line]
    const handles: Handle[] = clicks.map(({ count }, i) => ({
      x: points[count - 2]!,
      y: points[count - 1]!,
      kind: i === 0 ? 'first' : 'vertex',
      active: i === 0 && closes,
    }))
    const path = { points: open, closed: closes, color: target.object.color, dashed: combine === 'subtract' }
    return { ...emptyOverlay, paths: [path], handles }
  }

  #addVertex(point: ImagePoint): void {
    if (this.state.name !== 'drawing') return
    const { points, clicks } = this.state
    // The second press of a double click is on the vertex that the first has set.
    if (point.clickCount >= 2 || this.#closes(point)) {
      this.#close()
      return
    }
    const line = this.#lineTo(point, false)
    const longer = [...points, ...line.points]
    const click = { count: longer.length, followed: line.followed }
    this.state = { ...this.state, points: longer, clicks: [...clicks, click] }
  }

  /** What a click at the point would add. `inSteps`: straight for now where finding it takes long. */
  #lineTo(point: ImagePoint, inSteps: boolean): Pick<SnappedLine, 'points' | 'followed'> {
    const snap = this.#snapFor(point)
    if (!snap || this.state.name !== 'drawing') return { points: [point.x, point.y], followed: false }
    const line = snap.line(acceptedEdge(this.state), this.#snapped(point), inSteps)
    if (!line.done) queueMicrotask(() => this.#editor.redraw())
    return line
  }

  /** The vertices between the last one and the first. */
  #closingLine(inSteps: boolean): readonly number[] {
    const snap = this.#snapFor(this.#hover)
    if (!snap || this.state.name !== 'drawing') return []
    const [x, y] = this.state.points
    return snap.line(acceptedEdge(this.state), { x: x!, y: y! }, inSteps).points.slice(0, -2)
  }

  #snapped(point: ImagePoint): Point {
    return this.#snapFor(point)?.snapped(point, snapReach / this.#editor.now.view.zoom) ?? point
  }

  /** The edges of the picture; null where lines are to be straight, or while there is no picture. */
  #snapFor(point: Pick<ImagePoint, 'mod'> | null): EdgeSnap | null {
    const editor = this.#editor
    if (editor.now.toolOptions.snapToEdges === (point?.mod ?? false)) return null
    const picture = editor.picturePixels(editor.now.frameIndex)
    if (!picture) return null
    if (this.#edges?.picture !== picture) this.#edges = { picture, snap: new EdgeSnap(picture) }
    return this.#edges.snap
  }

  #closes(point: ImagePoint): boolean {
    if (this.state.name !== 'drawing' || this.state.clicks.length < 3) return false
    const [x, y] = this.state.points
    return Math.hypot(point.x - x!, point.y - y!) * this.#editor.now.view.zoom <= closeReach
  }

  #close(): void {
    if (this.state.name !== 'drawing') return
    const { target, clicks, combine } = this.state
    const points = [...this.state.points, ...this.#closingLine(false)]
    if (clicks.length < 3) {
      this.#editor.say('A polygon needs three vertices.', 'refused')
      return
    }
    const bitmap = emptyBitmap(target.media.width, target.media.height)
    if (!fillRings(bitmap, [points], 1)) {
      this.#editor.say('The polygon holds no pixel.', 'refused')
      return
    }
    this.state = { name: 'idle' }
    const isWhole = combine === 'replace' || (combine === 'add' && !target.before?.shape)
    const rle = combinedRle(target.rle, encodeRle(bitmap), combine)
    commitDrawing(
      this.#editor,
      target,
      'Polygon',
      rle,
      isWhole ? { outline: { type: 'polygon', rings: [points] } } : {},
    )
  }
}

/** The end of the outline that has followed edges without a break: what comes next should look like it. */
function acceptedEdge({ points, clicks }: State & { name: 'drawing' }): readonly number[] {
  const begin = clicks.findLast(({ followed }) => !followed)
  return points.slice(begin ? begin.count - 2 : 0)
}
