/**
 * The main screens, as everybody must be able to use them: every control named, the keyboard enough, colours that can be
 * told apart. With SCREENS=1 the screens are also kept as pictures for the README, under docs/screens.
 */
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from '@playwright/test'
import type { App } from './app.ts'
import { contrast } from './contrast.ts'
import { makeSampleDoubtful } from './doubtful-sample.ts'
import { expect, test } from './fixtures.ts'
import { expectNamed } from './named-controls.ts'

const pictures = path.resolve(import.meta.dirname, '..', 'docs', 'screens')
const keepsPictures = process.env.SCREENS === '1'

async function keepPicture(page: Page, name: string): Promise<void> {
  if (!keepsPictures) return
  await mkdir(pictures, { recursive: true })
  // The ring of the focus is for those who use it, not for those who look.
  await page.evaluate(() => document.querySelector<HTMLElement>('.canvas-surface:focus')?.blur())
  await page.screenshot({ path: path.join(pictures, `${name}.jpg`), type: 'jpeg', quality: 82 })
}

async function openDialog(app: App, key: string, name: string): Promise<void> {
  await app.page.keyboard.press(key)
  await expect(app.page.getByRole('dialog', { name })).toBeVisible()
  await expectNamed(app.page)
}

async function closeDialog(app: App): Promise<void> {
  await app.page.keyboard.press('Escape')
  await expect(app.page.getByRole('dialog')).toHaveCount(0)
}

test('every control of every main screen has a name', async ({ app }) => {
  await expect(app.page.getByRole('button', { name: 'New project from a video' })).toBeVisible()
  await expectNamed(app.page)
  await keepPicture(app.page, 'welcome')
  await app.openSample()
  await app.objects.first().click()
  await expectNamed(app.page)

  await openDialog(app, 'ControlOrMeta+k', 'Find an action')
  await closeDialog(app)
  await openDialog(app, 'ControlOrMeta+,', 'Settings')
  await closeDialog(app)
  await openDialog(app, '?', 'Keyboard shortcuts')
  await closeDialog(app)
  await openDialog(app, 'ControlOrMeta+e', 'Export')
  await closeDialog(app)
  await app.page.getByRole('button', { name: 'Estimate and choose a run' }).click()
  await expect(app.page.getByText(/^About \d/)).toBeVisible()
  await expectNamed(app.page)
})

test('the keyboard alone reaches the menus, the tools, the picture, the lists and the timeline', async ({
  app,
}) => {
  await app.openSample()
  const { page } = app
  const reached: string[] = []
  for (let step = 0; step < 60; step++) {
    await page.keyboard.press('Tab')
    const focused = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement | null
      if (!element || element === document.body) return null
      const style = getComputedStyle(element)
      const isField = element instanceof HTMLInputElement
      const ring = style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) > 0
      const place = element.closest<HTMLElement>('[aria-label]')
      return {
        name: `${element.getAttribute('aria-label') ?? place?.ariaLabel ?? ''} ${element.textContent ?? ''}`,
        ring,
        isField,
      }
    })
    if (!focused) continue
    if (!focused.isField) expect(focused.ring, `focus is visible on ${focused.name}`).toBe(true)
    reached.push(focused.name)
  }
  for (const place of [
    /File/,
    /Select/,
    /Frame \d+ of/,
    /Width of the side panel/,
    /Search objects/,
    /gull/,
    /Height of the timeline/,
    /First frame/,
  ])
    expect(
      reached.some((name) => place.test(name)),
      `Tab reaches ${place}`,
    ).toBe(true)
})

test('a menu is opened, walked and used by arrows and Enter', async ({ app }) => {
  await app.openSample()
  const { page } = app
  await page.getByRole('button', { name: 'Help', exact: true }).focus()
  await page.keyboard.press('ArrowDown')
  const menu = page.getByRole('menu')
  await expect(menu).toBeVisible()
  await expectNamed(page)
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'About Inbetween' })).toBeVisible()
})

