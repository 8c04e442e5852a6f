/**
 * How long a person waits for the answer to a mark. In the host: a box, then clicks one after the other, as the view asks
 * them (`Segmenter`, the frame already decoded), at 854 x 480 and 1920 x 1080; and the first click on a mask that is given, which
 * nothing is known of yet. GrabCut on the same. In a browser: preview-time.ts. One at a time, with nothing else going on.
 */
import { loadavg } from 'node:os'
import { createCanvas, ImageData } from '@napi-rs/canvas'
import type { Mark, SegmentRequest } from '../main/core/api.ts'
import { type Bitmap, decodeRle, decodeShape } from '../main/core/mask/rle.ts'
import type { Box, MediaId } from '../main/core/records.ts'
import { Store } from '../main/core/store.ts'
import { testMedia } from '../main/core/test-records.ts'
import { noPacks } from '../main/host/models/chosen-packs.ts'
import { Segmenter } from '../main/host/segment/segmenter.ts'
import type { BenchOutcome, BenchRow } from './bench.ts'
import { loadFrame, sequenceLength } from './davis-sequence.ts'
import { GrabCut, grabCutMissing } from './grabcut.ts'
import { interactionCount, looseBox, nextMark, theirs } from './interact-frames.ts'
import { previewTimes } from './preview-time.ts'

const sizes = [
  [854, 480],
  [1920, 1080],
] as const
const sequenceCount = 10
/** Clicks after which GrabCut is asked too. */
const grabCutCount = 2

interface Frame {
  readonly rgb: Uint8Array
  readonly truth: Bitmap
}

export async function interactTimes(folder: string, names: readonly string[]): Promise<BenchOutcome> {
  const step = Math.max(1, Math.floor(names.length / sequenceCount))
  const chosen = names.filter((_, i) => i % step === 0).slice(0, sequenceCount)
  const rows: BenchRow[] = []
  const grabCut = grabCutMissing() === null ? new GrabCut() : null
  for (const [width, height] of sizes) {
    const frames: Frame[] = []
    for (const name of chosen) {
      const index = Math.floor(sequenceLength(folder, name) / 2)
      frames.push(scaled(await loadFrame(folder, name, index), width, height))
    }
    rows.push(...(await answerTimes(frames, width, height)))
    if (grabCut) rows.push(...(await grabCutTimes(grabCut, frames)))
  }
  grabCut?.close()
  const preview = await previewTimes()
  return {
    rows: [...rows, ...timeRows('in the browser', 'pointer up to painted preview', preview.times)],
    input: `Times: middle frames of ${chosen.join(', ')}, scaled to the size, one request at a time; load average of the machine ${loadavg()[0]!.toFixed(1)}. ${preview.input}`,
  }
}

async function answerTimes(frames: readonly Frame[], width: number, height: number): Promise<BenchRow[]> {
  const [boxes, clicks, firsts]: number[][] = [[], [], []]
  for (const { rgb, truth } of frames) {
    const media = testMedia('clip', { width, height, frameCount: 1 })
    const host = () =>
      new Segmenter(
        { store: new Store([media]), readShape: () => new Uint8Array(), packs: noPacks },
        async () => rgb,
      )
    const marks: Mark[] = []
    const segmenter = host()
    const request = (mask: Uint8Array | null, box: Box | null): SegmentRequest => ({
      mediaId: 'clip' as MediaId,
      frameIndex: 0,
      objectId: null,
      mask,
      box,
      marks,
    })
    let mask: Uint8Array = new Uint8Array()
    for (let count = 1; count <= interactionCount; count++) {
      const answer = await segmenter.segment(request(null, looseBox(truth)))
      ;(count === 1 ? boxes : clicks)!.push(answer.ms)
      mask = answer.mask
      const next = nextMark(decodeRle(decodeShape(mask, width, height)), truth)
      if (next) marks.push(next)
    }
    // The mask stands on the frame, as a propagated one would, and nothing of this frame is kept.
    marks.splice(0, marks.length - 1)
    firsts!.push((await host().segment(request(mask, null))).ms)
  }
  const name = `${width} x ${height}`
  return [
    ...timeRows(name, 'box', boxes!),
    ...timeRows(name, 'further click', clicks!),
    ...timeRows(name, 'first click on a given mask', firsts!),
  ]
}

async function grabCutTimes(grabCut: GrabCut, frames: readonly Frame[]): Promise<BenchRow[]> {
  const times: number[] = []
  const tool = theirs(grabCut, false)
  const { width, height } = frames[0]!.truth
  for (const { rgb, truth } of frames) {
    const marks: Mark[] = []
    for (let count = 0; count <= grabCutCount; count++) {
      const frame = { name: 'clip', width, height, rgb }
      const { mask, ms } = await tool.segment(frame, looseBox(truth), marks)
      if (count > 0) times.push(ms)
      const next = nextMark(mask, truth)
      if (next) marks.push(next)
    }
  }
  return timeRows(`${width} x ${height}`, 'GrabCut, further click', times)
}

function timeRows(name: string, metric: string, milliseconds: readonly number[]): BenchRow[] {
  const sorted = milliseconds.toSorted((a, b) => a - b)
  const at = (share: number) => Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? 0)
  return [
    { case: name, metric: `${metric}, p50`, value: at(0.5), unit: 'ms' },
    { case: name, metric: `${metric}, p95`, value: at(0.95), unit: 'ms' },
  ]
}

/** The picture drawn larger; of the truth the nearest pixel. */
function scaled({ rgb, truth }: Frame, width: number, height: number): Frame {
  if (truth.width === width && truth.height === height) return { rgb, truth }
  const rgba = new Uint8ClampedArray(truth.width * truth.height * 4).fill(255)
  for (let i = 0; i * 3 < rgb.length; i++) rgba.set(rgb.subarray(3 * i, 3 * i + 3), 4 * i)
  const small = createCanvas(truth.width, truth.height)
  small.getContext('2d').putImageData(new ImageData(rgba, truth.width, truth.height), 0, 0)
  const context = createCanvas(width, height).getContext('2d')
  context.drawImage(small, 0, 0, width, height)
  const large = context.getImageData(0, 0, width, height).data
  const out = new Uint8Array(width * height * 3)
  for (let i = 0; i < width * height; i++) out.set(large.subarray(4 * i, 4 * i + 3), 3 * i)
  const data = new Uint8Array(width * height)
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++)
      data[i] =
        truth.data[
          Math.floor((y * truth.height) / height) * truth.width + Math.floor((x * truth.width) / width)
        ]!
  return { rgb: out, truth: { width, height, data } }
}
