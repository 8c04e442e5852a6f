/**
 * The timeline on a canvas given to it: paints when something changed, turns pointers and wheels into what the editor
 * does. Lanes are in the order of `editor.objects`; whoever shows their names beside it uses `laneHeight`, `rulerHeight`
 * and `onScroll`, and forwards vertical scrolling with `scrollTo`.
 */
import { type MaskRecord, maskId, type ObjectRecord } from '../../main/core/records.ts'
import type { Editor } from '../editor/editor.ts'
import { shotCuts } from '../editor/shot-cuts.ts'
import { suggestedKeyframe } from '../editor/suggested-keyframe.ts'
import { type LaneWords, laneWords } from './lane-words.ts'
import { keyNear, LaneCache } from './timeline-lane.ts'
import { paintTimeline, type TimelineColors } from './timeline-paint.ts'
import {
  frameAtX,
  resizedScale,
  scaleShowing,
  scrolledScale,
  type TimelineScale,
  wholeScale,
  xOfFrame,
  zoomedScale,
} from './timeline-scale.ts'

export const rulerHeight = 24
export const laneHeight = 24
const keyReachPixels = 7
const dragBeginsAfter = 4

export type TimelineHit =
  | { readonly type: 'ruler'; readonly frameIndex: number }
  | {
      readonly type: 'lane'
      readonly object: ObjectRecord
      readonly frameIndex: number
      readonly key: MaskRecord | null
    }
  | { readonly type: 'nothing'; readonly frameIndex: number }

/** What the pointer rests on, at a place of the canvas in CSS pixels. */
export interface TimelineTip extends LaneWords {
  readonly x: number
  readonly y: number
}

type Drag =
  | { readonly type: 'none' }
  | { readonly type: 'scrub' }
  | { readonly type: 'range'; readonly from: number }
  | { readonly type: 'key'; readonly key: MaskRecord; readonly fromX: number; readonly to: number | null }

export class TimelineView {
  readonly #canvas: HTMLCanvasElement
  readonly #editor: Editor
  readonly #cache = new LaneCache()
  readonly #stops: (() => void)[] = []
  readonly #scrollListeners = new Set<(scrollTop: number) => void>()
  readonly #tipListeners = new Set<(tip: TimelineTip | null) => void>()
  #scale: TimelineScale = wholeScale(0, 0)
  #height = 0
  #scrollTop = 0
  #drag: Drag = { type: 'none' }
  #request = 0
  #shownMedia: unknown = null
  #shownFrame = -1
  #colors: TimelineColors | null = null

