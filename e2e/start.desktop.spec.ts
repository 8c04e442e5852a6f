import type { DesktopShell } from './desktop-shell.ts'
import { expect, test } from './fixtures.ts'

test('the window opens on what to do, and one click later on the sample, which its title names', async ({
  app,
  shell,
}) => {
  const desktop = shell as DesktopShell
  await expect(app.page.getByRole('heading', { name: 'Inbetween' })).toBeVisible()
  await app.openSample()
  const title = () =>
    desktop.application.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getTitle())
  await expect.poll(title).toMatch(/sample.*saved \d/i)
})

test('a host that dies is said, started again, and the project with it', async ({ app, shell }) => {
  const desktop = shell as DesktopShell
  await app.openSample()
  const before = await app.objects.count()
  const pid = await desktop.hostPid()
  await desktop.killHost()
  await expect.poll(() => desktop.hostPid().catch(() => pid), { timeout: 60_000 }).not.toBe(pid)
  await app.expectProject()
  await expect(app.objects).toHaveCount(before)
  await expect(app.page.getByRole('alert')).toHaveCount(0)
})

test('a second start shows the first window instead of a second one', async ({ app, shell }) => {
  const desktop = shell as DesktopShell
  await expect(app.page.getByRole('heading', { name: 'Inbetween' })).toBeVisible()
  const { application } = desktop
  await application.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.blur())
  const focused = () =>
    application.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((window) => window.isFocused()),
    )
  await expect.poll(focused).toEqual([false])
  expect(await desktop.startAgain()).toBe(0)
  await expect.poll(focused).toEqual([true])
})

test('the window stands where it stood, and the project is among the recent ones', async ({ app, shell }) => {
  const desktop = shell as DesktopShell
  await app.openSample()
  await desktop.application.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.setBounds({ x: 40, y: 50, width: 1100, height: 700 }),
  )
  await app.restart()
  const bounds = await desktop.application.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.getBounds(),
  )
  expect(bounds).toMatchObject({ width: 1100, height: 700 })
  await app.page
    .getByRole('grid', { name: 'Recent projects' })
    .or(app.page.getByRole('listbox', { name: 'Recent projects' }))
    .getByText(/sample/i)
    .first()
    .click()
  await app.expectProject()
})
