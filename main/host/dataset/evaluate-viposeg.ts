import { join } from 'node:path'
import { vipsegClasses } from '../../core/formats/class-tables.ts'
import { mean } from '../../core/formats/davis-statistics.ts'
import { percent, textTable } from '../../core/formats/text-table.ts'
import { decayRate, type Subset, subsetOf, subsets } from '../../core/formats/viposeg-subsets.ts'
import { boundaryIou, maskIou } from '../../core/mask/score.ts'
import { UserError } from '../../core/user-error.ts'
import { sequenceFacts } from './dataset-facts.ts'
import { resultSequence } from './evaluate-davis.ts'
import { type MaskFolder, maskFolders, truthFolders } from './mask-folders.ts'
import { readMaskPng } from './read-mask-png.ts'
import { maskOf, type NumberedMask } from './read-numbers.ts'

export interface IouMeans {
  readonly maskIou: number
  readonly boundaryIou: number
  /** Mean of both. */
  readonly iou: number
  /** How many pairs of frame and object it is the mean of. */
  readonly count: number
}

export interface ViposegScores {
  readonly metric: 'viposeg'
  /** Null where no object of such a class was scored. */
  readonly subsets: Readonly<Record<Subset, IouMeans | null>>
  /** Mean of the four subsets: the benchmark's G. Null unless all four are there. */
  readonly overall: number | null
  /** Mean over every pair, whatever its class. */
  readonly all: IouMeans
  /** Fall of the score with the number of objects. Null where it cannot be computed. */
  readonly decay: number | null
  readonly sequences: readonly (IouMeans & { readonly name: string })[]
}

interface Score {
  readonly maskIou: number
  readonly boundaryIou: number
}

/**
 * Mask and boundary IoU as vop_eval.py of VIPOSeg computes them: an object is scored on every frame after the one that
 * shows it in `Annotations` (without such a folder: after its first), averaged over frames and objects alike.
 */
export async function evaluateViposeg(
  resultFolder: string,
  truthFolder: string,
  signal: AbortSignal,
  onFrame: (done: number, total: number) => void = () => {},
): Promise<ViposegScores> {
  const folders = await maskFolders(truthFolder)
  const truths = truthFolders(folders)
  if (truths.length === 0)
    throw new UserError('no-masks', `${truthFolder} holds no mask PNGs. Name the folder of the true masks.`)
  const results = truthFolders(await maskFolders(resultFolder))
  const total = truths.reduce((sum, { files }) => sum + files.length, 0)
  const bySubset = new Map<Subset, Score[]>(subsets.map((subset) => [subset, []]))
  const byCount = new Map<number, number[]>()
  const all: Score[] = []
  const sequences: ViposegScores['sequences'][number][] = []
  let done = 0
  for (const truth of truths) {
    const result = resultSequence(truth, results, truths.length, resultFolder)
    const references = folders.find(
      ({ path }) => path === truth.path.replace('Annotations_gt', 'Annotations') && path !== truth.path,
    )
    const facts = await sequenceFacts(truth.folder, truth.name)
    const own: Score[] = []
    const scored = scoredPairs(truth, result, references ?? null, signal, () => onFrame(++done, total))
    for await (const { id, activeCount, score } of scored) {
      own.push(score)
      push(byCount, activeCount, (score.maskIou + score.boundaryIou) / 2)
      const classId = facts.classIds?.get(id)
      const subset = classId === undefined ? null : subsetOf(classId, truth.name, stuffIds, classCount)
      if (subset) bySubset.get(subset)!.push(score)
    }
    all.push(...own)
    if (own.length > 0) sequences.push({ name: truth.name, ...meansOf(own)! })
  }
  const whole = meansOf(all)
  if (!whole)
    throw new UserError(
      'no-objects',
      `${truthFolder}: no object is to be found on a frame after its first, so there is nothing to score.`,
    )
  const means = Object.fromEntries(
    subsets.map((subset) => [subset, meansOf(bySubset.get(subset)!)]),
  ) as Record<Subset, IouMeans | null>
  const ious = subsets.flatMap((subset) => means[subset]?.iou ?? [])
  const decay = decayRate(byCount)
  return {
    metric: 'viposeg',
    subsets: means,
    overall: ious.length === subsets.length ? mean(ious) : null,
    all: whole,
    decay: decay !== null && Number.isFinite(decay) ? decay : null,
    sequences,
  }
}

