/** Where packs stand: those that were added, a folder each below the settings folder, and those that ship with the app. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PackInfo } from '../../core/models.ts'
import { UserError } from '../../core/user-error.ts'
import { forgetCheck, readCheck } from './check-record.ts'
import { packDiskError } from './pack-disk-error.ts'
import { manifestName, type PackPlace, packInfo } from './pack-folder.ts'
import { lockStore } from './store-lock.ts'

export class PackStore {
  /** Absolute; made when the first pack is added. */
  readonly folder: string
  readonly #builtIn: string

  /** `builtIn`: the folder whose folders with a manifest are packs that ship. */
  constructor(folder: string, builtIn = shippedModels()) {
    this.folder = folder
    this.#builtIn = builtIn
    try {
      if (readdirSync(join(folder, '.replaced')).length > 0) this.lock()()
    } catch {
      // Nothing was broken off, or another program is just replacing it.
    }
  }

  /** Those that ship first, each kind by id. */
  list(): PackInfo[] {
    return this.#places().map((place) => packInfo(place, (id) => readCheck(this.folder, id)))
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

  /** Returns what lets go of it. Takes up what was broken off in the middle of a replacement. */
  lock(): () => void {
    const unlock = lockStore(this.folder)
    try {
      this.#takeBack()
    } catch (error) {
      unlock()
      throw packDiskError(error, this.folder)
    }
    return unlock
  }

  /** A folder, whole and checked, becomes the pack; what was there before is kept until that is done. Under the lock. */
  async put(folder: string, id: string): Promise<void> {
    const [target, before] = [this.folderOf(id), join(this.folder, '.replaced', id)]
    try {
      mkdirSync(dirname(before), { recursive: true })
      if (existsSync(target)) renameSync(target, before)
      renameSync(folder, target)
    } catch (error) {
      this.#takeBack()
      throw packDiskError(error, target)
    }
    forgetCheck(this.folder, id)
    await rm(before, { recursive: true, force: true })
  }

  /** Out of sight at once, by renaming; what then takes long may be broken off. */
  async remove(id: string): Promise<void> {
    try {
      await rm(join(this.folder, '.removed'), { recursive: true, force: true })
      const aside = this.#aside(id)
      renameSync(this.folderOf(id), aside)
      forgetCheck(this.folder, id)
      await rm(aside, { recursive: true, force: true })
    } catch (error) {
      throw packDiskError(error, this.folderOf(id))
    }
  }

  /** A kill between the two renames of `put` left the old version aside and nothing in its place. */
  #takeBack(): void {
    const aside = join(this.folder, '.replaced')
    if (!existsSync(aside)) return
    for (const id of readdirSync(aside)) {
      if (existsSync(this.folderOf(id))) rmSync(join(aside, id), { recursive: true, force: true })
      else renameSync(join(aside, id), this.folderOf(id))
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
