/**
 * Whether a run blocks the pointer: in a real browser, a person pans, zooms, scrubs and paints on a 1280 x 720 clip, first
 * with nothing else going on, then while ten objects are propagated. From the browser's own trace: the time between two
 * pictures of the window, how long its main thread was held for each, and what it worked. Without a graphics card the
 * main thread also waits for the processor to draw the picture; that wait, and the raster of the panels on other threads,
 * stand apart, because a graphics card does both.
 */
import { loadavg } from 'node:os'
import type { App } from '../e2e/app.ts'
import type { SceneSpec } from '../main/core/scene/scene.ts'
import { ensureBuilt } from '../main/ensure-built.ts'
import type { BenchOutcome, BenchRow } from './bench.ts'
import { type Frame, type FrameWork, frameWork, type Task } from './frame-work.ts'
import { inAppFolders, inSceneApp, makeRecentScene } from './scene-app.ts'

const name = 'Crowd'
const spec: SceneSpec = {
  name: 'interface',
  width: 1280,
  height: 720,
  frameCount: 150,
  framesPerSecond: 24,
  objectCount: 10,
  seed: 11,
  events: ['pan'],
}
/** What nobody should wait for a picture of the window, milliseconds. */
const limitMs = 50
/** Milliseconds that each gesture goes on. */
const gestureMs = 2500

export async function run(): Promise<BenchOutcome> {
  await ensureBuilt((line) => console.log(line))
  return inAppFolders('interface', async (folders) => {
    const load = loadavg()[0]!
    await makeRecentScene(folders, name, spec, { keyFrames: () => [0, spec.frameCount - 1] })
    const { idle, running, doneShare } = await inSceneApp(folders, name, measure)
    return {
      input: `${spec.width} x ${spec.height}, ${spec.frameCount} frames, ${spec.objectCount} objects with keyframes at both ends, propagated both ways; the gestures ended with ${Math.round(doneShare * 100)} % of the run done; Chromium without a graphics card; ${loadText(load)}`,
      rows: [...rowsOf('no run', idle), ...rowsOf('ten objects running', running)],
    }
  })
}

/** Clock times of a busy machine are those of whatever else it does. */
function loadText(load: number): string {
  const words = `load average before it ${load.toFixed(1)}`
  return load < 0.5 ? words : `${words}: NOT QUIET, only processor times count`
}

async function measure(app: App): Promise<{ idle: FrameWork; running: FrameWork; doneShare: number }> {
  const { page } = app
  const idle = await traced(app, () => gestures(app))
  await page.keyboard.press('Escape')
  await app.press('s', 'Escape')
  await app.propagate('both')
  await app.expectRunBegun()
  await page
    .locator('.run-line')
    .filter({ hasText: /[1-9]\d* of \d+/ })
    .waitFor({ timeout: 120_000 })
  await app.newObject()
  const running = await traced(app, () => gestures(app))
  const [, done, total] =
    /([\d,]+) of ([\d,]+)/.exec((await page.locator('.run-line').textContent()) ?? '') ?? []
  if (!done || !total)
    throw new Error('The run ended before the gestures did: nothing was measured beside it.')
  return { idle, running, doneShare: Number(done.replaceAll(',', '')) / Number(total.replaceAll(',', '')) }
}

async function traced(app: App, act: () => Promise<void>): Promise<FrameWork> {
  const browser = app.page.context().browser()
  if (!browser) throw new Error('The page has no browser.')
  // Without pictures of the screen, which would cost more than what is measured.
  const categories = ['disabled-by-default-devtools.timeline', 'devtools.timeline', 'v8', 'gpu']
  await app.page.evaluate(keepFrames)
  await browser.startTracing(app.page, { categories, screenshots: false })
  await act()
  return frameWork(await browser.stopTracing())
}

/** Frames come even where nothing is drawn anew: else a pause would look like a frame that took long. */
const keepFrames =
  'window.framesAreKept ??= (() => { const next = () => requestAnimationFrame(next); next(); return true })()'

type Place = readonly [x: number, y: number]

