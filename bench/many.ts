/**
 * Many objects, things and stuff, by VIPOSeg's measures: `npm run bench -- many [--multi FOLDER] [--only a,b]
 * [--case first,first+last] [--scenes 1,2,5]`. FOLDER holds SEQUENCE/frames and SEQUENCE/masks (index PNGs); the scenes are
 * generated. From first keyframes, clips that have stuff are filled twice: without and with owners for what is left over
 * between keyframes that are labelled all over.
 */
import { mean } from '../main/core/formats/davis-statistics.ts'
import { decayRate } from '../main/core/formats/viposeg-subsets.ts'
import type { BenchOutcome, BenchRow } from './bench.ts'
import { engineRun } from './engine-run.ts'
import { loadClip, multiFolder, multiNames, type PanopticClip, sceneClipOf } from './panoptic-clip.ts'
import { type ClipScore, clipScore, keyedObjects, type PanopticScore } from './panoptic-score.ts'

const sceneCounts = [1, 2, 5, 10, 20, 30, 40]
const sceneSpec = { width: 480, height: 270, frameCount: 24, framesPerSecond: 12, seed: 3 } as const

export async function run(args: readonly string[]): Promise<BenchOutcome> {
  const option = (name: string) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined)
  const folder = option('--multi') ?? multiFolder
  const wanted = option('--only')?.split(',')
  const names = multiNames(folder).filter((name) => wanted?.includes(name) ?? true)
  if (names.length === 0) console.error(`${folder} holds no sequence to score: generated scenes only.`)
  const cases = option('--case')?.split(',') ?? ['first', 'first+last']
  const counts = option('--scenes')?.split(',').map(Number) ?? sceneCounts
  const rows: BenchRow[] = []
  const add = (added: readonly BenchRow[]) => {
    rows.push(...added)
    for (const row of added) console.error(`${row.case} ${row.metric}: ${row.value} ${row.unit}`)
  }
  for (const name of names) {
    const clip = await loadClip(folder, name)
    for (const each of cases) add(await multiRows(clip, each))
  }
  if (counts.length > 0) add(await sceneRows(counts, false))
  if (counts.length > 0) add(await sceneRows(counts, true))
  const { width, height, frameCount } = sceneSpec
  return {
    rows,
    input:
      `${names.length} sequences with index masks (${names.join(', ')}), every object labelled where it is first seen, ` +
      `or there and on the last frame; generated scenes of ${counts.join(', ')} objects, ${width}x${height}, ` +
      `${frameCount} frames, labelled where they are first seen, alone and with 6 regions of landscape. Scored on every frame ` +
      'after an object’s first keyframe, keyframes left out. overall: mean of things and stuff, each the mean of mask and boundary IoU.',
  }
}

async function multiRows(clip: PanopticClip, name: string): Promise<BenchRow[]> {
  const last = name === 'first+last'
  const objects = keyedObjects(clip, last)
  const rows: BenchRow[] = []
  for (const fillsUnlabelled of !last && clip.objects.some(({ stuff }) => stuff) ? [false, true] : [true]) {
    const run = await engineRun(clip.source, objects, { fillsUnlabelled })
    const variant = fillsUnlabelled ? '' : ', left over left out'
    rows.push(...scoreRows(`${clip.name}, ${name}${variant}`, clipScore(clip, objects, run)))
  }
  return rows
}

/** IoU and time by the number of objects, and how fast it falls. */
async function sceneRows(counts: readonly number[], regions: boolean): Promise<BenchRow[]> {
  const rows: BenchRow[] = []
  const kind = regions ? 'things and regions' : 'things'
  const byActive = new Map<number, number[]>()
  for (const objectCount of counts) {
    const events = ['pan', 'shake'] as const
    const clip = sceneClipOf({ ...sceneSpec, name: `scene ${objectCount}`, objectCount, events }, regions)
    const objects = keyedObjects(clip, false)
    const run = await engineRun(clip.source, objects)
    const result = clipScore(clip, objects, run)
    const name = `scene of ${objectCount}, ${kind}`
    rows.push(...scoreRows(name, result))
    const objectFrames = objects.length * clip.source.frameCount
    rows.push(row(name, 'a frame and object', run.sweepMs / objectFrames, 'ms'))
    rows.push(row(name, 'learning, an object', run.learnMs / objects.length, 'ms'))
    for (const score of result.scores) {
      const list = byActive.get(score.active) ?? []
      list.push(bothOf(score))
      byActive.set(score.active, list)
    }
  }
  const lambda = decayRate(byActive)
  if (lambda !== null && Number.isFinite(lambda))
    rows.push(row(`scenes, ${kind}`, 'decay lambda', lambda, ''))
  return rows
}

function scoreRows(name: string, { scores, unlabelled, trulyUnlabelled }: ClipScore): BenchRow[] {
  const rows: BenchRow[] = []
  const wholes: number[] = []
  for (const stuff of [false, true]) {
    const own = scores.filter((score) => score.stuff === stuff)
    if (own.length === 0) continue
    const kind = stuff ? 'stuff' : 'thing'
    rows.push(row(name, `${kind} mask IoU`, 100 * mean(own.map((score) => score.mask)), '%'))
    rows.push(row(name, `${kind} boundary IoU`, 100 * mean(own.map((score) => score.boundary)), '%'))
    wholes.push(mean(own.map(bothOf)))
  }
  rows.push(row(name, 'overall', 100 * mean(wholes), '%'))
  rows.push(row(name, 'unlabelled', 100 * unlabelled, '%'))
  rows.push(row(name, 'unlabelled in truth', 100 * trulyUnlabelled, '%'))
  return rows
}

function bothOf({ mask, boundary }: PanopticScore): number {
  return (mask + boundary) / 2
}

function row(name: string, metric: string, value: number, unit: string): BenchRow {
  return { case: name, metric, value: Math.round(value * 100) / 100, unit }
}
