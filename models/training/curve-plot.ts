/**
 * What training looked like, as one SVG: `curve-plot.ts OUT.svg NAME=DIR [NAME=DIR ...]`, with each DIR's `curve.json`.
 * Mean IoU in the crop, one step from the forest's own masks, over steps of training.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface Point {
  readonly step: number
  /** On films, which are never learnt from. */
  readonly film: number
  readonly forest: number
}

const ink = '#768390'
/** Okabe and Ito, 3:1 on white and on a dark page. */
const colors = ['#0079c4', '#d55e00', '#009e73']
const [width, height] = [720, 340]
const area = { left: 60, top: 30, width: 500, height: 250 }

function main(): void {
  const [out, ...given] = process.argv.slice(2)
  if (!out || given.length === 0) throw new Error('curve-plot.ts OUT.svg NAME=DIR [NAME=DIR ...]')
  const curves = given.map((each) => {
    const [name, folder] = each.split('=') as [string, string]
    return { name, points: JSON.parse(readFileSync(join(folder, 'curve.json'), 'utf8')) as Point[] }
  })
  writeFileSync(out, plot(curves))
}

function plot(curves: readonly { readonly name: string; readonly points: readonly Point[] }[]): string {
  const all = curves.flatMap(({ points }) => points)
  const forest = all[0]!.forest
  const low = Math.floor(Math.min(forest, ...all.map(({ film }) => film)) - 0.5)
  const high = Math.ceil(Math.max(forest, ...all.map(({ film }) => film)) + 0.5)
  const steps = Math.max(...all.map(({ step }) => step))
  const x = (step: number) => round(area.left + (area.width * step) / steps)
  const y = (value: number) => round(area.top + area.height * (1 - (value - low) / (high - low)))
  const levels = Array.from({ length: high - low + 1 }, (_, i) => low + i)
  const bottom = area.top + area.height
  // Names that would lie on each other stand below each other.
  const nameAt = new Map<string, number>()
  for (const { name, points } of curves.toSorted((a, b) => b.points.at(-1)!.film - a.points.at(-1)!.film))
    nameAt.set(name, Math.max(y(points.at(-1)!.film) + 4, ...[...nameAt.values()].map((above) => above + 16)))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">`,
    '<title id="title">Mean IoU of one step on 30 films over steps of training, by design, beside the forest alone</title>',
    `<style>text{font:13px system-ui,-apple-system,'Segoe UI',sans-serif;fill:${ink}}.name{font-weight:600}</style>`,
    `<text x="${area.left}" y="16">IoU of one step in the crop, percent, 30 films that are never learnt from</text>`,
    ...levels.map(
      (level) =>
        `<line x1="${area.left}" x2="${area.left + area.width}" y1="${y(level)}" y2="${y(level)}" stroke="${ink}" stroke-opacity="0.25"/><text x="${area.left - 8}" y="${y(level) + 4}" text-anchor="end">${level}</text>`,
    ),
    ...[0, 0.25, 0.5, 0.75, 1].map(
      (part) =>
        `<text x="${area.left + part * area.width}" y="${bottom + 20}" text-anchor="middle">${Math.round(part * steps)}</text>`,
    ),
    `<text x="${area.left + area.width / 2}" y="${bottom + 42}" text-anchor="middle">steps of training, 16 crops each</text>`,
    `<line x1="${area.left}" x2="${area.left + area.width}" y1="${y(forest)}" y2="${y(forest)}" stroke="${ink}" stroke-width="2" stroke-dasharray="2 3"/>`,
    `<text class="name" x="${area.left + area.width + 8}" y="${y(forest) + 4}">forest alone</text>`,
    ...curves.flatMap(({ name, points }, i) => {
      const color = colors[i % colors.length]
      const last = points.at(-1)!
      return [
        `<polyline points="${points.map((point) => `${x(point.step)},${y(point.film)}`).join(' ')}" fill="none" stroke="${color}" stroke-width="2"/>`,
        `<text class="name" x="${x(last.step) + 8}" y="${nameAt.get(name)}" style="fill:${color}">${name}</text>`,
      ]
    }),
    '</svg>',
    '',
  ].join('\n')
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

main()
