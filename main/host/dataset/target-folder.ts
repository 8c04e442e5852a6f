/**
 * A folder that appears whole or not at all. Everything is written into a hidden folder beside it, which takes the
 * final name by one rename. What was there before is moved aside first and deleted only when the new one stands.
 */
import { mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { UserError } from '../../core/user-error.ts'
import { diskError } from '../disk-error.ts'

export interface TargetFolder {
  /** Where to write until `stand`. */
  readonly workFolder: string
  /** Gives the work its final name. */
  stand(): Promise<void>
  /** Takes all of it away. Does nothing after `stand`. */
  discard(): Promise<void>
}

let openCount = 0
/** Hidden folders that exports of this process are writing now. */
const inUse = new Set<string>()

/** Throws UserError 'target-exists' when the folder exists, holds something, and may not be overwritten. */
export async function openTargetFolder(folder: string, overwrite: boolean): Promise<TargetFolder> {
  const parent = dirname(folder)
  const name = basename(folder)
  openCount++
  const mark = `${process.pid}-${openCount}`
  const workFolder = join(parent, `.${name}.writing-${mark}`)
  const asideFolder = join(parent, `.${name}.replaced-${mark}`)
  try {
    await mkdir(parent, { recursive: true })
    await clearLeftovers(parent, name)
    if ((await holdsSomething(folder)) && !overwrite) throw targetExists(folder)
    await mkdir(workFolder)
    inUse.add(workFolder)
  } catch (error) {
    throw diskError(error, folder)
  }
  let standing = false
  return {
    workFolder,
    stand: async () => {
      try {
        await syncFolder(workFolder)
        await replaceFolder(folder, workFolder, asideFolder, overwrite)
      } catch (error) {
        throw diskError(error, folder)
      }
      standing = true
      inUse.delete(workFolder)
      await rm(asideFolder, { recursive: true, force: true }).catch(() => {})
    },
    discard: async () => {
      if (standing) return
      await rm(workFolder, { recursive: true, force: true, maxRetries: 3 })
      inUse.delete(workFolder)
    },
  }
}

function targetExists(folder: string): UserError {
  return new UserError(
    'target-exists',
    `${folder} exists already. Choose another name, or allow overwriting it.`,
  )
}

/** Missing and empty folders are free to take. */
async function holdsSomething(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length > 0
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return false
    if (code === 'ENOTDIR') return true
    throw error
  }
}

async function replaceFolder(
  folder: string,
  workFolder: string,
  asideFolder: string,
  overwrite: boolean,
): Promise<void> {
  const filled = await holdsSomething(folder)
  // Looked at again: the export may have taken hours.
  if (filled && !overwrite) throw targetExists(folder)
  if (!filled) {
    await rmdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
    return await rename(workFolder, folder)
  }
  await rename(folder, asideFolder)
  try {
    await rename(workFolder, folder)
  } catch (error) {
    await rename(asideFolder, folder)
    throw error
  }
}

/** A killed export leaves its hidden folders: half-written work goes; an old folder moved aside comes back. */
async function clearLeftovers(parent: string, name: string): Promise<void> {
  for (const entry of await readdir(parent)) {
    const match = /^\.(.+)\.(writing|replaced)-(\d+)-\d+$/.exec(entry)
    if (!match || match[1] !== name || isRunning(Number(match[3]))) continue
    const leftover = join(parent, entry)
    if (inUse.has(leftover)) continue
    const wasMovedAside = match[2] === 'replaced' && !(await exists(join(parent, name)))
    if (wasMovedAside) await rename(leftover, join(parent, name))
    else await rm(leftover, { recursive: true, force: true })
  }
}

function isRunning(pid: number): boolean {
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  )
}

/** Names reach the disk before the rename does. Not every system can sync a folder. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r')
    await handle.sync().finally(() => handle.close())
  } catch {
    return
  }
}
