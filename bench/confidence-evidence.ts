/** Runs the engine on sequences of which the truth is known and collects what each mask was judged by, with its IoU. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCanvas, loadImage } from '@napi-rs/canvas'
import { encodeRle, isEmptyRle, type Rle, rleIou } from '../main/core/mask/rle.ts'
import type { ObjectId } from '../main/core/records.ts'
import { type EvidenceName, evidenceNumbers } from '../main/host/propagation/doubt/confidence.ts'
import { lostArea, type MaskEvidence } from '../main/host/propagation/doubt/mask-evidence.ts'
import { propagate } from '../main/host/propagation/propagate.ts'
import type { PropagatedMask, PropagationObject } from '../main/host/propagation/request.ts'
import { davisTrainFolder, loadSequence, type Sequence } from './davis-sequence.ts'

/** One mask of one run. */
export interface EvidenceRow {
  readonly sequence: string
  readonly keyCount: number
  /** `lost`: nothing was left of the object; `hidden`: the engine says that it is out of sight. Neither has numbers. */
  readonly kind: 'seen' | 'lost' | 'hidden'
  readonly numbers: Readonly<Record<EvidenceName, number>> | null
  readonly iou: number
  readonly doubt: string | null
}

export interface CollectOptions {
  readonly only: readonly string[] | undefined
  readonly keyCounts: readonly number[]
  /** Where rows are kept between runs; without it they are collected anew. */
  readonly cacheFolder: string | undefined
}

export const multiFolder = join(davisTrainFolder, '../multi')

/** Key frames spread evenly, the first frame always among them. */
export function evenKeys(frameCount: number, keyCount: number): number[] {
  if (keyCount === 1) return [0]
  return Array.from({ length: keyCount }, (_, i) => Math.round((i * (frameCount - 1)) / (keyCount - 1)))
}

export async function collectEvidence(options: CollectOptions): Promise<EvidenceRow[]> {
  const rows: EvidenceRow[] = []
  for (const folder of [davisTrainFolder, multiFolder]) {
    if (!existsSync(folder)) continue
    for (const name of readdirSync(folder).sort()) {
      if (
        !existsSync(join(folder, name, 'masks')) ||
        options.only?.includes(filmName(folder, name)) === false
      )
        continue
      rows.push(...(await sequenceRows(folder, name, options)))
    }
  }
  return rows
}

async function sequenceRows(folder: string, name: string, options: CollectOptions): Promise<EvidenceRow[]> {
  const rows: EvidenceRow[] = []
  let film: Film | null = null
  for (const keyCount of options.keyCounts) {
    const cache =
      options.cacheFolder && join(options.cacheFolder, `${filmName(folder, name)}-${keyCount}.json`)
    if (cache && existsSync(cache)) {
      rows.push(...(JSON.parse(readFileSync(cache, 'utf8')) as EvidenceRow[]))
      continue
    }
    film ??= await loadFilm(folder, name)
    const found = await filmRows(film, keyCount)
    rows.push(...found)
    const mean = found.reduce((sum, row) => sum + row.iou, 0) / found.length
    console.error(
      `${filmName(folder, name)}, keys: ${keyCount}, masks: ${found.length}, mean IoU ${mean.toFixed(3)}`,
    )
    if (!options.cacheFolder || !cache) continue
    mkdirSync(options.cacheFolder, { recursive: true })
    writeFileSync(cache, JSON.stringify(found))
  }
  return rows
}

/** The two folders have a sequence of the same name. */
function filmName(folder: string, name: string): string {
  return folder === multiFolder ? `multi-${name}` : name
}

export interface Film {
  readonly name: string
  readonly source: Sequence['source']
  /** By object, then by frame. */
  readonly truths: ReadonlyMap<ObjectId, readonly Rle[]>
}

