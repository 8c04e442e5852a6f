import { expect, type Page } from '@playwright/test'
import type { App } from './app.ts'

/** What the status bar says of the engine and of networks, which is a button. */
export const workStatus = (page: Page) =>
  page.getByRole('button', { name: /^Runs on .*Networks and providers$/ })

/** Finds out in the window what networks can run on here: the inference process is started, in whatever shell. */
export async function findProviders(app: App): Promise<void> {
  await app.openSample()
  await expect(workStatus(app.page)).toContainText(/CPU, \d+ threads?|CPU, WebAssembly/)
  await workStatus(app.page).click()
  const panel = app.page.getByRole('dialog', { name: 'What the work runs on' })
  await expect(panel).toContainText('None has run yet. They may take')
  await expect(panel.getByRole('radio', { name: /The fastest/ })).toBeChecked()
  await panel.getByRole('button', { name: 'Look for other providers' }).click()
  await expect(panel.getByRole('button', { name: 'Try them again' })).toBeVisible({ timeout: 120_000 })
  await expect(panel.getByRole('radio', { name: /CPU.* ms in the trial/ })).toBeEnabled()
  // Whatever the machine, the fastest is one of those that are named.
  await expect(
    panel.getByRole('radio', { name: /The fastest.*now (CPU|WebGPU|CUDA|Core ML|DirectML)/ }),
  ).toBeChecked()
}
