/** Few marks make or mend a mask, and what was mended is carried on by itself. */
import type { App, ImagePoint } from './app.ts'
import { expect, test } from './fixtures.ts'
import { savedIou, savedMask } from './project-masks.ts'
import { clickedOutline, sampleSize } from './sample-truth.ts'

/** The object that the sample leaves to be drawn; where it is drawn, looked at, and corrected. */
const object = 'ball'
const drawn = 60
const beside = 66
const corrected = 72

async function clickAt(app: App, point: ImagePoint, button: 'left' | 'right' = 'left'): Promise<void> {
  const at = await app.screenPoint(point, sampleSize)
  await app.page.mouse.move(at.x, at.y)
  await app.page.mouse.click(at.x, at.y, { button })
}

async function drag(app: App, from: ImagePoint, to: ImagePoint): Promise<void> {
  const [start, end] = [await app.screenPoint(from, sampleSize), await app.screenPoint(to, sampleSize)]
  await app.page.mouse.move(start.x, start.y)
  await app.page.mouse.down()
  await app.page.mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2)
  await app.page.mouse.move(end.x, end.y)
  await app.page.mouse.up()
}

function middleOf(points: readonly ImagePoint[]): ImagePoint {
  const sum = points.reduce((all, { x, y }) => ({ x: all.x + x, y: all.y + y }), { x: 0, y: 0 })
  return { x: sum.x / points.length, y: sum.y / points.length }
}

/** The ball drawn on one frame and carried over the whole shot. */
async function ballCarriedOn(app: App): Promise<void> {
  await app.openSample()
  await app.goToFrame(drawn)
  await app.select(object)
  await app.drawPolygon(clickedOutline(object, drawn), sampleSize)
  await expect.poll(() => app.stateOf(object)).toBe('Keyframe')
  await app.propagate('forward')
  await expect.poll(() => savedMask(app, object, corrected)?.state, { timeout: 60_000 }).toBe('propagated')
  await app.expectRunEnded()
}

test('one stroke on a propagated frame: its neighbours are propagated again, and undo restores every record', async ({
  app,
}) => {
  await ballCarriedOn(app)
  const before = [savedMask(app, object, beside), savedMask(app, object, corrected)]
  expect(before.map((mask) => mask?.right)).toEqual([null, null])
  await app.goToFrame(corrected)
  await app.chooseTool('Brush')
  await clickAt(app, middleOf(clickedOutline(object, corrected)))
  await expect.poll(() => app.stateOf(object)).toBe('Partial keyframe')
  await expect(app.page.getByText('Only your strokes teach.')).toBeVisible()
  await expect
    .poll(() => savedMask(app, object, beside)?.right, { timeout: 60_000 })
    .toBe(`${corrected}:${savedMask(app, object, corrected)?.shape}`)
  await app.expectRunEnded()
  await app.goToFrame(beside)
  await expect.poll(() => app.stateOf(object)).toBe('Propagated')
  // The run is one step, the stroke another.
  await app.undo()
  await expect.poll(() => app.stateOf(object)).toBe('Stale')
  await app.undo()
  await expect.poll(() => app.stateOf(object)).toBe('Propagated')
  await expect.poll(() => [savedMask(app, object, beside), savedMask(app, object, corrected)]).toEqual(before)
})

test('a partial keyframe is accepted as a whole by its button', async ({ app }) => {
  await ballCarriedOn(app)
  await app.act('Re-propagate after a correction')
  await app.goToFrame(corrected)
  await app.chooseTool('Brush')
  await clickAt(app, middleOf(clickedOutline(object, corrected)))
  await app.page.getByRole('button', { name: 'Accept whole mask' }).click()
  await expect.poll(() => app.stateOf(object)).toBe('Keyframe')
  expect(savedMask(app, object, corrected)).not.toHaveProperty('marked')
  await app.goToFrame(beside)
  await expect
    .poll(() => app.stateOf(object), 'nothing runs by itself when that is switched off')
    .toBe('Stale')
})

test('a polygon of a few clicks follows the edges of the picture', async ({ app }) => {
  const balloon = 'balloon'
  await app.openSample()
  await app.goToFrame(drawn)
  await app.select(balloon)
  await app.drawPolygon(clickedOutline(balloon, drawn, 8), sampleSize)
  await expect.poll(() => app.stateOf(balloon)).toBe('Keyframe')
  await expect.poll(() => savedIou(app, balloon, drawn, balloon)).toBeGreaterThan(0)
  const straight = savedIou(app, balloon, drawn, balloon)
  await app.undo()
  await expect.poll(() => app.stateOf(balloon)).toBe('No mask here')
  await app.press('Alt+p')
  await app.drawPolygon(clickedOutline(balloon, drawn, 8), sampleSize)
  await expect.poll(() => app.stateOf(balloon)).toBe('Keyframe')
  await expect.poll(() => savedIou(app, balloon, drawn, balloon)).toBeGreaterThan(straight + 0.05)
})

test('a box makes a mask, a click mends it, Escape leaves nothing and Enter keeps it', async ({ app }) => {
  await app.openSample()
  await app.goToFrame(drawn)
  await app.select(object)
  const outline = clickedOutline(object, drawn, 24)
  const [xs, ys] = [outline.map(({ x }) => x), outline.map(({ y }) => y)]
  const box = async () => {
    await drag(
      app,
      { x: Math.min(...xs) - 4, y: Math.min(...ys) - 4 },
      { x: Math.max(...xs) + 4, y: Math.max(...ys) + 4 },
    )
    await expect(app.page.getByText(/^Mask from box/)).toBeVisible()
  }
  await app.chooseTool('Smart mask')
  await box()
  await app.press('Escape')
  await expect(app.page.getByText(/^Mask from box/)).toBeHidden()
  await expect.poll(() => app.stateOf(object)).toBe('No mask here')
  await box()
  await clickAt(app, { x: Math.min(...xs) - 12, y: Math.min(...ys) - 12 }, 'right')
  await expect(app.page.getByText(/^Mask from 1 mark/)).toBeVisible()
  await app.press('Enter')
  await expect.poll(() => app.stateOf(object)).toBe('Keyframe')
  expect(savedMask(app, object, drawn)).toMatchObject({ method: 'assisted' })
  expect(savedIou(app, object, drawn, object)).toBeGreaterThan(0.8)
})
