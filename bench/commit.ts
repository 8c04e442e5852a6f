/**
 * What it takes until one drawn mask is on disk, among 50,000 others: the whole way of `Project.commit` (settling, hash
 * check, transaction with fsync, store), against rewriting the project as one JSON file. Arguments: how many masks.
 */
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { emptyDiff } from '../main/core/diff.ts'
import { encodeShape, rleArea, rleBounds } from '../main/core/mask/rle.ts'
import { shapeHash } from '../main/core/mask/shape-hash.ts'
import type { MaskRecord } from '../main/core/records.ts'
import { testMask, testMedia, testObject } from '../main/core/test-records.ts'
import type { NewShape } from '../main/host/job-context.ts'
import { Project } from '../main/host/project.ts'
import type { BenchOutcome, BenchRow } from './bench.ts'

const [width, height] = [854, 480]
const objectCount = 20
const commitCount = 300
const jsonCount = 3

const options = { now: () => Date.now(), newId: (word: string) => `${word}-${++lastId}` }
let lastId = 0

interface Drawn {
  readonly record: MaskRecord
  readonly shape: NewShape
}

/** Four blobs with ragged outlines, `stripes` columns wide: about 12 bytes a column when encoded. */
function drawn(objectIndex: number, frameIndex: number, stripes: number): Drawn {
  const counts: number[] = []
  let end = 0
  let random = objectIndex * 7919 + frameIndex * 104_729 + 1
  for (let x = 0; x < stripes; x++) {
    for (let part = 0; part < 4; part++) {
      random = (Math.imul(random, 1_103_515_245) + 12_345) >>> 0
      const start = x * height + part * 110 + ((random >>> 8) % 60)
      const length = 20 + ((random >>> 16) % 25)
      counts.push(start - end, length)
      end = start + length
    }
  }
  const rle = { width, height, counts: Uint32Array.from([...counts, width * height - end]) }
  const bytes = encodeShape(rle)
  const hash = shapeHash(bytes, width, height)
  const fields = { shape: hash, box: rleBounds(rle), area: rleArea(rle) }
  return { record: testMask(`o${objectIndex}`, frameIndex, fields), shape: { hash, bytes } }
}

function commit(project: Project, masks: readonly Drawn[]): void {
  const added = Object.fromEntries(masks.map(({ record }) => [record.id, record]))
  const shapes = masks.map(({ shape }) => shape)
  project.commit({ id: options.newId('change'), label: 'Draw mask', diff: { ...emptyDiff, added }, shapes })
}

function fill(project: Project, maskCount: number): NewShape[] {
  const scene = [
    testMedia('m1', { width, height }),
    ...Array.from({ length: objectCount }, (_, i) => testObject(`o${i}`, 'm1')),
  ]
  const added = Object.fromEntries(scene.map((record) => [record.id, record]))
  project.commit({ id: 'scene', label: 'Scene', diff: { ...emptyDiff, added }, shapes: [] })
  const shapes: NewShape[] = []
  for (let first = 0; first < maskCount; first += 1000) {
    const masks = Array.from({ length: Math.min(1000, maskCount - first) }, (_, i) =>
      drawn((first + i) % objectCount, Math.floor((first + i) / objectCount), 60),
    )
    commit(project, masks)
    for (const { shape } of masks) shapes.push(shape)
  }
  return shapes
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
}

function timings(count: number, work: (index: number) => void): number[] {
  return Array.from({ length: count }, (_, index) => {
    const begun = performance.now()
    work(index)
    return performance.now() - begun
  }).sort((a, b) => a - b)
}

function fsyncTimings(folder: string): number[] {
  const file = openSync(join(folder, 'fsync'), 'w')
  const page = Buffer.alloc(16_384, 1)
  const times = timings(50, () => {
    writeSync(file, page)
    fsyncSync(file)
  })
  closeSync(file)
  return times
}

export async function run(args: readonly string[]): Promise<BenchOutcome> {
  const maskCount = Number(args[0] ?? 50_000)
  const folder = mkdtempSync(join(tmpdir(), 'inbetween-commit-'))
  try {
    const project = Project.create(folder, 'Bench', options)
    const shapes = fill(project, maskCount)
    project.close()
    const begun = performance.now()
    const opened = Project.open(project.folders.project, options)
    const openMs = performance.now() - begun
    const masks = Array.from({ length: commitCount }, (_, i) => drawn(i % objectCount, maskCount + i, 480))
    const commits = timings(commitCount, (index) => commit(opened, [masks[index]!]))
    const undos = timings(50, () => opened.undo())
    const rewrites = timings(jsonCount, () => {
      const all = {
        records: [...opened.store.all()],
        shapes: shapes.map(({ hash, bytes }) => [hash, Buffer.from(bytes).toString()]),
      }
      writeFileSync(join(folder, 'all.json'), JSON.stringify(all))
    })
    const fsyncs = fsyncTimings(folder)
    opened.close()
    const row = (name: string, metric: string, value: number, unit: string): BenchRow => ({
      case: name,
      metric,
      value: Number(value.toPrecision(4)),
      unit,
    })
    const shapeBytes = masks.reduce((sum, { shape }) => sum + shape.bytes.length, 0) / masks.length
    return {
      input: `${maskCount} masks of ${objectCount} objects at ${width}x${height}; ${commitCount} commits of one mask of ${Math.round(shapeBytes)} bytes`,
      rows: [
        row('commit', 'median', quantile(commits, 0.5), 'ms'),
        row('commit', 'p95', quantile(commits, 0.95), 'ms'),
        row('commit', 'max', commits.at(-1) ?? 0, 'ms'),
        row('undo', 'median', quantile(undos, 0.5), 'ms'),
        row('fsync of 16 kB alone', 'median', quantile(fsyncs, 0.5), 'ms'),
        row('rewrite as JSON', 'median', quantile(rewrites, 0.5), 'ms'),
        row('rewrite as JSON over commit', 'ratio', quantile(rewrites, 0.5) / quantile(commits, 0.5), ''),
        row('open', 'time', openMs, 'ms'),
      ],
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
