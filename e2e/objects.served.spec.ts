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

test('a press on a half hidden row selects it and brings it into view, also while the list still scrolls', async ({
  app,
}) => {
  await app.openSample()
  const { page } = app
  const list = page.getByRole('grid', { name: 'Objects' })
  // Three of the five rows, less a line.
  await page.setViewportSize({ width: 1280, height: 580 })
  await expect
    .poll(() => list.evaluate((element) => element.scrollHeight - element.clientHeight))
    .toBeGreaterThan(40)
  const [first, fourth] = [app.objects.first(), app.objects.nth(3)]
  const names = await app.objects.evaluateAll((rows) => rows.map((row) => row.textContent))
  const area = (await list.boundingBox())!
  const middle = area.x + area.width / 4

  await page.mouse.move(middle, area.y + 40)
  await page.mouse.wheel(0, 16)
  await expect.poll(() => list.evaluate((element) => element.scrollTop)).toBe(16)
  // Held as long as a hand holds it: what scrolls between press and release loses nothing.
  await page.mouse.click(middle, area.y + area.height - 4, { delay: 150 })
  await expect(fourth).toHaveAttribute('aria-selected', 'true')
  const row = (await fourth.boundingBox())!
  expect(row.y + row.height).toBeLessThanOrEqual(area.y + area.height + 1)
  expect(await fourth.textContent()).toBe(names[3])

  // Its press has scrolled the list: the next one, at once, counts too.
  await page.mouse.click(middle, area.y + 4)
  await expect(page.getByRole('row', { selected: true })).toHaveCount(1)
  await expect(fourth).toHaveAttribute('aria-selected', 'false')
  await page.mouse.wheel(0, -100)
  await expect.poll(() => list.evaluate((element) => element.scrollTop)).toBe(0)
  await page.mouse.wheel(0, 14)
  await expect.poll(() => list.evaluate((element) => element.scrollTop)).toBe(14)
  await page.mouse.click(middle, area.y + 4)
  await expect(first).toHaveAttribute('aria-selected', 'true')
  expect((await first.boundingBox())!.y).toBeGreaterThanOrEqual(area.y - 1)
})
