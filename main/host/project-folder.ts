/** The folder of a project: making it, finding its file, and opening that for writing or for reading only. */
import {
  accessSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isUserError, UserError } from '../core/user-error.ts'
import { ProjectDatabase } from './database.ts'
import { diskError } from './disk-error.ts'
import type { Migration } from './migrations/migration.ts'
import { lockProject, type ProjectLock } from './project-lock.ts'

export interface OpenFolder {
  /** Absolute, without links. */
  readonly folder: string
  readonly database: ProjectDatabase
  /** Null when writable; else the sentence that says why not. */
  readonly readOnly: string | null
  /** Closes the file and lets another process have the project. */
  close(): void
}

export interface OpenFolderOptions {
  readonly readOnly: boolean
  readonly now: number
  readonly migrations?: readonly Migration[]
}

/** Makes `parent/name` with an empty project file in it; returns the folder. Refuses a name that is no file name, and a folder in use. */
export function makeProjectFolder(parent: string, name: string): string {
  const trimmed = name.trim()
  // What any of the three systems forbids in a file name, so that a project can be moved between them.
  if (!trimmed || /[<>:"/\\|?*\p{Cc}]/u.test(trimmed) || /^\.+$|[. ]$/.test(trimmed) || trimmed.length > 120)
    throw new UserError(
      'bad-name',
      `“${trimmed}” cannot be the name of a folder. Use letters, digits, spaces and dashes, at most 120.`,
    )
  const folder = join(parent, trimmed)
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new UserError(
      'exists',
      `The folder ${folder} is there already and is not empty. Choose another name.`,
    )
  try {
    if (!existsSync(folder)) mkdirSync(folder)
  } catch (error) {
    throw diskError(error, folder)
  }
  return folder
}

/**
 * Throws UserError 'project-locked' when another process has it, 'newer-project', 'no-project'. A folder that cannot be
 * written to is opened read-only, and `readOnly` says so.
 */
export function openProjectFolder(
  path: string,
  { readOnly, now, migrations }: OpenFolderOptions,
): OpenFolder {
  const folder = projectFolder(path)
  const why = readOnly ? 'It was opened read-only: nothing can be changed.' : notWritable(folder)
  const format = migrations ? { migrations } : {}
  if (why) {
    const { database, close } = openForReading(folder, format)
    return { folder, database, readOnly: why, close }
  }
  const lock: ProjectLock = lockProject(folder, now)
  try {
    const database = new ProjectDatabase(join(folder, fileName), { readOnly: false, ...format })
    const close = () => {
      database.close()
      lock.release()
    }
    return { folder, database, readOnly: null, close }
  } catch (error) {
    lock.release()
    throw error
  }
}

/** Makes the file of a new project in its folder. */
export function makeProjectFile(folder: string): void {
  new ProjectDatabase(join(folder, fileName), { readOnly: false }).close()
}

const fileName = 'project.db'

function projectFolder(path: string): string {
  if (!existsSync(join(path, fileName)))
    throw new UserError(
      'no-project',
      `${path} is no Inbetween project: it has no ${fileName}. Open a folder that Inbetween made, or create a new project.`,
    )
  return realpathSync(path)
}

function notWritable(folder: string): string | null {
  try {
    accessSync(folder, constants.W_OK)
    accessSync(join(folder, fileName), constants.W_OK)
    return null
  } catch {
    return `The folder ${folder} cannot be written to, so nothing can be changed. Copy the project to a folder of yours to work on it.`
  }
}

/**
 * Read in place where SQLite can, beside a process that writes. Where the folder forbids even the index that reading
 * takes, nobody writes there: a copy is read instead.
 */
function openForReading(
  folder: string,
  format: { readonly migrations?: readonly Migration[] },
): { database: ProjectDatabase; close(): void } {
  try {
    const database = new ProjectDatabase(join(folder, fileName), { readOnly: true, ...format })
    return { database, close: () => database.close() }
  } catch (error) {
    if (isUserError(error) && !['not-writable', 'not-found', 'older-project'].includes(error.code))
      throw error
    if (isUserError(error) && error.code === 'older-project' && notWritable(folder) === null) throw error
  }
  const copy = mkdtempSync(join(tmpdir(), 'inbetween-read-only-'))
  const removeCopy = () => rmSync(copy, { recursive: true, force: true })
  try {
    for (const name of [fileName, `${fileName}-wal`]) {
      if (existsSync(join(folder, name))) copyFileSync(join(folder, name), join(copy, name))
    }
    const database = new ProjectDatabase(join(copy, fileName), { readOnly: false, ...format })
    const close = () => {
      database.close()
      removeCopy()
    }
    return { database, close }
  } catch (error) {
    removeCopy()
    throw diskError(error, folder)
  }
}
