import { join } from 'node:path'
import { type FrameStatistics, frameStatistics, mean } from '../../core/formats/davis-statistics.ts'
import { percent, textTable } from '../../core/formats/text-table.ts'
import type { Bitmap } from '../../core/mask/rle.ts'
import { boundaryF, jaccard } from '../../core/mask/score.ts'
import { UserError } from '../../core/user-error.ts'
import { type MaskFolder, maskFolders, truthFolders } from './mask-folders.ts'
import { largestNumber, maskOf, type NumberedMask, readNumbers } from './read-numbers.ts'

export interface DavisScores {
  readonly metric: 'davis'
  /** Means over objects; J and F in [0, 1]. */
  readonly global: DavisMeans & { readonly objectCount: number; readonly sequenceCount: number }
  readonly sequences: readonly (DavisMeans & {
    readonly name: string
    readonly frameCount: number
    readonly objectCount: number
  })[]
  readonly objects: readonly {
    readonly sequence: string
    readonly object: number
    readonly J: FrameStatistics
    readonly F: FrameStatistics
  }[]
}

export interface DavisMeans {
  readonly 'J&F': number
  readonly J: FrameStatistics
  readonly F: FrameStatistics
}

/**
 * J and F of the DAVIS 2017 semi-supervised evaluation. The first and the last frame are not scored, objects are those
 * of the first frame (its highest number), void (255) counts as background, and the global means are over objects.
 */
export async function evaluateDavis(
  resultFolder: string,
  truthFolder: string,
  signal: AbortSignal,
  onFrame: (done: number, total: number) => void = () => {},
): Promise<DavisScores> {
  const truths = truthFolders(await maskFolders(truthFolder))
  if (truths.length === 0)
    throw new UserError('no-masks', `${truthFolder} holds no mask PNGs. Name the folder of the true masks.`)
  const results = truthFolders(await maskFolders(resultFolder))
  const total = truths.reduce((sum, { files }) => sum + Math.max(0, files.length - 2), 0)
  const objects: DavisScores['objects'][number][] = []
  const sequences: DavisScores['sequences'][number][] = []
  let done = 0
  for (const truth of truths) {
    const result = resultSequence(truth, results, truths.length, resultFolder)
    const own = await sequenceScores(truth, result, signal, () => onFrame(++done, total))
    if (own.length === 0) continue
    objects.push(...own)
    sequences.push({
      name: truth.name,
      frameCount: truth.files.length - 2,
      objectCount: own.length,
      ...meansOf(own),
    })
  }
  if (objects.length === 0)
    throw new UserError(
      'no-objects',
      `${truthFolder}: no sequence has an object on its first frame and more than two frames, so there is nothing to score.`,
    )
  return {
    metric: 'davis',
    global: { ...meansOf(objects), objectCount: objects.length, sequenceCount: sequences.length },
    sequences,
    objects,
  }
}

/** The result folder of the truth's name; where there is one of each, they belong together. */
export function resultSequence(
  truth: MaskFolder,
  results: readonly MaskFolder[],
  truthCount: number,
  resultFolder: string,
): MaskFolder {
  const named = results.filter(({ name }) => name === truth.name)
  const found = named[0] ?? (truthCount === 1 && results.length === 1 ? results[0] : undefined)
  if (found) return found
  throw new UserError(
    'missing-result',
    `${resultFolder} has no folder of masks called ${truth.name}. Add the results of this sequence.`,
  )
}

async function sequenceScores(
  truth: MaskFolder,
  result: MaskFolder,
  signal: AbortSignal,
  onFrame: () => void,
): Promise<DavisScores['objects'][number][]> {
  const first = await readNumbers(truth, truth.files[0]!)
  const objectCount = largestNumber(first)
  const scored = truth.files.slice(1, -1)
  if (objectCount === 0 || scored.length === 0) return []
  const js = Array.from({ length: objectCount }, (): number[] => [])
  const fs = Array.from({ length: objectCount }, (): number[] => [])
  for (const file of scored) {
    signal.throwIfAborted()
    const wanted = await readNumbers(truth, file)
    if (!result.files.includes(file))
      throw new UserError(
        'missing-result',
        `${join(result.folder, file)} is missing: every scored frame needs a result.`,
      )
    const given = await readNumbers(result, file)
    checkPair(wanted, given, objectCount, `${result.name}/${file}`)
    for (let id = 1; id <= objectCount; id++) {
      const a: Bitmap = maskOf(given, id)
      const b: Bitmap = maskOf(wanted, id)
      js[id - 1]!.push(jaccard(a, b))
      fs[id - 1]!.push(boundaryF(a, b))
    }
    onFrame()
  }
  return js.map((values, index) => ({
    sequence: truth.name,
    object: index + 1,
    J: frameStatistics(values)!,
    F: frameStatistics(fs[index]!)!,
  }))
}

function checkPair(truth: NumberedMask, result: NumberedMask, objectCount: number, name: string): void {
  if (truth.width !== result.width || truth.height !== result.height)
    throw new UserError(
      'size-does-not-match',
      `${name} is ${result.width}x${result.height}, the true mask ${truth.width}x${truth.height}. Results must have the truth's size.`,
    )
  const largest = largestNumber(result)
  if (largest > objectCount)
    throw new UserError(
      'too-many-objects',
      `${name} has the number ${largest}, but the sequence's first frame has only ${objectCount} objects. Use the numbers of the truth.`,
    )
}

function meansOf(
  objects: readonly { readonly J: FrameStatistics; readonly F: FrameStatistics }[],
): DavisMeans {
  const over = (key: 'J' | 'F'): FrameStatistics => ({
    mean: mean(objects.map((object) => object[key].mean)),
    recall: mean(objects.map((object) => object[key].recall)),
    decay: mean(objects.map((object) => object[key].decay)),
  })
  const J = over('J')
  const F = over('F')
  return { 'J&F': (J.mean + F.mean) / 2, J, F }
}

/** A line a sequence, the global means below; percent. */
export function davisTable({ global, sequences }: DavisScores): string {
  const cells = (name: string, count: number, means: DavisMeans) => [
    name,
    String(count),
    percent(means['J&F']),
    ...[means.J, means.F].flatMap(({ mean: average, recall, decay }) => [
      percent(average),
      percent(recall),
      percent(decay),
    ]),
  ]
  return textTable([
    ['sequence', 'objects', 'J&F', 'J mean', 'J recall', 'J decay', 'F mean', 'F recall', 'F decay'],
    ...sequences.map((sequence) => cells(sequence.name, sequence.objectCount, sequence)),
    cells('all objects', global.objectCount, global),
  ])
}
