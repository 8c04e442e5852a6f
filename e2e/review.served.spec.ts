/** Reviewing what is doubtful, by the keyboard alone. */
import type { App } from './app.ts'
import { makeSampleDoubtful } from './doubtful-sample.ts'
import { expect, test } from './fixtures.ts'

test.beforeEach(async ({ app }) => {
  await makeSampleDoubtful(app.shell.settingsFolder)
  await app.openSample()
  await app.picture.focus()
})

const said = (app: App) => app.page.getByRole('contentinfo')
const places = (app: App) =>
  app.page.getByRole('grid', { name: 'Doubtful places, worst first' }).getByRole('row')

async function press(app: App, key: string, frame: number, words: RegExp): Promise<void> {
  await app.page.keyboard.press(key)
  await expect(said(app)).toContainText(words)
  await expect(app.frameField).toHaveValue(String(frame))
}

test('the queue is answered to its end without the pointer', async ({ app }) => {
  await expect(places(app)).toHaveText([
    /gull 20–23.*60 %/,
    /gull 24–26.*80 %/,
    /balloon 10–14.*30 %/,
    /sailboat 18.*55 %/,
  ])
  await press(app, 'x', 20, /1 of 4: gull, frames 20 to 23/)
  await expect.poll(() => app.stateOf('gull')).toBe('Hidden')
  await press(app, 'j', 24, /Accept gull, frames 20 to 23\. 3 left/)
  await expect.poll(() => app.stateOf('gull')).toBe('Proposed')
  await press(app, 'j', 12, /2 left/)
  await press(app, 'j', 18, /1 left/)
  await press(app, 'j', 18, /Nothing doubtful is left/)
  await expect(app.page.getByText('Nothing doubtful. Every mask is yours')).toBeVisible()
  for (const [name, frame] of [
    ['gull', 20],
    ['gull', 24],
    ['balloon', 12],
    ['sailboat', 18],
  ] as const) {
    await app.goToFrame(frame)
    await expect.poll(() => app.stateOf(name)).toBe('Confirmed')
  }
  await app.goToFrame(13)
  await expect.poll(() => app.stateOf('balloon'), 'nobody looked at this frame').toBe('Propagated')
})

test('a proposal is rejected, a run hidden, two objects swapped, and each is taken back', async ({ app }) => {
  const { page } = app
  await press(app, 'x', 20, /1 of 4/)
  await press(app, 'x', 24, /2 of 4/)
  await press(app, 'Shift+N', 12, /Reject gull, frames 24 to 26/)
  await app.goToFrame(25)
  await expect.poll(() => app.stateOf('gull')).toBe('Hidden')
  await app.undo()
  await expect.poll(() => app.stateOf('gull')).toBe('Proposed')

  await app.goToFrame(0)
  await page.keyboard.press('Escape')
  for (const [key, step] of [
    ['x', 1],
    ['x', 2],
    ['x', 3],
  ] as const)
    await press(app, key, [20, 24, 12][step - 1]!, new RegExp(`${step} of 4`))
  await press(app, 'Shift+O', 18, /Hide balloon, frames 10 to 14/)
  await app.goToFrame(12)
  await expect.poll(() => app.stateOf('balloon')).toBe('Hidden')
  await app.undo()
  await expect.poll(() => app.stateOf('balloon')).toBe('Propagated')

  await app.select('balloon')
  await app.picture.focus()
  await page.keyboard.press('Shift+W')
  await expect(said(app)).toContainText(/Swapped balloon and \w+ as far as the next keyframe/)
  await app.goToFrame(12)
  await expect.poll(() => app.stateOf('balloon')).toBe('Keyframe')
  await app.undo()
  await expect.poll(() => app.stateOf('balloon')).toBe('Propagated')
})

test('ghosts show both results where the sides disagree, and one of them is taken', async ({ app }) => {
  const { page } = app
  await app.goToFrame(18)
  await app.select('sailboat')
  await app.picture.focus()
  const overlay = () =>
    page
      .locator('.canvas-surface canvas')
      .nth(1)
      .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL().length)
  await expect
    .poll(() => page.locator('.canvas-surface canvas').nth(1).evaluate(drawnColors))
    .toEqual({ left: true, right: true })
  const withGhosts = await overlay()
  await page.keyboard.press('Shift+T')
  await expect.poll(overlay).toBeLessThan(withGhosts)
  await expect
    .poll(() => page.locator('.canvas-surface canvas').nth(1).evaluate(drawnColors))
    .toEqual({ left: false, right: false })
  await page.keyboard.press('Shift+T')
  await page.keyboard.press('Shift+>')
  await expect(said(app)).toContainText('Take the right result of sailboat on frame 18')
  await app.goToFrame(18)
  await expect.poll(() => app.stateOf('sailboat')).toBe('Keyframe')
  await app.undo()
  await expect.poll(() => app.stateOf('sailboat')).toBe('Propagated')
})

test('fixing takes the smart mask to the worst place', async ({ app }) => {
  await press(app, 'x', 20, /1 of 4/)
  await press(app, 'x', 24, /2 of 4/)
  await press(app, 'x', 12, /3 of 4/)
  await app.page.keyboard.press('Shift+C')
  await expect(app.page.getByRole('button', { name: 'Smart mask', exact: true })).toHaveAttribute(
    'aria-pressed',
    'true',
  )
  await expect(app.object('balloon')).toHaveAttribute('aria-selected', 'true')
})

/** Whether the colours of the left and the right ghost are drawn. */
function drawnColors(canvas: Element): { left: boolean; right: boolean } {
  if (!(canvas instanceof HTMLCanvasElement)) throw new Error('There is no canvas.')
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
  const found = { left: false, right: false }
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] !== 255) continue
    if (data[i] === 0x4f && data[i + 1] === 0xd8 && data[i + 2] === 0xff) found.left = true
    if (data[i] === 0xff && data[i + 1] === 0xb0 && data[i + 2] === 0x00) found.right = true
  }
  return found
}
