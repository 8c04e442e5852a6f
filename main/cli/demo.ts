/** The demo: a made-up film whose every mask is known, labelled on three frames, propagated, exported and scored. */
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ExportFormat, Snapshot } from '../core/api.ts'
import { violationLine } from '../core/formats/violation.ts'
import { decodeRle, decodeShape, type Rle } from '../core/mask/rle.ts'
import { boundaryF, jaccard } from '../core/mask/score.ts'
import { isKey, type MaskRecord, type MediaId } from '../core/records.ts'
import type { SceneEntity } from '../core/scene/scene.ts'
import { sceneClip } from '../core/scene/scene-clips.ts'
import { UserError } from '../core/user-error.ts'
import { verifyDataset } from '../host/dataset/verify-dataset.ts'
import type { Host } from '../host/host.ts'
import { makeSceneProject, type SceneProject } from '../host/scene-project.ts'
import { openHost } from './open-host.ts'
import type { Output } from './output.ts'
import { runJob } from './run-job.ts'

export interface DemoScore {
  readonly name: string
  readonly stuff: boolean
  readonly frameCount: number
  /** 0 to 1. */
  readonly j: number
  readonly f: number
}

export interface DemoResult {
  readonly folder: string
  readonly frameCount: number
  readonly width: number
  readonly height: number
  readonly keyFrames: readonly number[]
  readonly threadCount: number
  readonly propagationSeconds: number
  readonly seconds: number
  readonly objects: readonly DemoScore[]
  /** Means over the objects. */
  readonly j: number
  readonly f: number
  readonly checks: readonly { readonly dataset: string; readonly violationCount: number }[]
  readonly written: readonly { readonly path: string; readonly what: string }[]
}

const resultFile = 'demo.json'
const clip = sceneClip('demo')
/** Stuff that is labelled beside the things. */
const stuffNames: ReadonlySet<string> = new Set(['water', 'meadow'])
const keyFrames = [0, Math.floor(clip.frameCount / 2), clip.frameCount - 1]
const exports: readonly {
  readonly format: ExportFormat
  readonly name: string
  readonly what: string
  readonly isDataset: boolean
}[] = [
  { format: 'viposeg', name: 'viposeg', what: 'dataset in the VIPOSeg layout', isDataset: true },
  { format: 'davis', name: 'davis', what: 'dataset in the DAVIS 2017 layout', isDataset: true },
  {
    format: 'overlay',
    name: 'overlay',
    what: 'the film with its masks drawn over it (H.264)',
    isDataset: false,
  },
]

/** Writes everything below `folder`, which must be new, empty, or an earlier demo's. */
export async function runDemo(folder: string, output: Output): Promise<DemoResult> {
  const startedAt = performance.now()
  prepareFolder(folder)
  output.note('1 of 4: drawing the film and its true masks.')
  const made = await makeProject(folder)
  const host = await openHost()
  try {
    await host.openProject(made.project.folders.project, { readOnly: false })
    output.note(`2 of 4: propagating ${made.objectIds.size} objects from keyframes ${keyFrames.join(', ')}.`)
    const propagationSeconds = await propagateAll(host, made.mediaId, output)
    output.note('3 of 4: exporting and checking.')
    const checks = await exportAll(host, made.mediaId, folder, output)
    output.note('4 of 4: scoring against the truth.')
    const objects = await scored(host, made)
    const mean = (value: (score: DemoScore) => number) =>
      objects.reduce((sum, score) => sum + value(score), 0) / objects.length
    const result: DemoResult = {
      folder,
      frameCount: clip.frameCount,
      width: clip.width,
      height: clip.height,
      keyFrames,
      threadCount: (await host.settings()).threadCount,
      propagationSeconds,
      seconds: (performance.now() - startedAt) / 1000,
      objects,
      j: mean((score) => score.j),
      f: mean((score) => score.f),
      checks,
      written: [
        { path: 'project', what: 'the project: open it in Inbetween' },
        ...exports.map(({ name, what }) => ({ path: name, what })),
        { path: resultFile, what: 'these figures as JSON' },
      ],
    }
    writeFileSync(join(folder, resultFile), `${JSON.stringify(result, null, 2)}\n`)
    return result
  } finally {
    await host.close()
  }
}

