/**
 * The picture on screen: owns two canvases in an element given to it (graphics below, handles above), turns pointer
 * events into editor events, and draws once before a frame is shown and only when something changed.
 */
import type { RgbaImage } from '../../main/core/mask/regions.ts'
import type { Box, MediaId, MediaRecord } from '../../main/core/records.ts'
import type { Editor } from '../editor/editor.ts'
import { ghosts } from '../editor/ghosts.ts'
import { sentenceOf } from '../editor/session.ts'
import type { Draft } from '../editor/tool.ts'
import { resizedView, screenPointAt, type ViewTransform } from '../editor/view-transform.ts'
import type { FramePicture, FrameSource } from './frame-source.ts'
import { drawGhosts } from './ghost-draw.ts'
import { GlCanvas, type Scene } from './gl-canvas.ts'
import { MaskLayers } from './mask-layers.ts'
import { drawOverlay } from './overlay-draw.ts'
import { PointerInput } from './pointer-input.ts'
import { ShownRecords } from './shown-records.ts'

interface ShownPicture {
  readonly source: FrameSource
  readonly frameIndex: number
  readonly rotation: FramePicture['rotation']
}

export class CanvasView {
  readonly #element: HTMLElement
  readonly #editor: Editor
  readonly #frames: () => FrameSource | null
  readonly #glCanvas: HTMLCanvasElement
  readonly #overlayCanvas: HTMLCanvasElement
  readonly #overlayContext: CanvasRenderingContext2D
  readonly #pointer: PointerInput
  readonly #resizes: ResizeObserver
  readonly #stops: (() => void)[] = []
  #gl: GlCanvas | null = null
  #layers: MaskLayers | null = null
  #scheduled = 0
  #disposed = false
  #tooLarge: MediaId | null = null
  /** What the picture's texture holds. */
  #shown: ShownPicture | null = null
  readonly #records = new ShownRecords()
  #scene: readonly unknown[] = []
  #draftVersion = 0
  #pixels: { readonly frameIndex: number; readonly image: RgbaImage } | null = null

  /**
   * `frames` gives the pictures of the media shown now; null where there are none (a missing file): masks are drawn on
   * an empty ground then. The element should be focusable and fill its place; its children are the view's.
   */
  constructor(element: HTMLElement, editor: Editor, frames: () => FrameSource | null) {
    this.#element = element
    this.#editor = editor
    this.#frames = frames
    this.#glCanvas = layer(element)
    this.#overlayCanvas = layer(element)
    const context = this.#overlayCanvas.getContext('2d')
    if (!context) throw new Error('There is no 2D canvas here.')
    this.#overlayContext = context
    this.#makeGraphics()
    this.#glCanvas.addEventListener('webglcontextlost', (event) => event.preventDefault())
    this.#glCanvas.addEventListener('webglcontextrestored', () => this.#makeGraphics())
    this.#pointer = new PointerInput(element, editor, () => this.wake())
    this.#resizes = new ResizeObserver(() => this.#resize())
    this.#resizes.observe(element)
    const watched = watchPixelRatio(() => this.#resize())
    this.#stops.push(
      editor.state.subscribe(() => this.wake()),
      editor.onRedraw(() => this.wake()),
      editor.store.listen(() => this.wake()),
      watched,
    )
    editor.picturePixels = (frameIndex) => this.#picturePixels(frameIndex)
    this.#resize()
  }

