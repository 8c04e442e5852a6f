/**
 * The curves of `annotate` as one SVG without scripts or fonts of its own. Its colours have a contrast of at least 3:1
 * on white and on GitHub's dark page, and differ for colour-blind readers too (Okabe and Ito); every line is named
 * where it ends.
 */

export interface CurvePoint {
  readonly keys: number
  readonly j: number
  readonly f: number
  /** Compute, not a person's time. */
  readonly seconds: number
}

export interface Curve {
  readonly name: string
  readonly points: readonly CurvePoint[]
}

interface Style {
  readonly title: string
  readonly color: string
  readonly dash: string
}

const styles: Readonly<Record<string, Style>> = {
  inbetween: { title: 'Inbetween', color: '#0079c4', dash: '' },
  flow: { title: 'optical flow', color: '#d55e00', dash: '7 3' },
  interpolate: { title: 'interpolation', color: '#009e73', dash: '2 3' },
  copy: { title: 'copying', color: '#c26a9a', dash: '9 3 2 3' },
}
const ink = '#768390'
const [width, height] = [860, 650]
const levels = [0, 0.2, 0.4, 0.6, 0.8, 1]
const secondsTicks = [0.01, 0.1, 1, 10, 100]

interface Panel {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  readonly title: string
  readonly unit: string
  readonly namesLeft: boolean
  /** Position along the axis, 0 to 1. */
  readonly x: (point: CurvePoint) => number
  readonly value: (point: CurvePoint) => number
  readonly ticks: readonly (readonly [at: number, text: string])[]
}

/** Curves of unknown names are left out. `caption` says what they are the mean of. */
export function annotatePlot(curves: readonly Curve[], caption: string): string {
  const shown = curves.filter(({ name }) => styles[name])
  const rounds = Math.max(2, ...shown.flatMap(({ points }) => points.map(({ keys }) => keys)))
  const parts = panels(rounds).flatMap((panel) => [
    ...frame(panel),
    ...shown.map((curve) => line(panel, curve)),
    ...labels(panel, shown),
  ])
  const style = `text{font:13px system-ui,-apple-system,'Segoe UI',sans-serif;fill:${ink}}.head{font-weight:600}.name{font-weight:600}`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">`,
    '<title id="title">Region J and boundary F over keyframes and over compute seconds, for four ways to fill in the frames between</title>',
    `<style>${style}</style>`,
    ...parts,
    `<text x="50" y="${height - 8}">${caption}</text>`,
    '</svg>',
    '',
  ].join('\n')
}

function panels(rounds: number): Panel[] {
  const byKeys = {
    left: 50,
    width: 300,
    unit: 'keyframes a person made',
    namesLeft: false,
    x: ({ keys }: CurvePoint) => (keys - 1) / (rounds - 1),
    ticks: Array.from({ length: rounds }, (_, i) => [i / (rounds - 1), String(i + 1)] as const),
  }
  const log = (seconds: number) => {
    const [from, to] = [Math.log(secondsTicks[0]!), Math.log(secondsTicks.at(-1)!)]
    return Math.min(1, Math.max(0, (Math.log(Math.max(seconds, 1e-6)) - from) / (to - from)))
  }
  const bySeconds = {
    left: 510,
    width: 330,
    unit: 'seconds of compute, a sequence, so far',
    namesLeft: true,
    x: ({ seconds }: CurvePoint) => log(seconds),
    ticks: secondsTicks.map((seconds) => [log(seconds), String(seconds)] as const),
  }
  const rows = [
    { top: 34, height: 230, title: 'J, region', value: ({ j }: CurvePoint) => j },
    { top: 348, height: 230, title: 'F, boundary', value: ({ f }: CurvePoint) => f },
  ]
  return rows.flatMap((row) => [
    { ...byKeys, ...row },
    { ...bySeconds, ...row },
  ])
}

function yOf(panel: Panel, value: number): number {
  const [low, high] = [levels[0]!, levels.at(-1)!]
  return panel.top + panel.height * (1 - (Math.max(low, value) - low) / (high - low))
}

function frame(panel: Panel): string[] {
  const { left, top, width: across, height: down, title, unit, ticks } = panel
  const bottom = top + down
  const rules = levels.map((level) => {
    const y = round(yOf(panel, level))
    const text = `<text x="${left - 8}" y="${y + 4}" text-anchor="end">${level.toFixed(1)}</text>`
    return `<line x1="${left}" x2="${left + across}" y1="${y}" y2="${y}" stroke="${ink}" stroke-opacity="0.25"/>${text}`
  })
  const marks = ticks.map(
    ([at, text]) =>
      `<text x="${round(left + at * across)}" y="${bottom + 18}" text-anchor="middle">${text}</text>`,
  )
  return [
    `<text class="head" x="${left}" y="${top - 14}">${title}</text>`,
    ...rules,
    ...marks,
    `<text x="${left + across / 2}" y="${bottom + 38}" text-anchor="middle">${unit}</text>`,
  ]
}

function line(panel: Panel, { name, points }: Curve): string {
  const { color, dash } = styles[name]!
  const at = points.map(
    (point) => `${round(panel.left + panel.x(point) * panel.width)},${round(yOf(panel, panel.value(point)))}`,
  )
  const dots = at.map((place) => {
    const [x, y] = place.split(',')
    return `<circle cx="${x}" cy="${y}" r="2.5"/>`
  })
  return `<g stroke="${color}" fill="${color}"><polyline points="${at.join(' ')}" fill="none" stroke-width="2" stroke-dasharray="${dash}"/>${dots.join('')}</g>`
}

/**
 * A line's name stands beside its last point: right of it where all lines end at the right, else left of it, where its
 * own line has come from below. Names that would touch are moved apart.
 */
function labels(panel: Panel, curves: readonly Curve[]): string[] {
  const ends = curves
    .map(({ name, points }) => {
      const last = points.at(-1)!
      // A flat line's own last stretch lies left of its end: the name goes above it.
      const before = points.at(-2) ?? last
      const isFlat = panel.namesLeft && yOf(panel, panel.value(before)) - yOf(panel, panel.value(last)) < 6
      const [right, lift] = isFlat && panel.x(before) < panel.x(last) ? [16, -10] : [0, 4]
      const x = panel.left + panel.x(last) * panel.width + right
      return { name, x, y: yOf(panel, panel.value(last)) + lift }
    })
    .sort((a, b) => a.y - b.y)
  const placed: { name: string; x: number; y: number }[] = []
  for (const end of ends) {
    const above = placed.findLast(({ x }) => Math.abs(x - end.x) < 90)
    placed.push({ ...end, y: above ? Math.max(end.y, above.y + 15) : end.y })
  }
  return placed.map(({ name, x, y }) => {
    const { color, title } = styles[name]!
    const leftwards = panel.namesLeft && x > panel.left + 100
    const place = leftwards ? `x="${round(x - 12)}" text-anchor="end"` : `x="${round(x + 8)}"`
    return `<text class="name" ${place} y="${round(y)}" style="fill:${color}">${title}</text>`
  })
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
