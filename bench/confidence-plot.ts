/** The reliability curve as a picture. */
import type { Holding } from './confidence-fit.ts'

const side = 320
const left = 56
const top = 24

/** Expected IoU to the right, what came true upward, a dot a bin as large as it is full. */
export function reliabilitySvg({ bins, calibrationError }: Holding): string {
  const x = (value: number) => (left + value * side).toFixed(1)
  const y = (value: number) => (top + (1 - value) * side).toFixed(1)
  const full = bins.filter((bin) => bin.count > 0)
  const most = Math.max(...full.map((bin) => bin.count))
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1]
  const grid = ticks.map(
    (at) => `<path class="grid" d="M${x(at)} ${y(0)}V${y(1)}M${x(0)} ${y(at)}H${x(1)}"/>
<text x="${x(at)}" y="${top + side + 18}" text-anchor="middle">${at}</text>
<text x="${left - 8}" y="${Number(y(at)) + 4}" text-anchor="end">${at}</text>`,
  )
  const dots = full.map(
    (bin) =>
      `<circle cx="${x(bin.predicted)}" cy="${y(bin.actual)}" r="${(3 + 7 * Math.sqrt(bin.count / most)).toFixed(1)}"><title>${bin.count} masks: expected ${bin.predicted.toFixed(2)}, was ${bin.actual.toFixed(2)}</title></circle>`,
  )
  const line = full.map((bin) => `${x(bin.predicted)} ${y(bin.actual)}`).join('L')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${left + side + 24} ${top + side + 48}" width="${left + side + 24}" height="${top + side + 48}" role="img">
<title>Expected against measured IoU on sequences not used to fit; calibration error ${calibrationError.toFixed(3)}</title>
<style>text{font:12px system-ui,sans-serif;fill:#777}.grid{stroke:#8884;fill:none}.even{stroke:#888;stroke-dasharray:4 4}.line{stroke:#0072b2;stroke-width:2;fill:none}circle{fill:#0072b2}</style>
${grid.join('\n')}
<path class="even" d="M${x(0)} ${y(0)}L${x(1)} ${y(1)}"/>
<path class="line" d="M${line}"/>
${dots.join('\n')}
<text x="${left + side / 2}" y="${top + side + 38}" text-anchor="middle">expected IoU</text>
<text transform="translate(16 ${top + side / 2}) rotate(-90)" text-anchor="middle">IoU with the truth</text>
<text x="${left}" y="14">Calibration error ${calibrationError.toFixed(3)} on sequences not used to fit</text>
</svg>
`
}
