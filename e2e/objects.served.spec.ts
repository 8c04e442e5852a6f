/** Objects as a whole: their order, and what of the picture none of them has. */
import { expect, test } from './fixtures.ts'
import { sampleSize } from './sample-truth.ts'

test('several rows moved together are one step of undo', async ({ app }) => {
  await app.openSample()
  const { page } = app
  const names = async () => (await app.objects.allInnerTexts()).map((text) => text.split(/\s/)[0])
  const before = await names()
  await app.objects.first().click()
  await page.keyboard.press('Shift+ArrowDown')
  await expect(app.objects.nth(1)).toHaveAttribute('aria-selected', 'true')
  await page.getByRole('button', { name: `Move ${before[0]} in front or behind` }).focus()
  for (const key of ['Enter', 'End', 'Enter']) {
    await page.keyboard.press(key)
    await page.waitForTimeout(150)
  }
  await expect.poll(names).toEqual([...before.slice(2), ...before.slice(0, 2)])
  await app.undo()
  await expect.poll(names).toEqual(before)
})

test('the status bar says what is nobody’s, where a frame is labelled all over', async ({ app }) => {
  await app.openSample()
  const { page } = app
  const status = page.getByRole('contentinfo')
  await expect(status).toContainText('5 objects')
  await expect(status).not.toContainText('unlabelled')
  await app.newObject()
  await app.chooseTool('Box')
  const from = await app.screenPoint({ x: 4, y: 4 }, sampleSize)
  const to = await app.screenPoint({ x: 636, y: 320 }, sampleSize)
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move(to.x, to.y, { steps: 4 })
  await page.mouse.up()
  await expect(status).toContainText(/1\d % unlabelled/)
  await app.goToFrame(7)
  await expect(status).not.toContainText('unlabelled')
  await app.goToFrame(0)
  await expect(status).toContainText(/1\d % unlabelled/)
  await app.undo()
  await expect(status).not.toContainText('unlabelled')
})