const vipseg = vipsegClasses()
const classCount = vipseg.length
const stuffIds = new Set(vipseg.flatMap(({ stuff }, id) => (stuff ? [id] : [])))

async function* scoredPairs(
  truth: MaskFolder,
  result: MaskFolder,
  references: MaskFolder | null,
  signal: AbortSignal,
  onFrame: () => void,
): AsyncGenerator<{ id: number; activeCount: number; score: Score }> {
  if (result.files.length !== truth.files.length)
    throw new UserError(
      'missing-result',
      `${result.folder} has ${result.files.length} masks, the truth ${truth.files.length}. Every frame needs a result.`,
    )
  const active: number[] = []
  for (const [index, file] of truth.files.entries()) {
    signal.throwIfAborted()
    // Files are paired by their order, as the evaluator does.
    const wanted = await readPlane(truth, file)
    const given = await readPlane(result, result.files[index]!)
    if (wanted.width !== given.width || wanted.height !== given.height)
      throw new UserError(
        'size-does-not-match',
        `${result.name}/${result.files[index]} is ${given.width}x${given.height}, the true mask ${wanted.width}x${wanted.height}. Results must have the truth's size.`,
      )
    for (const id of active) {
      const [a, b] = [maskOf(given, id), maskOf(wanted, id)]
      yield {
        id,
        activeCount: active.length,
        score: { maskIou: maskIou(a, b), boundaryIou: boundaryIou(a, b) },
      }
    }
    if (!references) active.push(...idsOf(wanted).filter((id) => !active.includes(id)))
    // Not de-duplicated: a reference frame that repeats an object counts it twice, as the evaluator does.
    else if (references.files.includes(file)) active.push(...idsOf(await readPlane(references, file)))
    onFrame()
  }
}

/** 255 is an object like any other here. */
async function readPlane(sequence: MaskFolder, file: string): Promise<NumberedMask> {
  const { width, height, values } = await readMaskPng(join(sequence.folder, file), `${sequence.name}/${file}`)
  return { width, height, numbers: values }
}

function idsOf({ numbers }: NumberedMask): number[] {
  return [...new Set(numbers)].filter((id) => id !== 0).sort((a, b) => a - b)
}

function meansOf(scores: readonly Score[]): IouMeans | null {
  if (scores.length === 0) return null
  const mask = mean(scores.map((score) => score.maskIou))
  const boundary = mean(scores.map((score) => score.boundaryIou))
  return { maskIou: mask, boundaryIou: boundary, iou: (mask + boundary) / 2, count: scores.length }
}

function push(lists: Map<number, number[]>, key: number, value: number): void {
  const list = lists.get(key)
  if (list) list.push(value)
  else lists.set(key, [value])
}

const subsetTitles: Readonly<Record<Subset, string>> = {
  thingSeen: 'things, seen classes',
  thingUnseen: 'things, unseen classes',
  stuffSeen: 'stuff, seen classes',
  stuffUnseen: 'stuff, unseen classes',
}

/** The four subsets, the whole and each sequence; percent. */
export function viposegTable(scores: ViposegScores): string {
  const cells = (name: string, means: IouMeans | null) => [
    name,
    means ? String(means.count) : '0',
    percent(means?.maskIou ?? null),
    percent(means?.boundaryIou ?? null),
    percent(means?.iou ?? null),
  ]
  return textTable([
    ['', 'scored', 'mask IoU', 'boundary IoU', 'both'],
    ...subsets.map((subset) => cells(subsetTitles[subset], scores.subsets[subset])),
    ['overall (G)', '', '', '', percent(scores.overall)],
    cells('all objects', scores.all),
    ['decay', '', '', '', scores.decay === null ? '-' : scores.decay.toFixed(2)],
    ...scores.sequences.map((sequence) => cells(sequence.name, sequence)),
  ])
}
