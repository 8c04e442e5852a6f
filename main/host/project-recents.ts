/** The projects opened last on this machine, newest first, each with a small picture. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { RecentProject } from '../core/api.ts'
import { readJsonFile, writeJsonFile } from './json-file.ts'
import type { PathGate } from './path-gate.ts'

type Entry = Omit<RecentProject, 'missing'>

const keptCount = 12

export class ProjectRecents {
  readonly #path: string

  constructor(settingsFolder: string) {
    this.#path = join(settingsFolder, 'recent-projects.json')
  }

  /** Only those that may be opened through the gate, by its references. */
  list(gate: Pick<PathGate, 'refOf'>): RecentProject[] {
    return this.#read().flatMap((entry) => {
      const folder = gate.refOf(entry.folder)
      if (folder === null) return []
      return [{ ...entry, folder, missing: !existsSync(join(entry.folder, 'project.db')) }]
    })
  }

  /** Puts a project first; its picture is kept unless there is a newer one. */
  opened(folder: string, name: string, openedAt: number): void {
    const entries = this.#read()
    const thumbnail = entries.find((entry) => entry.folder === folder)?.thumbnail ?? null
    this.#write([
      { folder, name, openedAt, thumbnail },
      ...entries.filter((entry) => entry.folder !== folder),
    ])
  }

  setThumbnail(folder: string, thumbnail: string): void {
    this.#write(this.#read().map((entry) => (entry.folder === folder ? { ...entry, thumbnail } : entry)))
  }

  #read(): Entry[] {
    const value = readJsonFile(this.#path)
    return Array.isArray(value) ? value.filter(isEntry) : []
  }

  #write(entries: readonly Entry[]): void {
    writeJsonFile(this.#path, entries.slice(0, keptCount))
  }
}

function isEntry(value: unknown): value is Entry {
  if (typeof value !== 'object' || value === null) return false
  const { folder, name, openedAt, thumbnail } = value as Partial<Entry>
  const isPicture =
    thumbnail === null || (typeof thumbnail === 'string' && thumbnail.startsWith('data:image/'))
  return typeof folder === 'string' && typeof name === 'string' && typeof openedAt === 'number' && isPicture
}
