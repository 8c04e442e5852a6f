/** A rendered scene as a project in the served app, in a real browser: what measurements of the interface begin with. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App } from '../e2e/app.ts'
import { openServedShell } from '../e2e/served-shell.ts'
import type { SceneSpec } from '../main/core/scene/scene.ts'
import { createHost } from '../main/host/host.ts'
import { makeSceneProject } from '../main/host/scene-project.ts'

export interface AppFolders {
  readonly settingsFolder: string
  readonly folder: string
}

type Made = Awaited<ReturnType<typeof makeSceneProject>>
type Choices = Omit<Parameters<typeof makeSceneProject>[3], 'now' | 'newId'>

/** Folders for one app, gone when the work is done. */
export async function inAppFolders<T>(word: string, work: (folders: AppFolders) => Promise<T>): Promise<T> {
  const place = mkdtempSync(join(tmpdir(), `inbetween-${word}-`))
  try {
    const folders = { settingsFolder: join(place, 'settings'), folder: join(place, 'files') }
    mkdirSync(folders.folder, { recursive: true })
    return await work(folders)
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

/** The project stands among the recent ones, where a person opens it. */
export async function makeRecentScene(
  { settingsFolder, folder }: AppFolders,
  name: string,
  spec: SceneSpec,
  choices: Choices,
): Promise<Pick<Made, 'scene' | 'truth'>> {
  let lastId = 0
  const newId = (word: string) => `${word}-${++lastId}`
  const { project, scene, truth } = await makeSceneProject(folder, name, spec, {
    ...choices,
    now: Date.now,
    newId,
  })
  project.close()
  const host = await createHost({ mode: 'cli', settingsFolder })
  await host.openProject(join(folder, name), { readOnly: false })
  await host.close()
  return { scene, truth }
}

/** Opens it in a window of 1280 x 720, with a new object selected, for as long as the work takes. */
export async function inSceneApp<T>(
  folders: AppFolders,
  name: string,
  work: (app: App) => Promise<T>,
): Promise<T> {
  const shell = await openServedShell(folders)
  try {
    await shell.page.setViewportSize({ width: 1280, height: 720 })
    const app = new App(shell)
    await shell.page.getByRole('row', { name }).click()
    await app.expectProject()
    await app.newObject()
    return await work(app)
  } finally {
    await shell.close()
  }
}
