/** The sample project: a film with five objects, four of them begun, one left to draw. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { sceneClip } from '../core/scene/scene-clips.ts'
import { diskError } from './disk-error.ts'
import { makeSceneProject, type SceneProjectOptions } from './scene-project.ts'

/** Another number makes a new sample beside the old one, which may hold somebody's work. */
export const sampleVersion = 1

const name = 'Lake sample'
const leftToDraw = 'ball'

export type SampleOptions = Pick<SceneProjectOptions, 'now' | 'newId' | 'onProgress' | 'signal'>

/**
 * The folder of the sample project below `baseFolder`, made where it is not there yet (some seconds). It appears whole
 * or not at all: another process, or a kill in the middle, leaves no half of it.
 */
export async function ensureSample(baseFolder: string, options: SampleOptions): Promise<string> {
  const folder = join(baseFolder, `sample-${sampleVersion}`, name)
  if (existsSync(join(folder, 'project.db'))) return folder
  const workshop = makeWorkshop(baseFolder)
  try {
    const { project } = await makeSceneProject(workshop, name, sceneClip('sample'), {
      ...options,
      isLeftToDraw: (entity) => entity.name === leftToDraw,
      keyFrames: (scene) => [0, 96, ...scene.cuts],
    })
    project.close()
    moveInto(join(workshop, name), folder)
    return folder
  } finally {
    rmSync(workshop, { recursive: true, force: true })
  }
}

function makeWorkshop(baseFolder: string): string {
  const parent = join(baseFolder, `sample-${sampleVersion}`)
  try {
    mkdirSync(parent, { recursive: true })
    return mkdtempSync(join(parent, 'making-'))
  } catch (error) {
    throw diskError(error, parent)
  }
}

function moveInto(made: string, folder: string): void {
  try {
    renameSync(made, folder)
  } catch (error) {
    // Another process was faster: its sample is as good.
    if (!existsSync(join(folder, 'project.db'))) throw diskError(error, folder)
  }
}
