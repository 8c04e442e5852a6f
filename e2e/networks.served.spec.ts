/** What networks run on: found out, chosen, and asked for where the chosen provider fails. */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from './fixtures.ts'
import { findProviders, workStatus } from './networks.ts'

test('the status bar says what the work runs on, and finds the providers of this machine', async ({
  app,
}) => {
  await findProviders(app)
})

test('a provider that cannot be had is never replaced in silence: the person is asked', async ({ app }) => {
  const foreign = process.platform === 'win32' ? 'coreml' : 'dml'
  const name = process.platform === 'win32' ? 'Core ML' : 'DirectML'
  await writeFile(path.join(app.shell.settingsFolder, 'settings.json'), JSON.stringify({ provider: foreign }))
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