  /** Draws before the next frame is shown. Many calls are one drawing. */
  wake(): void {
    if (this.#scheduled || this.#disposed) return
    this.#scheduled = requestAnimationFrame(() => {
      this.#scheduled = 0
      this.#pointer.flush()
      this.draw()
    })
  }

  dispose(): void {
    this.#disposed = true
    cancelAnimationFrame(this.#scheduled)
    for (const stop of this.#stops) stop()
    this.#resizes.disconnect()
    this.#pointer.dispose()
    this.#gl?.dispose()
    this.#editor.picturePixels = () => null
    this.#glCanvas.remove()
    this.#overlayCanvas.remove()
  }

  /** Draws now. */
  draw(): void {
    const { media, now } = this.#editor
    const { view, look } = now
    const overlay = this.#editor.toolbox.overlay()
    drawOverlay(this.#overlayContext, view, overlay, this.#pointer.inside)
    drawGhosts(this.#overlayContext, view, ghosts(this.#editor, this.#shown?.frameIndex ?? now.frameIndex))
    this.#element.style.cursor = this.#editor.toolbox.cursor
    if (!this.#gl || !this.#layers || view.width <= 0) return
    if (media && !this.#fitsGraphics(this.#gl, media)) return
    if (media) this.#updatePicture(now.frameIndex)
    const changed = this.#sceneChange(overlay.draft)
    if (!changed) return
    const frameIndex = this.#shown?.frameIndex ?? now.frameIndex
    const shown = media ? this.#layers.update(media, frameIndex) : { focus: null, hasOnion: false }
    const scene: Scene = {
      viewport: view,
      zoom: view.zoom,
      panX: view.panX,
      panY: view.panY,
      size: media ?? { width: 0, height: 0 },
      hasPicture: media !== null && this.#shown !== null,
      rotation: this.#shown?.rotation ?? 0,
      brightness: look.brightness,
      contrast: look.contrast,
      opacity: look.maskOpacity,
      maskStyle: look.maskStyle,
      patterns: look.patterns,
      focus: look.maskStyle === 'hidden' && !shown.focus?.isDraft ? null : shown.focus,
      hasOnion: shown.hasOnion,
      pixelGrid: look.pixelGrid,
    }
    this.#gl.draw(scene, changed === 'all' ? null : changed)
  }

  /** Says once a media that its pictures are too large for this machine's graphics. */
  #fitsGraphics(gl: GlCanvas, media: MediaRecord): boolean {
    const side = Math.max(media.width, media.height)
    if (side <= gl.largestSide) return true
    if (this.#tooLarge !== media.id) {
      this.#tooLarge = media.id
      const [wanted, largest] = [side, gl.largestSide].map((pixels) => pixels.toLocaleString('en-US'))
      this.#editor.say(
        `${media.name} is ${wanted} pixels on its longer side, and this machine's graphics show ${largest}: scale it down and import it again.`,
        'failed',
      )
    }
    return false
  }

  /**
   * Where the graphics would show anything else than they do, in CSS pixels: moving the pointer over the picture
   * changes only what lies above it, and a stroke only the place it has come to.
   */
  #sceneChange(draft: Draft | null): Box | 'all' | null {
    const { now, media, shapes } = this.#editor
    const scene = [
      this.#shown,
      media,
      now.frameIndex,
      this.#records.of(this.#editor, this.#shown?.frameIndex ?? now.frameIndex),
      shapes.arrivals,
      now.selectedObjectIds,
      now.hoverObjectId,
      now.view,
      now.look,
      draft,
    ]
    const same = scene.every((value, i) => value === this.#scene[i])
    const drawnVersion = this.#draftVersion
    this.#scene = scene
    this.#draftVersion = draft?.version ?? 0
    if (!same) return 'all'
    const box = draft && draft.version !== drawnVersion ? draft.changedSince(drawnVersion) : null
    return box && screenBox(now.view, box)
  }

  /** Uploads the wanted frame when it is at hand; until then the last one stays. Masks go with the picture. */
  #updatePicture(frameIndex: number): void {
    const source = this.#frames()
    if (this.#shown && this.#shown.source !== source) this.#show(null)
    if (!source) return
    if (this.#shown?.frameIndex === frameIndex) return
    const picture = source.frame(frameIndex)
    if (!picture || !this.#gl) return
    this.#gl.setPicture(picture.image)
    this.#show({ source, frameIndex: picture.frameIndex, rotation: picture.rotation })
  }

  #show(shown: ShownPicture | null): void {
    this.#shown = shown
    this.#pixels = null
    const shownFrameIndex = shown?.frameIndex ?? null
    if (this.#editor.now.shownFrameIndex !== shownFrameIndex) this.#editor.set({ shownFrameIndex })
  }

  #makeGraphics(): void {
    try {
      this.#gl = new GlCanvas(this.#glCanvas)
    } catch (error) {
      this.#gl = null
      this.#editor.say(sentenceOf(error), 'failed')
      return
    }
    if (this.#layers) this.#layers.replaceGraphics(this.#gl)
    else this.#layers = new MaskLayers(this.#editor, this.#gl)
    this.#scene = []
    this.#show(null)
    this.wake()
  }

  #resize(): void {
    const { width, height } = this.#element.getBoundingClientRect()
    const pixelRatio = window.devicePixelRatio
    for (const canvas of [this.#glCanvas, this.#overlayCanvas]) {
      canvas.width = Math.max(1, Math.round(width * pixelRatio))
      canvas.height = Math.max(1, Math.round(height * pixelRatio))
    }
    const { media, now } = this.#editor
    this.#editor.set({
      view: resizedView(now.view, media ?? { width: 0, height: 0 }, { width, height, pixelRatio }),
    })
    // A canvas of a new size is empty until it is drawn, which would be seen.
    this.#scene = []
    this.draw()
  }

  /** Reads the picture back for tools that look at colours; only for the frame on screen. */
  #picturePixels(frameIndex: number): RgbaImage | null {
    if (this.#pixels?.frameIndex === frameIndex) return this.#pixels.image
    const { media } = this.#editor
    const picture = this.#frames()?.frame(frameIndex)
    if (!media || picture?.frameIndex !== frameIndex) return null
    const canvas = new OffscreenCanvas(media.width, media.height)
    const context = canvas.getContext('2d', { willReadFrequently: true })
    if (!context) return null
    const turned = picture.rotation % 180 !== 0
    const width = turned ? media.height : media.width
    const height = turned ? media.width : media.height
    context.translate(media.width / 2, media.height / 2)
    context.rotate((picture.rotation * Math.PI) / 180)
    context.drawImage(picture.image as CanvasImageSource, -width / 2, -height / 2, width, height)
    const image = context.getImageData(0, 0, media.width, media.height)
    this.#pixels = { frameIndex, image }
    return image
  }
}

/** CSS pixels that an outline reaches beyond its mask. */
const outlineReach = 5

function screenBox(view: ViewTransform, [x, y, width, height]: Box): Box {
  const topLeft = screenPointAt(view, { x, y })
  return [
    topLeft.x - outlineReach,
    topLeft.y - outlineReach,
    width * view.zoom + 2 * outlineReach,
    height * view.zoom + 2 * outlineReach,
  ]
}

function layer(element: HTMLElement): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.style.cssText = 'position:absolute;inset:0;width:100%;height:100%;pointer-events:none'
  canvas.setAttribute('aria-hidden', 'true')
  element.append(canvas)
  return canvas
}

/** Calls back when the window moves to a screen of another density. */
function watchPixelRatio(changed: () => void): () => void {
  const stop = new AbortController()
  const watch = () => {
    const query = matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`)
    const again = () => {
      changed()
      watch()
    }
    query.addEventListener('change', again, { once: true, signal: stop.signal })
  }
  watch()
  return () => stop.abort()
}
