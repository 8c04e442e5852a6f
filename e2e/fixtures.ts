import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { test as base, expect } from '@playwright/test'
import { App } from './app.ts'
import { sampleSettings } from './build-first.ts'
import { openDesktopShell } from './desktop-shell.ts'
import { openServedShell } from './served-shell.ts'
import type { Shell } from './shell.ts'

/**
 * Every test has an app of its own, with settings, sample and folders of its own. A test that fails says what the page
 * complained of.
 */
export const test = base.extend<{ shell: Shell; app: App }>({
  shell: async ({}, use, testInfo) => {
    const place = await mkdtemp(path.join(os.tmpdir(), 'inbetween-e2e-'))
    const folders = { settingsFolder: path.join(place, 'settings'), folder: path.join(place, 'files') }
    await mkdir(folders.folder, { recursive: true })
    await cp(path.join(sampleSettings, 'samples'), path.join(folders.settingsFolder, 'samples'), {
      recursive: true,
    })
    const open = testInfo.project.name === 'desktop' ? openDesktopShell : openServedShell
    const shell = await open(folders)
    await use(shell)
    await shell.close()
    await rm(place, { recursive: true, force: true })
  },
  app: async ({ shell }, use, testInfo) => {
    const app = new App(shell)
    await use(app)
    if (testInfo.status !== testInfo.expectedStatus) {
      const picture = await shell.page.screenshot().catch(() => null)
      if (picture) await testInfo.attach('window', { body: picture, contentType: 'image/png' })
    }
    expect(app.complaints, 'what the page complained of').toEqual([])
  },
})

export { expect }
