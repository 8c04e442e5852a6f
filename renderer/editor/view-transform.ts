/** Where the picture lies in the viewport. Screen points are CSS pixels from the viewport's left top corner. */

export interface ViewTransform {
  /** CSS pixels a picture pixel. */
  readonly zoom: number
  /** Screen position of the picture's left top corner. */
  readonly panX: number
  readonly panY: number
  /** The viewport in CSS pixels; 0 until a canvas has told. */
  readonly width: number
  readonly height: number
  /** Device pixels a CSS pixel. */
  readonly pixelRatio: number
  /** Whether the picture keeps fitting when the viewport changes. */
  readonly fitted: boolean
}

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Size {
  readonly width: number
  readonly height: number
}

const largestZoom = 64
const margin = 16

export function imagePointAt(view: ViewTransform, screen: Point): Point {
  return { x: (screen.x - view.panX) / view.zoom, y: (screen.y - view.panY) / view.zoom }
}

export function screenPointAt(view: ViewTransform, image: Point): Point {
  return { x: image.x * view.zoom + view.panX, y: image.y * view.zoom + view.panY }
}

export function fittedView(view: ViewTransform, picture: Size): ViewTransform {
  if (view.width <= 0 || view.height <= 0 || picture.width <= 0 || picture.height <= 0)
    return { ...view, fitted: true }
  const zoom = Math.max(
    Math.min(
      (view.width - 2 * margin) / picture.width,
      (view.height - 2 * margin) / picture.height,
      largestZoom,
    ),
    1e-3,
  )
  return {
    ...view,
    zoom,
    panX: (view.width - picture.width * zoom) / 2,
    panY: (view.height - picture.height * zoom) / 2,
    fitted: true,
  }
}

/** Zooms so that the picture's point under `anchor` stays under it. */
export function zoomedView(view: ViewTransform, picture: Size, zoom: number, anchor: Point): ViewTransform {
  const smallest = Math.min(1, fittedView(view, picture).zoom) / 4
  const next = Math.min(Math.max(zoom, smallest), largestZoom)
  const image = imagePointAt(view, anchor)
  const moved = {
    ...view,
    zoom: next,
    panX: anchor.x - image.x * next,
    panY: anchor.y - image.y * next,
    fitted: false,
  }
  return keptInSight(moved, picture)
}

export function pannedView(view: ViewTransform, picture: Size, dx: number, dy: number): ViewTransform {
  return keptInSight({ ...view, panX: view.panX + dx, panY: view.panY + dy, fitted: false }, picture)
}

export function resizedView(
  view: ViewTransform,
  picture: Size,
  viewport: Size & { pixelRatio: number },
): ViewTransform {
  const resized = { ...view, ...viewport }
  if (view.fitted) return fittedView(resized, picture)
  const dx = (viewport.width - view.width) / 2
  const dy = (viewport.height - view.height) / 2
  return keptInSight({ ...resized, panX: view.panX + dx, panY: view.panY + dy }, picture)
}

/** At least a quarter of the viewport, or the whole picture, stays in sight: a lost picture is a lost user. */
function keptInSight(view: ViewTransform, picture: Size): ViewTransform {
  const shown = (length: number, viewport: number) => Math.min(length, viewport / 4)
  const clamp = (pan: number, length: number, viewport: number) =>
    Math.min(Math.max(pan, shown(length, viewport) - length), viewport - shown(length, viewport))
  return {
    ...view,
    panX: clamp(view.panX, picture.width * view.zoom, view.width),
    panY: clamp(view.panY, picture.height * view.zoom, view.height),
  }
}