function prepareFolder(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    if (!existsSync(join(folder, resultFile)))
      throw new UserError(
        'exists',
        `${folder} is there already and is not an earlier demo's. Name another folder: inbetween demo FOLDER.`,
      )
    rmSync(folder, { recursive: true })
  }
  mkdirSync(folder, { recursive: true })
  // Marks the folder from the first moment on, so that a demo that was stopped can be run again.
  writeFileSync(join(folder, resultFile), '{}\n')
}

async function makeProject(folder: string): Promise<SceneProject> {
  const made = await makeSceneProject(folder, 'project', clip, {
    now: () => Date.now(),
    newId: (word) => `${word}-${randomUUID().replaceAll('-', '').slice(0, 20)}`,
    isObject: (entity) => !entity.stuff || stuffNames.has(entity.name),
    keyFrames: () => keyFrames,
  })
  made.project.close()
  return made
}

async function propagateAll(host: Host, mediaId: MediaId, output: Output): Promise<number> {
  const startedAt = performance.now()
  const spec = {
    type: 'propagate',
    mediaId,
    objectIds: null,
    direction: 'both',
    range: null,
    reach: 'all',
    playheadFrame: 0,
  } as const
  const job = await runJob(host, spec, output)
  if (job.state !== 'done' || job.sentence)
    throw new UserError('demo-stopped', job.sentence ?? 'The demo was stopped during propagation.')
  return (performance.now() - startedAt) / 1000
}

async function exportAll(
  host: Host,
  mediaId: MediaId,
  folder: string,
  output: Output,
): Promise<DemoResult['checks']> {
  const checks: { dataset: string; violationCount: number }[] = []
  for (const { format, name, isDataset } of exports) {
    const job = await runJob(
      host,
      {
        type: 'export',
        format,
        target: folder,
        folderName: name,
        mediaIds: [mediaId],
        frames: { type: 'all' },
        valShare: 0,
        layout: 'train',
        overwrite: false,
        includeFrames: true,
      },
      output,
    )
    if (job.state !== 'done') throw new UserError('demo-stopped', 'The demo was stopped during export.')
    if (!isDataset) continue
    const { violations } = await verifyDataset(join(folder, name), null, new AbortController().signal)
    const errors = violations.filter(({ severity }) => severity === 'error')
    for (const violation of violations) output.note(violationLine(violation))
    checks.push({ dataset: name, violationCount: errors.length })
  }
  return checks
}

/** J and F of every propagated frame of every object, as means an object. */
async function scored(host: Host, made: SceneProject): Promise<DemoScore[]> {
  const snapshot = await host.snapshot()
  const scores: DemoScore[] = []
  for (const [entity, objectId] of made.objectIds) {
    const masks = snapshot ? masksOf(snapshot, objectId) : []
    const shown = await shapesOf(host, masks)
    const keys = new Set(masks.filter(isKey).map((mask) => mask.frameIndex))
    let [j, f, frameCount] = [0, 0, 0]
    for (let frameIndex = 0; frameIndex < clip.frameCount; frameIndex++) {
      if (keys.has(frameIndex)) continue
      const { result, truth } = pairOf(shown.get(frameIndex) ?? null, entity, frameIndex, made)
      j += jaccard(result, truth)
      f += boundaryF(result, truth)
      frameCount++
    }
    scores.push({ name: entity.name, stuff: entity.stuff, frameCount, j: j / frameCount, f: f / frameCount })
  }
  return scores
}

function masksOf(snapshot: Snapshot, objectId: string): readonly MaskRecord[] {
  return snapshot.records
    .filter((record) => record.kind === 'mask')
    .filter((mask) => mask.objectId === objectId)
}

async function shapesOf(host: Host, masks: readonly MaskRecord[]): Promise<Map<number, Rle>> {
  const filled = masks.flatMap((mask) =>
    mask.shape ? [{ frameIndex: mask.frameIndex, hash: mask.shape }] : [],
  )
  const bytes = await host.shapes(filled.map(({ hash }) => hash))
  return new Map(
    filled.map(({ frameIndex }, i) => [frameIndex, decodeShape(bytes[i]!, clip.width, clip.height)]),
  )
}

function pairOf(result: Rle | null, entity: SceneEntity, frameIndex: number, made: SceneProject) {
  const truth = decodeRle(made.truth(entity, frameIndex))
  const empty = { width: clip.width, height: clip.height, data: new Uint8Array(clip.width * clip.height) }
  return { result: result ? decodeRle(result) : empty, truth }
}