  constructor(canvas: HTMLCanvasElement, editor: Editor) {
    this.#canvas = canvas
    this.#editor = editor
    const sizes = new ResizeObserver(() => this.#resize())
    sizes.observe(canvas)
    const themes = new MutationObserver(() => this.#restyle())
    themes.observe(document.documentElement, { attributes: true })
    const scheme = matchMedia('(prefers-color-scheme: dark)')
    const restyle = () => this.#restyle()
    scheme.addEventListener('change', restyle)
    this.#stops.push(
      () => sizes.disconnect(),
      () => themes.disconnect(),
      () => scheme.removeEventListener('change', restyle),
      editor.state.subscribe(() => this.#follow()),
      this.#on('pointerdown', (event) => this.#down(event)),
      this.#on('pointermove', (event) => this.#move(event)),
      this.#on('pointerup', (event) => this.#up(event)),
      this.#on('pointercancel', () => this.#cancel()),
      this.#on('pointerleave', () => this.#tellTip(null)),
      this.#on('wheel', (event) => this.#wheel(event)),
    )
    this.#resize()
  }

  dispose(): void {
    cancelAnimationFrame(this.#request)
    for (const stop of this.#stops) stop()
  }

  get scrollTop(): number {
    return this.#scrollTop
  }

  /** Pixels of the lanes to hide above the ruler. */
  scrollTo(scrollTop: number): void {
    const most = Math.max(0, this.#editor.objects.length * laneHeight - (this.#height - rulerHeight))
    const wanted = Math.round(Math.min(Math.max(0, scrollTop), most))
    if (wanted === this.#scrollTop) return
    this.#scrollTop = wanted
    for (const listener of this.#scrollListeners) listener(wanted)
    this.redraw()
  }

  onScroll(listener: (scrollTop: number) => void): () => void {
    this.#scrollListeners.add(listener)
    return () => this.#scrollListeners.delete(listener)
  }

  /** Told what lies under a resting pointer; null when nothing does. */
  onTip(listener: (tip: TimelineTip | null) => void): () => void {
    this.#tipListeners.add(listener)
    return () => this.#tipListeners.delete(listener)
  }

  zoomBy(factor: number): void {
    const playhead = xOfFrame(this.#scale, this.#editor.now.frameIndex + 0.5)
    const inView = playhead >= 0 && playhead <= this.#scale.width
    this.#rescale(zoomedScale(this.#scale, inView ? playhead : this.#scale.width / 2, factor))
  }

  showWhole(): void {
    this.#rescale(wholeScale(this.#scale.width, this.#scale.frameCount))
  }

  /** What lies under a point of the canvas, in CSS pixels. */
  hit(x: number, y: number): TimelineHit {
    const frameIndex = frameAtX(this.#scale, x)
    if (y < rulerHeight) return { type: 'ruler', frameIndex }
    const object = this.#editor.objects[Math.floor((y - rulerHeight + this.#scrollTop) / laneHeight)]
    if (!object) return { type: 'nothing', frameIndex }
    const exact = this.#scale.first + x / this.#scale.pixelsPerFrame - 0.5
    const reach = Math.max(0.5, keyReachPixels / this.#scale.pixelsPerFrame)
    const key = keyNear(this.#editor.tracks.track(object.id), exact, reach)
    return { type: 'lane', object, frameIndex: key?.frameIndex ?? frameIndex, key }
  }

  redraw(): void {
    if (this.#request === 0) this.#request = requestAnimationFrame(() => this.#paint())
  }

  #paint(): void {
    this.#request = 0
    const context = this.#canvas.getContext('2d', { alpha: false })
    if (!context || this.#scale.width === 0) return
    this.#colors ??= colorsOf(this.#canvas)
    const { now, media, objects, tracks } = this.#editor
    const classes = this.#editor.store
    const job = now.jobs.find((item) => item.state === 'running' && item.spec.type === 'propagate')
    const suggestion = job ? null : suggestedKeyframe(this.#editor)
    const ratio = devicePixelRatio
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    if (!media) {
      context.fillStyle = this.#colors.ground
      context.fillRect(0, 0, this.#scale.width, this.#height)
      return
    }
    paintTimeline(context, {
      scale: this.#scale,
      height: this.#height,
      rulerHeight,
      laneHeight,
      scrollTop: this.#scrollTop,
      lanes: objects.map((object) => {
        const track = tracks.track(object.id)
        const lane = {
          object,
          objectClass: object.classId ? classes.get(object.classId) : undefined,
          track,
          selected: now.selectedObjectIds.includes(object.id),
        }
        return {
          lane,
          frames: () => this.#cache.frames(object.id, track, media.frameCount, now.doubtThreshold),
        }
      }),
      timesUs: now.frameTimesUs,
      playhead: this.#drag.type === 'key' && this.#drag.to !== null ? this.#drag.to : now.frameIndex,
      range: now.range,
      run: job ? { frameIndex: job.frameIndex, frames: this.#editor.runFrames.of(job.id) } : null,
      cuts: shotCuts(now.jobs, media.id),
      suggestion: suggestion?.worth ? suggestion : null,
      colors: this.#colors,
    })
  }

  /** The state changed: another media starts whole, another frame comes into view. */
  #follow(): void {
    const { media, now } = this.#editor
    if (media?.id !== this.#shownMedia) {
      this.#shownMedia = media?.id ?? null
      this.#scale = wholeScale(this.#scale.width, media?.frameCount ?? 0)
      this.#scrollTop = 0
    } else if (media && media.frameCount !== this.#scale.frameCount)
      this.#scale = resizedScale(this.#scale, this.#scale.width, media.frameCount)
    if (now.frameIndex !== this.#shownFrame) {
      this.#shownFrame = now.frameIndex
      this.#scale = scaleShowing(this.#scale, now.frameIndex)
    }
    this.scrollTo(this.#scrollTop)
    this.redraw()
  }

  #resize(): void {
    const { width, height } = this.#canvas.getBoundingClientRect()
    this.#canvas.width = Math.max(1, Math.round(width * devicePixelRatio))
    this.#canvas.height = Math.max(1, Math.round(height * devicePixelRatio))
    this.#height = height
    this.#scale = resizedScale(this.#scale, width, this.#editor.media?.frameCount ?? 0)
    this.#follow()
    // At once: a resized canvas is blank, and a blank flash is worse than an early paint.
    this.#paint()
  }

  #restyle(): void {
    this.#colors = null
    this.redraw()
  }

  #rescale(scale: TimelineScale): void {
    this.#scale = scale
    this.redraw()
  }

  #down(event: PointerEvent): void {
    this.#tellTip(null)
    if (event.button !== 0 || !this.#editor.media) return
    this.#canvas.setPointerCapture(event.pointerId)
    const hit = this.hit(event.offsetX, event.offsetY)
    if (hit.type === 'lane') this.#downOnLane(event, hit.object, hit.key)
    else if (event.shiftKey) this.#drag = { type: 'range', from: hit.frameIndex }
    else this.#drag = { type: 'scrub' }
    if (this.#drag.type === 'scrub') this.#editor.set({ range: null })
    if (this.#drag.type !== 'range') this.#editor.showFrame(hit.frameIndex)
  }

  #downOnLane(event: PointerEvent, object: ObjectRecord, key: MaskRecord | null): void {
    const { selectedObjectIds } = this.#editor.now
    if (event.ctrlKey || event.metaKey || event.shiftKey) {
      const rest = selectedObjectIds.filter((id) => id !== object.id)
      this.#editor.select(rest.length < selectedObjectIds.length ? rest : [...rest, object.id])
    } else this.#editor.select([object.id])
    this.#drag = key ? { type: 'key', key, fromX: event.offsetX, to: null } : { type: 'scrub' }
  }

  #move(event: PointerEvent): void {
    const frameIndex = frameAtX(this.#scale, event.offsetX)
    switch (this.#drag.type) {
      case 'scrub':
        this.#editor.showFrame(frameIndex)
        break
      case 'range': {
        const [firstFrame, lastFrame] = [
          Math.min(this.#drag.from, frameIndex),
          Math.max(this.#drag.from, frameIndex),
        ]
        this.#editor.set({ range: { firstFrame, lastFrame } })
        break
      }
      case 'key': {
        const begun = this.#drag.to !== null || Math.abs(event.offsetX - this.#drag.fromX) >= dragBeginsAfter
        if (begun) this.#drag = { ...this.#drag, to: frameIndex }
        this.redraw()
        break
      }
      case 'none': {
        const hit = this.hit(event.offsetX, event.offsetY)
        this.#canvas.style.cursor =
          hit.type === 'lane' && hit.key ? 'grab' : hit.type === 'ruler' ? 'ew-resize' : 'default'
        this.#tellTip(this.#tipOf(hit, event))
      }
    }
  }

  #tipOf(hit: TimelineHit, { offsetX, offsetY }: PointerEvent): TimelineTip | null {
    if (hit.type !== 'lane') return null
    const track = this.#editor.tracks.track(hit.object.id)
    const words = laneWords(hit.object, track, hit.frameIndex, this.#editor.now.doubtThreshold)
    return { ...words, x: offsetX, y: offsetY }
  }

  #tellTip(tip: TimelineTip | null): void {
    for (const listener of this.#tipListeners) listener(tip)
  }

  #up(event: PointerEvent): void {
    const drag = this.#drag
    this.#drag = { type: 'none' }
    if (this.#canvas.hasPointerCapture(event.pointerId)) this.#canvas.releasePointerCapture(event.pointerId)
    if (drag.type === 'key' && drag.to !== null && drag.to !== drag.key.frameIndex)
      moveKey(this.#editor, drag.key, drag.to)
    this.redraw()
  }

  #cancel(): void {
    this.#drag = { type: 'none' }
    this.redraw()
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault()
    const pixels = event.deltaMode === 1 ? 24 : 1
    if (event.ctrlKey || event.metaKey)
      this.#rescale(zoomedScale(this.#scale, event.offsetX, Math.exp(-event.deltaY * pixels * 0.003)))
    else if (event.shiftKey && event.deltaX === 0)
      this.#rescale(scrolledScale(this.#scale, event.deltaY * pixels))
    else {
      if (event.deltaX !== 0) this.#rescale(scrolledScale(this.#scale, event.deltaX * pixels))
      if (event.deltaY !== 0) this.scrollTo(this.#scrollTop + event.deltaY * pixels)
    }
  }

  #on<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (event: HTMLElementEventMap[K]) => void,
  ): () => void {
    this.#canvas.addEventListener(type, listener, { passive: false })
    return () => this.#canvas.removeEventListener(type, listener)
  }
}

/** Moves a key mask in time, as one step; a mask that stood at the new frame gives way to it. */
export function moveKey(editor: Editor, key: MaskRecord, frameIndex: number): void {
  const object = editor.store.get(key.objectId)
  if (!object || !editor.store.has(key.id)) return
  if (object.locked) {
    editor.say(`"${object.name}" is locked: unlock it to move its keyframes.`, 'refused')
    return
  }
  editor.edit('Move keyframe', (edit) => {
    edit.remove(key.id)
    edit.put({ ...key, id: maskId(key.objectId, frameIndex), frameIndex })
  })
  editor.showFrame(frameIndex)
}

function colorsOf(canvas: HTMLCanvasElement): TimelineColors {
  const style = getComputedStyle(canvas)
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim()
  return {
    ground: token('panel'),
    ruler: token('chrome'),
    line: token('line'),
    lineStrong: token('line-strong'),
    text: token('text-quiet'),
    textFaint: token('text-faint'),
    accent: token('accent'),
    onAccent: token('on-accent'),
    selected: token('selected'),
    good: token('good'),
    warn: token('warn'),
    bad: token('bad'),
    stale: token('stale'),
    font: token('font'),
  }
}
