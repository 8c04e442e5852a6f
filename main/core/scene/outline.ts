/** Outlines as flat lists x0, y0, x1, y1, ... and the affine maps that place them. */
export type Outline = readonly number[]
export type Point = readonly [x: number, y: number]

/** x' = a x + c y + e, y' = b x + d y + f. */
export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number]

export const identity: Matrix = [1, 0, 0, 1, 0, 0]

/** First `inner`, then `outer`. */
export function multiplied(outer: Matrix, inner: Matrix): Matrix {
  const [a, b, c, d, e, f] = outer
  const [p, q, r, s, t, u] = inner
  return [a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f]
}

export function placed(x: number, y: number, angle = 0, scaleX = 1, scaleY = scaleX): Matrix {
  const cos = Math.cos(angle)
  const sin = Math.sin(angle)
  return [cos * scaleX, sin * scaleX, -sin * scaleY, cos * scaleY, x, y]
}

export function inverted(m: Matrix): Matrix {
  const [a, b, c, d, e, f] = m
  const k = 1 / (a * d - b * c)
  return [d * k, -b * k, -c * k, a * k, (c * f - d * e) * k, (b * e - a * f) * k]
}

export function mapped(outline: Outline, m: Matrix): Float64Array {
  const [a, b, c, d, e, f] = m
  const out = new Float64Array(outline.length)
  for (let i = 0; i < outline.length; i += 2) {
    const x = outline[i]!
    const y = outline[i + 1]!
    out[i] = a * x + c * y + e
    out[i + 1] = b * x + d * y + f
  }
  return out
}

export function ellipse(cx: number, cy: number, rx: number, ry = rx, steps = 40): Outline {
  const out: number[] = []
  for (let i = 0; i < steps; i++) {
    const angle = (i / steps) * 2 * Math.PI
    out.push(cx + rx * Math.cos(angle), cy + ry * Math.sin(angle))
  }
  return out
}

/** A smooth curve (Catmull-Rom) through the points, closed or open. */
export function curve(points: readonly Point[], closed = true, steps = 7): Outline {
  const out: number[] = []
  const count = points.length
  const at = (i: number): Point =>
    closed ? points[(i + count) % count]! : points[Math.min(count - 1, Math.max(0, i))]!
  const segments = closed ? count : count - 1
  for (let i = 0; i < segments; i++) {
    const [p0, p1, p2, p3] = [at(i - 1), at(i), at(i + 1), at(i + 2)]
    for (let step = 0; step < steps; step++) {
      const t = step / steps
      out.push(spline(p0[0], p1[0], p2[0], p3[0], t), spline(p0[1], p1[1], p2[1], p3[1], t))
    }
  }
  if (!closed) out.push(...at(count - 1))
  return out
}

/** Catmull-Rom between b and c. */
export function spline(a: number, b: number, c: number, d: number, t: number): number {
  return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
}

/** A stroke through the points whose half width follows `radii`, with round ends: limbs, tails, ropes. */
export function limb(points: readonly Point[], radii: readonly number[], smoothly = true): Outline {
  const spine = smoothly && points.length > 2 ? curve(points, false) : points.flat()
  const count = spine.length / 2
  const there: number[] = []
  const back: number[] = []
  for (let i = 0; i < count; i++) {
    const [nx, ny] = normalAt(spine, i, listAt(radii, i / (count - 1)))
    const x = spine[i * 2]!
    const y = spine[i * 2 + 1]!
    there.push(x + nx, y + ny)
    if (i === count - 1) there.push(...cap(x, y, nx, ny))
    back.push(y - ny, x - nx)
  }
  const [nx, ny] = normalAt(spine, 0, radii[0]!)
  return [...there, ...back.reverse(), ...cap(spine[0]!, spine[1]!, -nx, -ny)]
}

function normalAt(spine: Outline, i: number, length: number): Point {
  const before = Math.max(0, i - 1) * 2
  const after = Math.min(spine.length / 2 - 1, i + 1) * 2
  const dx = spine[after]! - spine[before]!
  const dy = spine[after + 1]! - spine[before + 1]!
  const scale = length / (Math.hypot(dx, dy) || 1)
  return [-dy * scale, dx * scale]
}

function cap(x: number, y: number, nx: number, ny: number): number[] {
  const out: number[] = []
  for (let i = 1; i < 10; i++) {
    const angle = (i / 10) * Math.PI
    const cos = Math.cos(angle)
    const sin = Math.sin(angle)
    out.push(x + nx * cos + ny * sin, y + ny * cos - nx * sin)
  }
  return out
}

function listAt(values: readonly number[], t: number): number {
  const at = t * (values.length - 1)
  const i = Math.min(values.length - 2, Math.floor(at))
  if (values.length === 1) return values[0]!
  return values[i]! + (values[i + 1]! - values[i]!) * (at - i)
}