/** What hands do: move over the picture, zoom at the pointer, pan, scrub, paint; real pointer events, each for a while. */
export async function gestures(app: App): Promise<void> {
  const { page } = app
  const picture = (await app.picture.boundingBox())!
  const lanes = (await page.getByRole('img', { name: /^Timeline/ }).boundingBox())!
  const at = (x: number, y: number): Place => [picture.x + picture.width * x, picture.y + picture.height * y]
  const onRuler = (x: number): Place => [lanes.x + lanes.width * x, lanes.y + 10]
  await moveBetween(app, at(0.2, 0.3), at(0.8, 0.7))
  await forAWhile(async (turn) => {
    await page.mouse.wheel(0, turn % 6 < 3 ? -120 : 120)
  })
  await dragBetween(app, at(0.6, 0.6), at(0.4, 0.4), 'middle')
  await page.keyboard.press('0')
  await dragBetween(app, onRuler(0.02), onRuler(0.9), 'left')
  await page.keyboard.press('b')
  await page.waitForTimeout(500)
  await dragBetween(app, at(0.3, 0.4), at(0.7, 0.6), 'left')
  await page.keyboard.press('0')
}

async function forAWhile(act: (turn: number) => Promise<void>): Promise<void> {
  const end = performance.now() + gestureMs
  for (let turn = 0; performance.now() < end; turn++) await act(turn)
}

/** To and fro in small steps, each sent when the page has taken the one before. */
async function moveBetween({ page }: App, [x0, y0]: Place, [x1, y1]: Place): Promise<void> {
  await forAWhile(async (turn) => {
    const share = (1 - Math.cos(turn / 15)) / 2
    await page.mouse.move(x0 + (x1 - x0) * share, y0 + (y1 - y0) * share)
  })
}

async function dragBetween(app: App, from: Place, to: Place, button: 'left' | 'middle'): Promise<void> {
  await app.page.mouse.move(...from)
  await app.page.mouse.down({ button })
  await moveBetween(app, from, to)
  await app.page.mouse.up({ button })
}

function rowsOf(name: string, { frames, tasks, rasterMs }: FrameWork): BenchRow[] {
  const seconds = frames.reduce((sum, { ms }) => sum + ms, 0) / 1000
  const held = ({ mainMs, graphicsMs }: Frame) => mainMs - graphicsMs
  const late = frames.filter(({ ms }) => ms > limitMs)
  const row = (metric: string, value: number, unit: string): BenchRow => ({ case: name, metric, value, unit })
  return [
    row('frames', frames.length, ''),
    ...figures(
      name,
      'time between frames',
      frames.map(({ ms }) => ms),
    ),
    row(`frames over ${limitMs} ms`, late.length, ''),
    row('of them held up by the interface', late.filter((frame) => held(frame) > limitMs).length, ''),
    ...figures(name, 'main thread, not counting the graphics', frames.map(held)),
    ...figures(
      name,
      'its processor time',
      frames.map(({ processorMs }) => processorMs),
    ),
    ...figures(
      name,
      'wait for the graphics',
      frames.map(({ graphicsMs }) => graphicsMs),
    ),
    row('raster on other threads, a second', rounded(rasterMs / seconds), 'ms'),
    ...workRows(name, frames, seconds),
    ...longestTask(name, tasks),
  ]
}

/** Where the main thread's processor time went, over all frames. */
function workRows(name: string, frames: readonly Frame[], seconds: number): BenchRow[] {
  const kinds = Object.keys(frames[0]?.work ?? {}) as (keyof Frame['work'])[]
  return kinds.map((kind) => {
    const ms = frames.reduce((sum, { work }) => sum + work[kind], 0)
    return { case: name, metric: `${kind}, a second`, value: rounded(ms / seconds), unit: 'ms' }
  })
}

/** The task that held the main thread longest, what set it off and what it did. */
function longestTask(name: string, tasks: readonly Task[]): BenchRow[] {
  const longest = tasks.toSorted((a, b) => b.processorMs - a.processorMs)[0]
  if (!longest) return []
  const { cause, work } = longest
  const most = Object.entries(work).filter(([, ms]) => ms >= 0.5)
  const parts = most.sort((a, b) => b[1] - a[1]).map(([kind, ms]) => `${kind} ${rounded(ms)}`)
  const metric = `longest task, processor time (${cause}: ${parts.join(', ')})`
  return [
    { case: name, metric, value: rounded(longest.processorMs), unit: 'ms' },
    { case: name, metric: 'it held the thread', value: rounded(longest.ms - longest.graphicsMs), unit: 'ms' },
  ]
}

function figures(name: string, metric: string, milliseconds: readonly number[]): BenchRow[] {
  const sorted = milliseconds.toSorted((a, b) => a - b)
  const at = (share: number) => rounded(sorted[Math.floor((sorted.length - 1) * share)] ?? 0)
  return [
    { case: name, metric: `${metric}, median`, value: at(0.5), unit: 'ms' },
    { case: name, metric: `${metric}, p95`, value: at(0.95), unit: 'ms' },
    { case: name, metric: `${metric}, longest`, value: at(1), unit: 'ms' },
  ]
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10
}
