/** What a run works with is chosen where it is started: our own engine alone, or with the network that comes with the app. */
import type { Locator } from '@playwright/test'
import type { App } from './app.ts'
import { expect, test } from './fixtures.ts'
import { clickedOutline, sampleSize } from './sample-truth.ts'

const [object, drawn] = ['ball', 60]

async function openRun(app: App): Promise<Locator> {
  await app.page.getByRole('button', { name: 'Estimate and choose a run' }).click()
  return app.page.getByRole('dialog', { name: 'Run', exact: true })
}

test('a run with the second look says so while it goes on and after, and the next goes without it again', async ({
  app,
}) => {
  const { page } = app
  await app.openSample()
  await app.goToFrame(drawn)
  await app.select(object)
  await app.drawPolygon(clickedOutline(object, drawn), sampleSize)
  await expect.poll(() => app.stateOf(object)).toBe('Keyframe')

  const run = await openRun(app)
  const engine = run.getByRole('button', { name: /^Inbetween’s own/ })
  await expect(engine).toHaveText('Inbetween’s own')
  await engine.click()
  await page.getByRole('option', { name: 'Inbetween’s own, with its second look' }).click()
  await expect(engine).toHaveText('Inbetween’s own, with its second look')
  await run.getByRole('radio', { name: 'Forward' }).click()
  await expect(run.getByText(/^About /)).toBeVisible()
  await run.getByRole('button', { name: 'Run', exact: true }).click()
  await app.expectRunBegun()
  await expect(page.getByText(/with Inbetween’s second look|Inbetween’s second look:/).first()).toBeVisible()
  await page.keyboard.press('Shift+Escape')
  await app.expectRunEnded()
  await expect(page.getByRole('region', { name: 'Jobs' })).toContainText(/with Inbetween’s second look/)

  const again = await openRun(app)
  await again.getByRole('button', { name: /^Inbetween’s own/ }).click()
  await page.getByRole('option', { name: 'Inbetween’s own', exact: true }).click()
  await expect(again.getByRole('button', { name: /^Inbetween’s own/ })).toHaveText('Inbetween’s own')
  await page.keyboard.press('Escape')
  await app.propagate('forward')
  await app.expectRunBegun()
  await app.expectRunEnded()
  await app.goToFrame(drawn + 10)
  await expect.poll(() => app.stateOf(object)).toBe('Propagated')
})
