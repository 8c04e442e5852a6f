/** Where packs stand: those that were added, a folder each below the settings folder, and those that ship with the app. */
import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PackInfo } from '../../core/models.ts'
import { UserError } from '../../core/user-error.ts'
import { diskError } from '../disk-error.ts'
import { forgetCheck, readCheck } from './check-record.ts'
import { manifestName, type PackPlace, packInfo } from './pack-folder.ts'

export class PackStore {
  /** Absolute; made when the first pack is added. */
  readonly folder: string
  readonly #builtIn: string

  /** `builtIn`: the folder whose folders with a manifest are packs that ship. */
  constructor(folder: string, builtIn = shippedModels()) {
    this.folder = folder
    this.#builtIn = builtIn
  }

  /** Those that ship first, each kind by id. */
  list(): PackInfo[] {
    return this.#places().map((place) => packInfo(place, readCheck(this.folder, place.nameOfFolder)))
  }

  /** Throws UserError 'no-pack'. */
  get(id: string): PackInfo {
    const packs = this.list()
    const found = packs.find((pack) => pack.id === id)
    if (found) return found
    const known = packs.map((pack) => pack.id).join(', ')
    throw new UserError(
      'no-pack',
      known === ''
        ? `There is no pack “${id}”: none is here yet. Add it first.`
        : `There is no pack “${id}”. There are: ${known}. Add it first, or choose one of these.`,
    )
  }

  folderOf(id: string): string {
    return join(this.folder, id)
  }

  /** Out of sight at once, by renaming; what then takes long may be broken off. */
  async remove(id: string): Promise<void> {
    try {
      const aside = this.#aside(id)
      renameSync(this.folderOf(id), aside)
      forgetCheck(this.folder, id)
      await rm(aside, { recursive: true, force: true })
    } catch (error) {
      throw diskError(error, this.folderOf(id))
    }
  }

  /** A free name beside the packs, not one itself. */
  #aside(id: string): string {
    const trash = join(this.folder, '.removed')
    mkdirSync(trash, { recursive: true })
    for (let i = 0; ; i++) {
      const path = join(trash, `${id}-${process.pid}-${i}`)
      if (!existsSync(path)) return path
    }
  }

  #places(): PackPlace[] {
    const shipped = foldersIn(this.#builtIn)
      .filter((name) => existsSync(join(this.#builtIn, name, manifestName)))
      .map((name) => ({ folder: join(this.#builtIn, name), builtIn: true, nameOfFolder: name }))
    const added = foldersIn(this.folder).map((name) => ({
      folder: join(this.folder, name),
      builtIn: false,
      nameOfFolder: name,
    }))
    return [...shipped, ...added]
  }
}

function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort()
}

/**
 * The folder `models` of the app: above this file in source, above out/main once bundled. In a packed app it lies beside
 * the archive, because ONNX Runtime opens graphs by itself and sees no archive.
 */
function shippedModels(): string {
  const folder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'models')
  const unpacked = folder.replace('app.asar', 'app.asar.unpacked').replace('.unpacked.unpacked', '.unpacked')
  return existsSync(unpacked) ? unpacked : folder
}
