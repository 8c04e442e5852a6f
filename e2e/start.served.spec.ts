import { expect, test } from './fixtures.ts'

test('the app opens on what to do, and one click later on the sample', async ({ app }) => {
  await expect(app.page.getByRole('heading', { name: 'Inbetween' })).toBeVisible()
  await app.openSample()
  await expect(app.objects).not.toHaveCount(0)
  expect(await app.frameCount()).toBeGreaterThan(10)
})
