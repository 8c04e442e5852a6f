/** Networks in the window: a tiny pack is looked at, added, timed, broken on disk, found out, and removed. */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Locator } from '@playwright/test'
import { writePack } from '../main/host/models/test-packs.ts'
import { testPack } from '../models/test-pack.ts'
import type { App } from './app.ts'
import { expect, test } from './fixtures.ts'
import { expectNamed } from './named-controls.ts'
import { workStatus } from './networks.ts'

const dialog = (app: App, name: string | RegExp): Locator => app.page.getByRole('dialog', { name })
const list = (app: App) => dialog(app, 'Networks')
const pack = (app: App) => list(app).getByRole('article', { name: 'Tiny doubler' })

/** By the palette, which is there before any project is. */
async function openList(app: App): Promise<void> {
  const { page } = app
  await expect(
    page.getByRole('button', { name: 'Open the sample', exact: true }).or(app.picture),
  ).toBeVisible()
  await page.keyboard.press('ControlOrMeta+k')
  await dialog(app, 'Find an action').getByRole('searchbox').fill('Networks…')
  await page.keyboard.press('Enter')
  await expect(list(app)).toBeVisible()
}

/** From the open list to what is seen of the pack before it is added. */
async function lookAt(app: App, folderName: string): Promise<void> {
  await list(app).getByRole('button', { name: 'Add a network' }).click()
  await expectNamed(app.page)
  await dialog(app, 'Add a network').getByRole('button', { name: 'Choose a folder' }).click()
  const browse = dialog(app, 'Folder of a network')
  await browse.getByRole('row', { name: folderName }).click()
  await browse.getByRole('button', { name: 'Use this folder' }).click()
}

/** Chooses who describes pictures. */
async function letDo(app: App, name: string): Promise<void> {
  await list(app)
    .getByRole('button', { name: /What does: Describing pictures$/ })
    .click()
  await app.page.getByRole('option', { name }).click()
}

test('a network is added from a folder once its licence was seen, timed, found broken, and removed', async ({
  app,
}) => {
  const graph = path.join(app.shell.settingsFolder, 'models', 'tiny', 'double.onnx')
  writePack(path.join(app.shell.folder, 'tiny'), testPack({ commercial: false }))
  await openList(app)
  await expect(list(app).getByRole('region', { name: 'What does which job' })).toContainText(
    'Inbetween’s own',
  )
  await expectNamed(app.page)

  await lookAt(app, 'tiny')
  const plan = dialog(app, 'Tiny doubler 1.0.0')
  const licence = plan.getByRole('region', { name: 'Licence' })
  await expect(licence).toContainText('Apache-2.0')
  await expect(licence).toContainText('No commercial use')
  await expect(licence).toContainText('Keep the notice.')
  await expect(licence).toContainText('www.apache.org/licenses/LICENSE-2.0')
  await expect(plan.getByRole('list', { name: 'Files that are added' })).toContainText('double.onnx')
  await expect(plan).toContainText('nothing is fetched')
  await expectNamed(app.page)

  // Seen and not agreed to: nothing was added.
  await plan.getByRole('button', { name: 'Back' }).click()
  await dialog(app, 'Add a network').getByRole('button', { name: 'Back' }).click()
  await expect(pack(app)).toHaveCount(0)

  await lookAt(app, 'tiny')
  await plan.getByRole('button', { name: 'Agree and add' }).click()
  await expect(plan).toContainText('It was added and passed every check.', { timeout: 60_000 })
  await expect(plan.getByRole('list', { name: 'Checks of Tiny doubler' })).toContainText('golden sample 1')
  await plan.getByRole('button', { name: 'Done' }).click()
  await expect(pack(app)).toContainText('Ready')
  await expect(pack(app)).toContainText('No commercial use')

  await letDo(app, 'Tiny doubler')
  await expect(pack(app)).toContainText('which it does now')
  await letDo(app, 'Nothing')
  await expect(pack(app)).not.toContainText('which it does now')
  await letDo(app, 'Tiny doubler')

  await pack(app).getByRole('button', { name: 'Time Tiny doubler' }).click()
  const times = pack(app)
    .getByRole('table')
    .getByRole('row', { name: /encoder/ })
  await expect(times).toContainText(/pixel_values 2x2.*CPU.* ms/, { timeout: 60_000 })
  await expectNamed(app.page)

  await writeFile(graph, 'no longer a graph')
  await pack(app).getByRole('button', { name: 'Check Tiny doubler' }).click()
  await expect(pack(app).getByRole('alert')).toContainText(
    /double.onnx.* has 17 bytes, but its manifest says/,
  )
  const wrong = pack(app)
    .getByRole('listitem')
    .filter({ has: app.page.getByRole('img', { name: 'Wrong' }) })
  await expect(wrong).toHaveText(/^file double\.onnx/)
  await expect(pack(app)).toContainText('Broken')
  await expect(pack(app).getByRole('button', { name: 'Time Tiny doubler' })).toBeDisabled()

  await pack(app).getByRole('button', { name: 'Remove Tiny doubler' }).click()
  await expect(pack(app)).toContainText('undo does not bring them back')
  await pack(app).getByRole('button', { name: 'Keep it' }).click()
  await pack(app).getByRole('button', { name: 'Remove Tiny doubler' }).click()
  await pack(app).getByRole('status').getByRole('button', { name: 'Remove Tiny doubler' }).click()
  await expect(pack(app)).toHaveCount(0)
  await expect(list(app).getByRole('region', { name: 'What does which job' })).not.toContainText(
    'Tiny doubler',
  )
})

test('a network whose file is another one than its manifest says is refused, and nothing of it is kept', async ({
  app,
}) => {
  const right = testPack()
  const files = new Map(right.files).set('golden/y.f32', new Uint8Array(16))
  writePack(path.join(app.shell.folder, 'forged'), { ...right, files })
  await app.openSample()
  await workStatus(app.page).click()
  await app.page.getByRole('button', { name: 'Networks…' }).click()
  await expect(app.page.getByRole('dialog', { name: 'What the work runs on' })).toHaveCount(0)
  await lookAt(app, 'forged')
  await dialog(app, 'Tiny doubler 1.0.0').getByRole('button', { name: 'Agree and add' }).click()
  const refused = dialog(app, 'Tiny doubler was not added')
  await expect(refused.getByRole('alert')).toContainText(
    'golden/y.f32 is not the file that the manifest lists',
  )
  await expectNamed(app.page)
  await app.page.keyboard.press('Escape')
  await openList(app)
  await expect(pack(app)).toHaveCount(0)
})

test('with keys alone: an address that leads nowhere is refused with a sentence, and can be written anew', async ({
  app,
}) => {
  const { page } = app
  await openList(app)
  const add = list(app).getByRole('button', { name: 'Add a network' })
  for (let step = 0; step < 40 && !(await add.evaluate((each) => each === document.activeElement)); step++)
    await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  const ask = dialog(app, 'Add a network')
  await expect(ask.getByRole('button', { name: 'Choose a folder' })).toBeFocused()
  await app.press('Tab', 'Tab')
  await page.keyboard.type('pack.zip')
  await expect(ask.getByRole('button', { name: 'Look' })).toBeDisabled()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('https://127.0.0.1/pack.zip')
  await page.keyboard.press('Enter')
  const refused = dialog(app, 'Nothing to add there')
  await expect(refused.getByRole('alert')).toContainText('127.0.0.1')
  await expect(refused.getByRole('button', { name: 'Try again' })).toBeFocused()
  await app.press('Shift+Tab', 'Enter')
  await expect(ask.getByRole('textbox', { name: 'Or at an address' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await openList(app)
})
