import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  fittedView,
  imagePointAt,
  pannedView,
  resizedView,
  screenPointAt,
  type ViewTransform,
  zoomedView,
} from './view-transform.ts'

const view: ViewTransform = {
  zoom: 1,
  panX: 0,
  panY: 0,
  width: 800,
  height: 600,
  pixelRatio: 1,
  fitted: false,
}
const picture = { width: 1920, height: 1080 }
const inView = fc.record({ x: fc.integer({ min: 0, max: 800 }), y: fc.integer({ min: 0, max: 600 }) })

describe('the view', () => {
  it('fits the whole picture into its middle', () => {
    const fitted = fittedView(view, picture)
    const topLeft = screenPointAt(fitted, { x: 0, y: 0 })
    const bottomRight = screenPointAt(fitted, { x: 1920, y: 1080 })
    expect(topLeft.x).toBeCloseTo(800 - bottomRight.x)
    expect(topLeft.y).toBeCloseTo(600 - bottomRight.y)
    expect(topLeft.x).toBeGreaterThanOrEqual(0)
    expect(topLeft.y).toBeGreaterThanOrEqual(0)
  })

  it('keeps the point under the pointer when it zooms about the fitted picture', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 1, max: 60, noNaN: true }),
        (u, v, zoom) => {
          const fitted = fittedView(view, picture)
          const anchor = screenPointAt(fitted, { x: u * 1920, y: v * 1080 })
          const zoomed = zoomedView(fitted, picture, zoom, anchor)
          const before = imagePointAt(fitted, anchor)
          const after = imagePointAt(zoomed, anchor)
          expect(after.x).toBeCloseTo(before.x, 6)
          expect(after.y).toBeCloseTo(before.y, 6)
        },
      ),
    )
  })

  it('never loses the picture, however it is dragged', () => {
    fc.assert(
      fc.property(fc.integer({ min: -9999, max: 9999 }), fc.integer({ min: -9999, max: 9999 }), (dx, dy) => {
        const panned = pannedView(view, picture, dx, dy)
        const right = panned.panX + 1920
        const bottom = panned.panY + 1080
        expect(Math.min(right, 800) - Math.max(panned.panX, 0)).toBeGreaterThanOrEqual(199)
        expect(Math.min(bottom, 600) - Math.max(panned.panY, 0)).toBeGreaterThanOrEqual(149)
      }),
    )
  })

  it('goes to the picture and back', () => {
    fc.assert(
      fc.property(inView, fc.double({ min: 0.1, max: 20, noNaN: true }), (point, zoom) => {
        const any = zoomedView(view, picture, zoom, { x: 10, y: 10 })
        const back = screenPointAt(any, imagePointAt(any, point))
        expect(back.x).toBeCloseTo(point.x, 6)
        expect(back.y).toBeCloseTo(point.y, 6)
      }),
    )
  })

  it('keeps fitting while the window changes, and keeps the middle when it does not fit', () => {
    const wide = resizedView(fittedView(view, picture), picture, { width: 1000, height: 600, pixelRatio: 2 })
    expect(wide).toEqual(fittedView({ ...view, width: 1000, pixelRatio: 2 }, picture))
    const zoomed = zoomedView(view, picture, 2, { x: 0, y: 0 })
    const resized = resizedView(zoomed, picture, { width: 1000, height: 600, pixelRatio: 1 })
    expect(imagePointAt(resized, { x: 500, y: 300 }).x).toBeCloseTo(
      imagePointAt(zoomed, { x: 400, y: 300 }).x,
    )
  })
})
