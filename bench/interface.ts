/**
 * Whether a run blocks the pointer: in a real browser, a person pans, zooms, scrubs and paints on a 1280 x 720 clip, first
 * with nothing else going on, then while ten objects are propagated. From the browser's own trace: the time between two
 * pictures of the window, and what its main thread worked for each of them (clock time and processor time). Both cores
 * are shared with the run and with a browser that draws in software, so the first says what this machine shows, the
 * second what the interface asks of it.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { App } from '../e2e/app.ts'
import { openServedShell } from '../e2e/served-shell.ts'
import type { SceneSpec } from '../main/core/scene/scene.ts'
import { ensureBuilt } from '../main/ensure-built.ts'
import { createHost } from '../main/host/host.ts'
import { makeSceneProject } from '../main/host/scene-project.ts'
import type { BenchOutcome, BenchRow } from './bench.ts'
import { type FrameWork, frameWork } from './frame-work.ts'

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
  const place = mkdtempSync(join(tmpdir(), 'inbetween-interface-'))
  try {
    const folders = { settingsFolder: join(place, 'settings'), folder: join(place, 'files') }
    mkdirSync(folders.folder, { recursive: true })
    await makeProject(folders)
    const { idle, running, doneShare } = await measure(folders)
    return {
      input: `${spec.width} x ${spec.height}, ${spec.frameCount} frames, ${spec.objectCount} objects with keyframes at both ends, propagated both ways; the gestures ended with ${Math.round(doneShare * 100)} % of the run done; Chromium without a graphics card; load average of the machine ${Math.round(loadavg()[0]!)}`,
      rows: [...rowsOf('no run', idle), ...rowsOf('ten objects running', running)],
    }
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

interface Folders {
  readonly settingsFolder: string
  readonly folder: string
}

/** The project stands among the recent ones, where a person opens it. */
async function makeProject({ settingsFolder, folder }: Folders): Promise<void> {
  let lastId = 0
  const { project } = await makeSceneProject(folder, name, spec, {
    now: Date.now,
    newId: (word) => `${word}-${++lastId}`,
    keyFrames: () => [0, spec.frameCount - 1],
  })
  project.close()
  const host = await createHost({ mode: 'cli', settingsFolder })
  await host.openProject(join(folder, name), { readOnly: false })
  await host.close()
}

async function measure(
  folders: Folders,
): Promise<{ idle: FrameWork; running: FrameWork; doneShare: number }> {
  const shell = await openServedShell(folders)
  try {
    await shell.page.setViewportSize({ width: 1280, height: 720 })
    const app = new App(shell)
    await shell.page.getByRole('row', { name }).click()
    await app.expectProject()
    await app.newObject()
    const idle = await traced(app, () => gestures(app))
    await shell.page.keyboard.press('Escape')
    await app.press('s', 'Escape')
    await app.propagate('both')
    await app.expectRunBegun()
    await shell.page
      .locator('.run-line')
      .filter({ hasText: /[1-9]\d* of \d+/ })
      .waitFor({ timeout: 120_000 })
    await app.newObject()
    const running = await traced(app, () => gestures(app))
    const [, done, total] =
      /([\d,]+) of ([\d,]+)/.exec((await shell.page.locator('.run-line').textContent()) ?? '') ?? []
    if (!done || !total)
      throw new Error('The run ended before the gestures did: nothing was measured beside it.')
    return { idle, running, doneShare: Number(done.replaceAll(',', '')) / Number(total.replaceAll(',', '')) }
  } finally {
    await shell.close()
  }
}

async function traced(app: App, act: () => Promise<void>): Promise<FrameWork> {
  const browser = app.page.context().browser()
  if (!browser) throw new Error('The page has no browser.')
  // Without pictures of the screen, which would cost more than what is measured.
  const categories = ['disabled-by-default-devtools.timeline', 'devtools.timeline', 'v8']
  await browser.startTracing(app.page, { categories, screenshots: false })
  await act()
  return frameWork(await browser.stopTracing())
}

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

function rowsOf(name: string, { frameMs, mainMs, processorMs, taskMs }: FrameWork): BenchRow[] {
  return [
    ...figures(name, 'time between frames', frameMs),
    ...figures(name, 'main thread a frame', mainMs),
    ...figures(name, 'its processor time', processorMs),
    { case: name, metric: 'longest task', value: rounded(Math.max(0, ...taskMs)), unit: 'ms' },
    {
      case: name,
      metric: `tasks over ${limitMs} ms`,
      value: taskMs.filter((ms) => ms > limitMs).length,
      unit: '',
    },
    { case: name, metric: 'frames', value: frameMs.length, unit: '' },
  ]
}

function figures(name: string, metric: string, milliseconds: readonly number[]): BenchRow[] {
  const sorted = milliseconds.toSorted((a, b) => a - b)
  const at = (share: number) => rounded(sorted[Math.floor((sorted.length - 1) * share)] ?? 0)
  const over = sorted.filter((ms) => ms > limitMs).length
  return [
    { case: name, metric: `${metric}, median`, value: at(0.5), unit: 'ms' },
    { case: name, metric: `${metric}, p95`, value: at(0.95), unit: 'ms' },
    { case: name, metric: `${metric}, longest`, value: at(1), unit: 'ms' },
    { case: name, metric: `${metric}, over ${limitMs} ms`, value: over, unit: '' },
  ]
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10
}
