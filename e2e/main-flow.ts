import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect } from '@playwright/test'
import type { App } from './app.ts'
import { clickedOutline, sampleScene, sampleSize } from './sample-truth.ts'

const run = promisify(execFile)
const root = path.resolve(import.meta.dirname, '..')
/** The object that the sample leaves to be drawn. */
const object = 'ball'
/** Where it is drawn, between, where it is corrected; and the last frame before the cut that a run stops at. */
const drawn = 60
const between = 70
const corrected = 80
const lastOfShot = (sampleScene.cuts[0] ?? sampleScene.spec.frameCount) - 1

/** The whole job as a person does it, in whatever shell the app is in. */
export async function mainFlow(app: App, reopenAfterKill: (app: App) => Promise<void>): Promise<void> {
  await app.openSample()
  await drawsAndPropagates(app)
  await cancelsAndResumes(app)
  await undoesAndRedoes(app)
  await correctsAndRunsTheStaleSpanAgain(app)
  await goesOnAfterAKill(app, reopenAfterKill)
  await exportsWhatVerifies(app)
}

async function drawsAndPropagates(app: App): Promise<void> {
  await app.goToFrame(drawn)
  await app.select(object)
  await expect.poll(() => app.stateOf(object)).toBe('No mask here')
  await app.drawPolygon(clickedOutline(object, drawn), sampleSize)
  await expect.poll(() => app.stateOf(object)).toBe('Keyframe')
  await app.propagate('forward')
}

async function cancelsAndResumes(app: App): Promise<void> {
  await app.cancelRunAfter(3)
  await app.expectRunEnded()
  await app.goToFrame(drawn + 2)
  await expect.poll(() => app.stateOf(object), 'what was made before the cancel is kept').toBe('Propagated')
  await app.goToFrame(lastOfShot)
  await expect.poll(() => app.stateOf(object), 'the rest was not made').toBe('No mask here')
  await app.resumeRun()
  await app.expectRunEnded()
  await app.goToFrame(between)
  await expect.poll(() => app.stateOf(object)).toBe('Propagated')
}

async function undoesAndRedoes(app: App): Promise<void> {
  await app.undo()
  await expect.poll(() => app.stateOf(object)).toBe('No mask here')
  await app.goToFrame(drawn)
  await expect
    .poll(() => app.stateOf(object), 'undo takes the run back, and not the drawing before it')
    .toBe('Keyframe')
  await app.redo()
  await app.goToFrame(between)
  await expect.poll(() => app.stateOf(object)).toBe('Propagated')
}

/** By hand, as with a slow machine: that it also happens by itself is in corrections.served.spec.ts. */
async function correctsAndRunsTheStaleSpanAgain(app: App): Promise<void> {
  await app.act('Re-propagate after a correction')
  await app.goToFrame(corrected)
  await app.drawPolygon(clickedOutline(object, corrected), sampleSize)
  await expect.poll(() => app.stateOf(object)).toBe('Keyframe')
  await app.goToFrame(between)
  await expect
    .poll(() => app.stateOf(object), 'a correction makes its neighbouring spans stale')
    .toBe('Stale')
  await app.picture.focus()
  await app.press('Shift+S')
  await expect.poll(() => app.stateOf(object), { timeout: 120_000 }).toBe('Propagated')
  await app.expectRunEnded()
  await app.goToFrame(corrected)
  await expect.poll(() => app.stateOf(object)).toBe('Keyframe')
  await app.act('Re-propagate after a correction')
}

async function goesOnAfterAKill(app: App, reopen: (app: App) => Promise<void>): Promise<void> {
  await app.goToFrame(drawn)
  await app.select(object)
  await app.propagate('forward')
  await app.expectRunBegun()
  app.forgiveLostHost()
  await app.shell.killHost()
  await reopen(app)
  await app.goToFrame(drawn)
  await expect.poll(() => app.stateOf(object), 'what was shown as saved is there').toBe('Keyframe')
  await app.resumeRun()
  await app.expectRunEnded()
  await app.goToFrame(between)
  await expect.poll(() => app.stateOf(object)).toBe('Propagated')
}

async function exportsWhatVerifies(app: App): Promise<void> {
  await app.exportTo(app.shell.folder, 'lake-davis')
  const folder = path.join(app.shell.folder, 'lake-davis')
  const entry = path.join(root, 'main', 'inbetween.mjs')
  const { stdout } = await run(process.execPath, [entry, 'verify', folder], { cwd: root })
  expect(stdout).toContain('follows the rules of davis')
}
