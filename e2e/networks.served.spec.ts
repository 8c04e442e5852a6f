/** What networks run on: found out, chosen, and asked for where the chosen provider fails. */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'

const workStatus = (page: Page) => page.getByRole('button', { name: /^Runs on .*Networks and providers$/ })

test('the status bar says what the work runs on, and finds the providers of this machine', async ({
  app,
}) => {
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
})

test('a provider that cannot be had is never replaced in silence: the person is asked', async ({ app }) => {
  const foreign = process.platform === 'win32' ? 'coreml' : 'dml'
  const name = process.platform === 'win32' ? 'Core ML' : 'DirectML'
  await writeFile(path.join(app.shell.settingsFolder, 'settings.json'), JSON.stringify({ provider: foreign }))
  app.forgive(/ERR_CONNECTION_REFUSED|WebSocket/)
  await app.restart()
  await app.openSample()
  await workStatus(app.page).click()
  await app.page.getByRole('button', { name: 'Look for other providers' }).click()
  const question = app.page.getByRole('alert').filter({ hasText: `${name} is not for this system.` })
  await expect(question).toBeVisible({ timeout: 120_000 })
  await expect(workStatus(app.page)).toContainText(`${name} failed`)
  await app.page.keyboard.press('Escape')
  await question.getByRole('button', { name: 'Use the CPU' }).click()
  await expect(question).toHaveCount(0)
  await workStatus(app.page).click()
  await expect(app.page.getByRole('radio', { name: /^CPU/ })).toBeChecked()
  await app.restart()
  await app.openSample()
  await workStatus(app.page).click()
  await expect(app.page.getByRole('radio', { name: /^CPU/ })).toBeChecked()
})