test('text and edges stand out from their ground in both themes', async ({ app }) => {
  await app.openSample()
  const { page } = app
  for (const theme of ['Dark', 'Light'] as const) {
    await page.keyboard.press('ControlOrMeta+,')
    await page.getByRole('radio', { name: theme }).click()
    await closeDialog(app)
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme.toLowerCase())
    const token = await page.evaluate(() => {
      const style = getComputedStyle(document.documentElement)
      const names = [
        ...'text text-quiet text-faint accent on-accent bad warn good selected chrome panel raised field line-strong bad-surface warn-surface'.split(
          ' ',
        ),
      ]
      return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]))
    })
    const of = (front: string, ground: string) => contrast(token[front] ?? '', token[ground] ?? '')
    for (const ground of ['chrome', 'panel', 'raised', 'field'])
      for (const front of ['text', 'text-quiet', 'text-faint'])
        expect(of(front, ground), `${theme}: ${front} on ${ground}`).toBeGreaterThanOrEqual(4.5)
    for (const [front, ground] of [
      ['on-accent', 'accent'],
      ['text', 'selected'],
      ['text', 'bad-surface'],
      ['text', 'warn-surface'],
      ['warn', 'chrome'],
      ['bad', 'chrome'],
    ] as const)
      expect(of(front, ground), `${theme}: ${front} on ${ground}`).toBeGreaterThanOrEqual(4.5)
    for (const [front, ground] of [
      ['line-strong', 'panel'],
      ['accent', 'panel'],
      ['good', 'panel'],
    ] as const)
      expect(of(front, ground), `${theme}: ${front} on ${ground}`).toBeGreaterThanOrEqual(3)
  }
})

test('the palette finds an action by part of its name, says its key and runs it', async ({ app }) => {
  await app.openSample()
  const { page } = app
  await page.keyboard.press('ControlOrMeta+k')
  await page.keyboard.type('brus')
  const option = page.getByRole('option', { name: /Brush/ }).first()
  await expect(option).toContainText('B')
  await keepPicture(page, 'palette')
  await option.click()
  await expect(page.getByRole('button', { name: 'Brush', exact: true })).toHaveAttribute(
    'aria-pressed',
    'true',
  )
})

test('a shortcut is changed, works, and is still so after a restart', async ({ app }) => {
  await app.openSample()
  await app.page.keyboard.press('?')
  await app.page.getByRole('searchbox', { name: 'Search shortcuts' }).fill('lasso')
  await app.page.getByRole('button', { name: 'Change the key of Lasso' }).click()
  await app.page.keyboard.press('Shift+J')
  await expect(app.page.getByRole('listitem').filter({ hasText: 'Lasso' })).toContainText('Shift+J')
  await app.page.getByRole('button', { name: 'Done' }).click()
  await app.page.keyboard.press('Shift+J')
  const lasso = app.page.getByRole('button', { name: 'Lasso', exact: true })
  await expect(lasso).toHaveAttribute('aria-pressed', 'true')
  await app.restart()
  await app.openSample()
  await app.page.keyboard.press('Shift+J')
  await expect(lasso).toHaveAttribute('aria-pressed', 'true')
})

test('the object list selects, renames, hides and reorders, by keyboard too', async ({ app }) => {
  await app.openSample()
  const { page } = app
  const names = async () => (await app.objects.allInnerTexts()).map((text) => text.split(/\s/)[0])
  const [first, second] = await names()
  await app.objects.first().click()
  await expect(app.objects.first()).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('ArrowDown')
  await expect(app.objects.nth(1)).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('ArrowRight')
  await expect(app.frameField).toHaveValue('1')

  await page.getByRole('button', { name: `Move ${first} in front or behind` }).focus()
  for (const key of ['Enter', 'ArrowDown', 'ArrowDown', 'Enter']) {
    await page.keyboard.press(key)
    await page.waitForTimeout(150)
  }
  await expect.poll(names).not.toEqual([first, second])
  await expect.poll(async () => (await names())[0]).toBe(second)

  await page.getByRole('button', { name: `Hide ${second}`, exact: true }).click()
  await expect(page.getByRole('button', { name: `Show ${second}`, exact: true })).toBeVisible()
  await app.objects.first().click()
  await page.getByRole('textbox', { name: `Name of ${second}`, exact: true }).fill('renamed')
  await page.keyboard.press('Enter')
  await expect(app.objects.first()).toContainText('renamed')
  for (let step = 0; step < 3; step++) await app.undo()
  await expect.poll(async () => (await names()).slice(0, 2)).toEqual([first, second])
})

