/**
 * What a person sees of it: in a real browser on the served app, from the button of the pointer coming up to the picture
 * with the new mask on screen. A box, then clicks on it; every one waits for the answer to the one before.
 */
import type { App } from '../e2e/app.ts'
import { previewAfter, watchPreviews } from '../e2e/preview-page.ts'
import { rleBounds } from '../main/core/mask/rle.ts'
import type { Box } from '../main/core/records.ts'
import type { SceneSpec } from '../main/core/scene/scene.ts'
import { ensureBuilt } from '../main/ensure-built.ts'
import { type AppFolders, inAppFolders, inSceneApp, makeRecentScene } from './scene-app.ts'

const name = 'Clicks'
const spec: SceneSpec = {
  name: 'clicks',
  width: 1920,
  height: 1080,
  frameCount: 4,
  framesPerSecond: 24,
  objectCount: 3,
  seed: 5,
  events: [],
}
const clickCount = 30
/** After so many clicks they are dropped and a new box is drawn: nobody makes thirty. */
const clicksABox = 6

/** Milliseconds of each click, and in words what was measured. */
export async function previewTimes(): Promise<{ readonly times: readonly number[]; readonly input: string }> {
  await ensureBuilt((line) => console.log(line))
  const times = await inAppFolders('preview', async (folders) => {
    const box = await makeProject(folders)
    return inSceneApp(folders, name, (app) => measure(app, box))
  })
  return {
    times,
    input: `In the browser: ${times.length} clicks on a ${spec.width} x ${spec.height} clip, ${clicksABox} after each box, Chromium without a graphics card`,
  }
}

/** The bounds of an object that is left to draw, the largest on the first frame. */
async function makeProject(folders: AppFolders): Promise<Box> {
  const choices = { isLeftToDraw: () => true, keyFrames: () => [] }
  const { scene, truth } = await makeRecentScene(folders, name, spec, choices)
  const bounds = scene.entities
    .filter((entity) => !entity.stuff)
    .map((entity) => rleBounds(truth(entity, 0)))
    .reduce(
      (largest, each) =>
        each && each[2] * each[3] > (largest?.[2] ?? 0) * (largest?.[3] ?? 0) ? each : largest,
      null,
    )
  if (!bounds) throw new Error('The scene shows no object on its first frame.')
  return bounds
}

async function measure(app: App, [x, y, width, height]: Box): Promise<number[]> {
  const { page } = app
  await app.chooseTool('Smart mask')
  await watchPreviews(page)
  const at = (u: number, v: number) => app.screenPoint({ x: x + u * width, y: y + v * height }, spec)
  const times: number[] = []
  for (let i = 0; i < clickCount; i++) {
    const made = i % clicksABox
    if (made === 0) {
      if (i > 0) await app.press('Escape')
      await previewAfter(page, 0, async () => {
        const [from, to] = [await at(-0.08, -0.08), await at(1.08, 1.08)]
        await page.mouse.move(from.x, from.y)
        await page.mouse.down()
        await page.mouse.move(to.x, to.y, { steps: 4 })
        await page.mouse.up()
      })
    }
    // Round the middle says inside, in the corners of the box outside: no click lies on the one before.
    const turn = (2 * Math.PI * i) / clicksABox + i / clickCount
    const isInside = i % 2 === 0
    const reach = isInside ? 0.2 : 0.52
    const point = await at(0.5 + reach * Math.cos(turn), 0.5 + reach * Math.sin(turn))
    times.push(
      await previewAfter(page, made + 1, async () => {
        await page.mouse.move(point.x, point.y)
        await page.mouse.click(point.x, point.y, { button: isInside ? 'left' : 'right' })
      }),
    )
  }
  return times
}
