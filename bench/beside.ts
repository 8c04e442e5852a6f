/**
 * This engine beside the one of another checkout, by turns in one process, for machines that are not steady:
 * `npm run bench -- beside FOLDER`, a checkout of this repository with its kernels built.
 */
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { propagate } from '../main/host/propagation/propagate.ts'
import type { BenchOutcome, BenchRow } from './bench.ts'
import { benchFolder } from './bench-folder.ts'
import { davisFilm, type Film } from './propagate-films.ts'
import { timedRun } from './timed-run.ts'

type Propagate = typeof propagate

const turns = 8
const frameCount = 100

export async function run([other]: readonly string[]): Promise<BenchOutcome> {
  if (other === undefined) throw new Error('Beside which checkout? npm run bench -- beside FOLDER')
  const file = join(resolve(other), 'main/host/propagation/propagate.ts')
  const theirs = ((await import(pathToFileURL(file).href)) as { propagate: Propagate }).propagate
  const film = await davisFilm('motorbike', frameCount)
  if (!film) throw new Error('The film motorbike of DAVIS-2016 is not there.')
  const rows: BenchRow[] = []
  const ratios = { wall: [] as number[], cpu: [] as number[] }
  // The first turn of each compiles.
  for (let turn = 0; turn <= turns; turn++) {
    // Who goes first changes: a machine that warms up or slows down favours nobody.
    const inOrder = turn % 2 === 0
    const first = await timed(film, inOrder ? theirs : propagate)
    const second = await timed(film, inOrder ? propagate : theirs)
    const [before, now] = inOrder ? [first, second] : [second, first]
    if (turn === 0) continue
    rows.push({ case: `turn ${turn}`, metric: 'theirs, ms a frame', value: rounded(before.ms), unit: 'ms' })
    rows.push({ case: `turn ${turn}`, metric: 'ours, ms a frame', value: rounded(now.ms), unit: 'ms' })
    ratios.wall.push(now.ms / before.ms)
    ratios.cpu.push(now.cpuMs / before.cpuMs)
  }
  rows.push({ case: 'ours to theirs', metric: 'by the clock', value: middle(ratios.wall), unit: 'x' })
  rows.push({ case: 'ours to theirs', metric: 'processor time', value: middle(ratios.cpu), unit: 'x' })
  const commit = execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], { cwd: other, encoding: 'utf8' })
  return {
    rows,
    input: `beside commit ${commit.trim()}; ${film.name}, ${frameCount} frames, one object, ${turns} turns of both, median of the ratios`,
  }
}

async function timed(film: Film, by: Propagate): Promise<{ ms: number; cpuMs: number }> {
  const folder = benchFolder()
  try {
    const { msPerFrame, cpuMsPerFrame } = await timedRun(film, 1, folder, { propagate: by })
    return { ms: msPerFrame, cpuMs: cpuMsPerFrame }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length / 2
  return rounded((sorted[Math.floor(half - 0.5)]! + sorted[Math.floor(half)]!) / 2)
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}
