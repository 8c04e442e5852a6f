import { existsSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import type { HostApi, Snapshot } from '../core/api.ts'
import type { MaskRecord, MediaRecord, ObjectId, ObjectRecord } from '../core/records.ts'
import { type Track, trackOf } from '../core/track/track.ts'
import { UserError } from '../core/user-error.ts'
import { type NetworkOptions, openHost } from './open-host.ts'

/** A project, open in a host of this process. */
export interface OpenProject {
  readonly host: HostApi
  snapshot(): Promise<Snapshot>
}

/** Does `work` with the project in `folder` open, and closes it whatever happens. */
export async function withProject<T>(
  folder: string,
  readOnly: boolean,
  work: (open: OpenProject) => Promise<T>,
  networks: NetworkOptions = {},
): Promise<T> {
  return withHost(async (host) => {
    await host.openProject(resolve(folder), { readOnly })
    return work({ host, snapshot: () => projectSnapshot(host) })
  }, networks)
}

export async function withHost<T>(
  work: (host: HostApi) => Promise<T>,
  networks: NetworkOptions = {},
): Promise<T> {
  const host = await openHost('cli', networks)
  try {
    return await work(host)
  } finally {
    await host.close()
  }
}

/** Makes a project in exactly `folder`. */
export async function createProject(host: HostApi, folder: string): Promise<OpenProject> {
  const path = resolve(folder)
  if (!existsSync(dirname(path)))
    throw new UserError(
      'not-found',
      `${dirname(path)} is not there, so no project can be made in it. Make that folder first.`,
    )
  await host.createProject(dirname(path), basename(path))
  return { host, snapshot: () => projectSnapshot(host) }
}

async function projectSnapshot(host: HostApi): Promise<Snapshot> {
  const snapshot = await host.snapshot()
  if (!snapshot) throw new UserError('no-project', 'No project is open.')
  return snapshot
}

export function mediaOf({ records }: Snapshot): readonly MediaRecord[] {
  return records.filter((record) => record.kind === 'media')
}

export function objectsOf({ records }: Snapshot): readonly ObjectRecord[] {
  return records.filter((record) => record.kind === 'object')
}

/** The masks of every object in order; an object without masks has an empty track. */
export function tracksIn({ records }: Snapshot): (objectId: ObjectId) => Track {
  const masks = Map.groupBy(
    records.filter((record): record is MaskRecord => record.kind === 'mask'),
    (mask) => mask.objectId,
  )
  return (objectId) => trackOf(masks.get(objectId) ?? [])
}

/** The media of that name, or the only one when no name is given. */
export function chosenMedia(snapshot: Snapshot, name: string | undefined): MediaRecord {
  const all = mediaOf(snapshot)
  if (all.length === 0)
    throw new UserError('no-media', 'The project has no video yet. Bring one in with "inbetween import".')
  const named = name === undefined ? all : all.filter((media) => media.name === name || media.id === name)
  if (named.length === 1) return named[0]!
  const list = all.map((media) => media.name).join(', ')
  throw new UserError(
    'which-media',
    name === undefined
      ? `The project has ${all.length} videos: ${list}. Name one with --media.`
      : `The project has ${named.length === 0 ? 'no' : 'more than one'} video named ${name}. It has: ${list}.`,
  )
}

/** The objects of those names; null when none is named. */
export function chosenObjects(
  snapshot: Snapshot,
  media: MediaRecord,
  names: readonly string[] | undefined,
): readonly ObjectRecord[] | null {
  if (!names || names.length === 0) return null
  const all = objectsOf(snapshot).filter((object) => object.mediaId === media.id)
  return names.map((name) => {
    const found = all.find((object) => object.name === name || object.id === name)
    if (found) return found
    throw new UserError(
      'which-object',
      `${media.name} has no object named ${name}. It has: ${all.map((object) => object.name).join(', ') || 'none'}.`,
    )
  })
}
