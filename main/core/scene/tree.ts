import { toPixels } from './camera.ts'
import type { Moment } from './landscape.ts'
import { hash } from './noise.ts'
import { limb, type Outline, type Point } from './outline.ts'
import { flat } from './paint.ts'
import { Pen } from './pen.ts'
import type { Sheet } from './sheet.ts'

/** A birch that stands in front of the actors, at stage position x: whatever passes behind it is hidden for a while. */
export function paintBirch(moment: Moment, sheet: Sheet, x: number, near: number): void {
  const { canvas, view, place, tiles, ids, seconds, seed } = moment
  sheet.clear()
  const pen = new Pen(sheet, toPixels(view, near), tiles)
  const sway = 5 * Math.sin(seconds * 0.9 + seed) + 2 * Math.sin(seconds * 2.3)
  const top: Point = [x - 14 + sway, -30]
  const trunk = limb([[x + 3, 500], [x, 330], [x - 6 + sway * 0.3, 150], top], [17, 12.5, 10, 6])
  pen.fill(trunk, {
    ramp: place.trunk,
    from: [x + 14, 0],
    to: [x - 16, 0],
    grain: { tile: tiles.soil, scaleX: 1.2, scaleY: 0.6, strength: 0.25 },
  })
  for (let i = 0; i < 26; i++) {
    const y = 8 + i * 19 + 9 * hash(seed + 40, i)
    const side = hash(seed + 41, i) < 0.5 ? -1 : 1
    const length = 5 + 13 * hash(seed + 42, i)
    pen.inside(
      limb(
        [
          [x + side * 15, y],
          [x + side * (15 - length), y + 2],
        ],
        [1.9, 0.5],
      ),
      { ramp: flat(place.bark, 0.85) },
    )
  }
  const branch = (points: readonly Point[]) =>
    pen.fill(limb(points, [4, 2.4, 0.8]), { ramp: place.trunk, from: [x, 0], to: [x - 40, 0] })
  branch([
    [x - 4, 175],
    [x - 34 + sway * 0.5, 130],
    [x - 62 + sway, 96],
  ])
  branch([
    [x - 3, 140],
    [x + 30 + sway * 0.5, 92],
    [x + 60 + sway, 66],
  ])
  const [dark, main, light] = place.leaves
  pen.fillAll(leafage(x, sway, seed, seconds, 0), {
    ramp: flat(dark),
    grain: { tile: tiles.fine, scaleX: 2.2, scaleY: 2.2, strength: 0.5 },
  })
  pen.fillAll(leafage(x, sway, seed, seconds, 1), {
    ramp: flat(main),
    grain: { tile: tiles.fine, scaleX: 2.6, scaleY: 2.6, strength: 0.6 },
  })
  pen.fillAll(leafage(x, sway, seed, seconds, 2), {
    ramp: flat(light),
    grain: { tile: tiles.fine, scaleX: 3, scaleY: 3, strength: 0.6 },
  })
  canvas.lay(sheet, sheet, ids.tree)
}

/** Clusters of leaves: behind, in the middle, and in the light above. A leaf is a pointed oval that hangs and flutters. */
function leafage(x: number, sway: number, seed: number, seconds: number, coat: 0 | 1 | 2): Outline[] {
  const out: Outline[] = []
  const key = seed + 50 + coat * 7
  for (let i = 0; i < 24; i++) {
    const angle = hash(key, i) * 2 * Math.PI
    const away = Math.sqrt(hash(key + 1, i))
    const cx = x - 4 + sway * (1 + away * 0.3) + Math.cos(angle) * away * 92 + coat * 4
    const cy = 22 + Math.sin(angle) * away * 56 - coat * 5 + (Math.abs(cx - x) / 92) * 36
    const spread = 24 - coat * 4
    for (let k = 0; k < 15; k++) {
      const turn = hash(key + 2, i * 31 + k) * 2 * Math.PI
      const reach = Math.sqrt(hash(key + 3, i * 31 + k)) * spread
      const flutter = 0.5 * Math.sin(seconds * 3 + i + k * 1.7)
      out.push(
        leaf(
          cx + Math.cos(turn) * reach,
          cy + Math.sin(turn) * reach * 0.8,
          7.5 - coat * 0.9,
          turn + flutter,
        ),
      )
    }
  }
  return out
}

function leaf(x: number, y: number, length: number, angle: number): Outline {
  const cos = Math.cos(angle) * length
  const sin = Math.sin(angle) * length
  const [wx, wy] = [-sin * 0.52, cos * 0.52]
  return [
    x - cos,
    y - sin,
    x - cos * 0.3 + wx,
    y - sin * 0.3 + wy,
    x + cos * 0.4 + wx * 0.8,
    y + sin * 0.4 + wy * 0.8,
    x + cos,
    y + sin,
    x + cos * 0.4 - wx * 0.8,
    y + sin * 0.4 - wy * 0.8,
    x - cos * 0.3 - wx,
    y - sin * 0.3 - wy,
  ]
}