test('a folded panel stays folded', async ({ app }) => {
  await app.openSample()
  const queue = () => app.page.getByRole('button', { name: 'Doubtful frames', exact: true })
  await expect(queue()).toHaveAttribute('aria-expanded', 'true')
  await queue().click()
  await app.restart()
  await app.openSample()
  await expect(queue()).toHaveAttribute('aria-expanded', 'false')
})

test('the review shows the place, both results, and what can be answered', async ({ app }) => {
  await makeSampleDoubtful(app.shell.settingsFolder)
  const { page } = app
  await page.emulateMedia({ colorScheme: 'dark' })
  await app.openSample()
  await app.picture.focus()
  for (let place = 0; place < 4; place++) await app.press('x')
  await expect(app.frameField).toHaveValue('18')
  await expectNamed(page)
  const answers = page.getByRole('toolbar', { name: 'Answers' }).getByRole('button')
  await expect(answers.filter({ hasText: 'Right' })).toBeEnabled()
  const cut = await answers.evaluateAll((buttons) =>
    buttons
      .filter((each) => [...each.children].some((part) => part.scrollWidth > part.clientWidth + 1))
      .map((each) => each.textContent),
  )
  expect(cut, 'answers that cannot be read whole').toEqual([])
  await page.waitForTimeout(keepsPictures ? 2500 : 0)
  await keepPicture(page, 'review')
})

test('known networks say what their licence allows, and that they were not run here', async ({ app }) => {
  const { page } = app
  await page.emulateMedia({ colorScheme: 'dark' })
  await app.openSample()
  await page.getByRole('button', { name: 'File', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Networks…' }).click()
  const known = page.getByRole('region', { name: 'Known networks' })
  const first = known.getByRole('button', { name: /Not run here/ }).first()
  await expect(first).toContainText(/Commercial use allowed|No commercial use/)
  await first.click()
  await expect(known.getByRole('button', { name: /^Copy the address of the licence/ })).toBeVisible()
  await expectNamed(page)
  await keepPicture(page, 'networks')
})

test('pictures for the README', async ({ app }) => {
  test.skip(!keepsPictures, 'Set SCREENS=1 to keep the pictures.')
  test.setTimeout(1_200_000)
  const { page } = app
  await page.emulateMedia({ colorScheme: 'dark' })
  await app.openSample()
  await app.propagate('both')
  await expect(app.runLine).toBeVisible()
  await expect(page.getByText(/left$/)).toBeVisible({ timeout: 500_000 })
  const doneCount = async () =>
    Number(/(\d+) of \d+/.exec((await page.locator('.run-line').textContent()) ?? '')?.[1] ?? 0)
  await expect.poll(doneCount, { timeout: 500_000 }).toBeGreaterThan(80)
  await keepPicture(page, 'propagating')
  await app.expectRunEnded(600_000)
  await app.select('fox')
  await app.goToFrame(30)
  await page.waitForTimeout(1500)
  await keepPicture(page, 'window-dark')
  await page.emulateMedia({ colorScheme: 'light' })
  await page.waitForTimeout(500)
  await keepPicture(page, 'window-light')
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.keyboard.press('ControlOrMeta+e')
  await page.getByRole('button', { name: 'Choose', exact: true }).click()
  await page.getByRole('button', { name: 'Use this folder' }).click()
  await expect(page.getByRole('list', { name: 'Files that will be written' })).toBeVisible()
  await keepPicture(page, 'export')
})
