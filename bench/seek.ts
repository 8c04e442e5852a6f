/**
 * How fast the view shows a frame of 1080p H.264 with a key frame every 60, in a real browser: a random seek, a step, a cached
 * frame. From asking to pixels in a WebGL texture. The clip is made here: moving patterns with noise, three B-frames.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { browserOptions } from '../e2e/browser-options.ts'
import { startFrameServer } from '../e2e/frame-server.ts'
import type { SeekTimes } from '../e2e/seek-page.ts'
import { resolveFfmpeg, startFfmpeg } from '../main/host/ffmpeg.ts'
import { readFrameTable } from '../main/host/media/frame-table.ts'
import { probedFile, probeVideo } from '../main/host/media/probe-video.ts'
import type { BenchOutcome, BenchRow } from './bench.ts'

const seconds = 20
const seekCount = 40
const stepCount = 40

export async function run(): Promise<BenchOutcome> {
  const folder = await mkdtemp(join(tmpdir(), 'inbetween-seek-'))
  try {
    const path = join(folder, 'seek.mp4')
    await makeClip(path)
    const { randomMs, stepMs, heldMs, cachedMs, problem } = await measure(path)
    if (problem) throw new Error(problem)
    return {
      input: `${seconds} s of 1920 x 1080 at 30 frames a second, H.264, GOP 60, 3 B-frames, made by ffmpeg`,
      rows: [
        ...rowsOf('random seek', randomMs),
        ...rowsOf('step', stepMs),
        ...rowsOf('step, key held', heldMs),
        ...rowsOf('cached frame', cachedMs),
      ],
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function makeClip(path: string): Promise<void> {
  const source = `testsrc2=size=1920x1080:rate=30:duration=${seconds},noise=alls=8:allf=t`
  const codec = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-pix_fmt', 'yuv420p']
  const gop = ['-g', '60', '-keyint_min', '60', '-sc_threshold', '0', '-bf', '3']
  const run = startFfmpeg(await resolveFfmpeg(), [
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    source,
    ...codec,
    ...gop,
    '-y',
    path,
  ])
  run.stdout.resume()
  const { exitCode, lines } = await run.ended
  if (exitCode !== 0) throw new Error(lines.join('\n'))
}

async function measure(path: string): Promise<SeekTimes> {
  const probe = await probeVideo(path)
  const { width, height, rotation } = probedFile(probe)
  let timesUs = new Float64Array(0)
  for await (const step of readFrameTable(probe)) timesUs = step.timesUs
  const script = join(import.meta.dirname, '..', 'e2e', 'seek-page.ts')
  const server = await startFrameServer(script, {
    mediaFile: async () => ({ path, contentType: 'video/mp4' }),
    stillFrame: async () => null,
  })
  const browser = await chromium.launch(await browserOptions())
  try {
    const page = await browser.newPage()
    await page.goto(server.url)
    await page.waitForFunction(() => 'measureSeeks' in globalThis)
    const clip = {
      id: 'seek',
      shows: 'original',
      trackIndex: 0,
      width,
      height,
      rotation,
      timesUs: [...timesUs],
    }
    const order = Array.from(
      { length: seekCount },
      (_, index) => (index * 367 + 131) % (timesUs.length - 2 * stepCount - 1),
    )
    return await page.evaluate(
      ([asked, random, steps]) =>
        (globalThis as unknown as { measureSeeks(...all: unknown[]): Promise<SeekTimes> }).measureSeeks(
          asked,
          random,
          steps,
        ),
      [clip, order, stepCount] as const,
    )
  } finally {
    await browser.close()
    await server.close()
  }
}

function rowsOf(name: string, milliseconds: readonly number[]): BenchRow[] {
  const sorted = milliseconds.toSorted((a, b) => a - b)
  const at = (share: number) =>
    Math.round((sorted[Math.floor((sorted.length - 1) * share)] as number) * 100) / 100
  return [
    { case: name, metric: 'median', value: at(0.5), unit: 'ms' },
    { case: name, metric: 'p95', value: at(0.95), unit: 'ms' },
  ]
}