/** A sequence of either folder; those of multi/ with an object a colour. */
export async function loadFilm(folder: string, name: string): Promise<Film> {
  const { source, truths } = await loadSequence(folder, name)
  if (folder !== multiFolder)
    return {
      name,
      source,
      truths: new Map([['object' as ObjectId, truths.map((truth) => encodeRle(truth))]]),
    }
  const files = readdirSync(join(folder, name, 'masks')).sort()
  const byObject = new Map<ObjectId, Rle[]>()
  for (const [frame, file] of files.entries())
    for (const [id, rle] of await coloursOf(join(folder, name, 'masks', file))) {
      const list = byObject.get(id) ?? []
      list[frame] = rle
      byObject.set(id, list)
    }
  return { name: filmName(folder, name), source, truths: byObject }
}

/** The mask of each colour of a picture but black. */
async function coloursOf(file: string): Promise<Map<ObjectId, Rle>> {
  const image = await loadImage(readFileSync(file))
  const { width, height } = image
  const context = createCanvas(width, height).getContext('2d')
  context.drawImage(image, 0, 0)
  const { data } = context.getImageData(0, 0, width, height)
  const bitmaps = new Map<number, Uint8Array>()
  for (let i = 0; i < width * height; i++) {
    const colour = (data[4 * i]! << 16) | (data[4 * i + 1]! << 8) | data[4 * i + 2]!
    if (colour === 0) continue
    if (!bitmaps.has(colour)) bitmaps.set(colour, new Uint8Array(width * height))
    bitmaps.get(colour)![i] = 1
  }
  return new Map(
    [...bitmaps].map(([colour, bits]) => [`${colour}` as ObjectId, encodeRle({ width, height, data: bits })]),
  )
}

/** Flow does not depend on keyframes: the runs of a film share it. */
const flowFolder = mkdtempSync(join(tmpdir(), 'inbetween-confidence-flow-'))
process.once('exit', () => rmSync(flowFolder, { recursive: true, force: true }))

async function filmRows(film: Film, keyCount: number): Promise<EvidenceRow[]> {
  const { source, truths, name } = film
  const keyFrames = evenKeys(source.frameCount, keyCount)
  const objects = [...truths].flatMap(([id, rles], order): PropagationObject[] => {
    const keys = keyFrames.flatMap((frameIndex) => {
      const rle = rles[frameIndex]
      return rle && !isEmptyRle(rle) ? [{ frameIndex, rle, outside: false }] : []
    })
    return keys.length > 0 ? [{ id, name: id, stuff: false, order, keys }] : []
  })
  const spillFolder = mkdtempSync(join(tmpdir(), 'inbetween-confidence-'))
  const evidence = new Map<string, MaskEvidence>()
  const results = new Map<string, PropagatedMask>()
  const run = propagate(
    {
      source,
      objects,
      firstFrame: 0,
      lastFrame: source.frameCount - 1,
      direction: 'both',
      playheadFrame: 0,
      seed: 1,
      threadCount: 2,
      spillFolder,
      flowPlace: { folder: flowFolder, media: name },
      isTaken: () => false,
      observe: (id, frame, each) => evidence.set(`${id}@${frame}`, each),
    },
    new AbortController().signal,
  )
  for await (const event of run)
    if (event.type === 'frame')
      for (const mask of event.masks) results.set(`${mask.objectId}@${event.frameIndex}`, mask)
  rmSync(spillFolder, { recursive: true, force: true })
  return [...results].flatMap(([at, { rle, doubt, hidden }]) => {
    const [id, frame] = at.split('@') as [ObjectId, string]
    const known = evidence.get(at)
    if (!known && !hidden) return []
    const truth = truths.get(id)![Number(frame)]
    const iou = truth && !isEmptyRle(truth) ? rleIou(rle, truth) : isEmptyRle(rle) ? 1 : 0
    const kind = hidden ? 'hidden' : known!.area < lostArea ? 'lost' : 'seen'
    const numbers = kind === 'seen' ? evidenceNumbers(known!) : null
    return [{ sequence: name, keyCount, kind, numbers, iou, doubt }]
  })
}
