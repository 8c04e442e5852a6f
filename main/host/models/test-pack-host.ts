/** A host with no pack before each test, and folders with packs to add to it. */
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { type TestPackOptions, testPack } from '../../../models/test-pack.ts'
import type { PackInfo } from '../../core/models.ts'
import { createHost, type Host } from '../host.ts'
import { testFolder } from '../test-projects.ts'
import { writePack } from './test-packs.ts'

export interface PackHost {
  readonly host: Host
  /** Of the test file. */
  readonly folder: string
  /** Where the host keeps packs. */
  readonly store: string
  /** A folder with a pack; what differs from a right one is said by options. */
  folderOf(options?: TestPackOptions): string
  /** Without those that ship. */
  mine(): Promise<PackInfo[]>
  /** What is there of packs, files of the work too, but for records and the lock. */
  leftovers(): string[]
}

const workFolders = ['.adding', '.fetched', '.replaced', '.removed']

/** Called once a file. */
export function packHost(): PackHost {
  const place = testFolder()
  const store = join(place.path, 'settings', 'models')
  let host: Host
  let packCount = 0
  const mine = async () => (await host.models()).packs.filter((pack) => !pack.builtIn)
  beforeAll(async () => {
    host = await createHost({
      mode: 'desktop',
      settingsFolder: join(place.path, 'settings'),
      provider: 'cpu',
    })
  })
  afterAll(async () => {
    await host.close()
    place.remove()
  })
  beforeEach(async () => {
    for (const { id } of await mine()) await host.removePack(id)
    rmSync(join(store, '.fetched'), { recursive: true, force: true })
  })
  return {
    get host() {
      return host
    },
    folder: place.path,
    store,
    folderOf: (options = {}) => writePack(join(place.path, `pack-${++packCount}`), testPack(options)),
    mine,
    leftovers: () =>
      (existsSync(store) ? readdirSync(store, { recursive: true }) : [])
        .map(String)
        .filter((path) => !/^\.(checks|lock\.db)/.test(path) && !workFolders.includes(path)),
  }
}
