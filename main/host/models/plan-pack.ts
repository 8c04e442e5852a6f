/** What adding a pack would do, from its manifest alone. */
import type { PackFile, PackManifest } from '../../../models/manifest.ts'
import type { PackPlan, PackProgress, PackSource } from '../../core/models.ts'
import { UserError } from '../../core/user-error.ts'
import { heldBytes } from './download.ts'
import { packByteLength, packLicence, parsedManifest } from './pack-folder.ts'
import { type OriginTools, openOrigin, type PackOrigin } from './pack-origin.ts'
import type { PackStore } from './pack-store.ts'

export async function* packPlan(
  source: PackSource,
  tools: OriginTools,
  store: PackStore,
  signal?: AbortSignal,
): AsyncGenerator<PackProgress, PackPlan> {
  const origin = yield* openOrigin(source, tools, signal)
  try {
    const { manifest, manifestHash } = parsedManifest(origin.manifestBytes, origin.manifestPlace)
    const { id, name, version, role, contract, graphs, golden } = manifest
    return {
      manifestHash,
      ...{ id, name, version, role, contract },
      licence: packLicence(manifest),
      sourceUrl: manifest.source?.url ?? null,
      byteLength: packByteLength(manifest),
      heldByteLength: await heldOf(source, manifest, tools),
      files: await Promise.all(manifest.files.map((file) => plannedFile(file, origin))),
      graphCount: Object.keys(graphs).length,
      goldenCount: golden.length,
      replaces: replacedVersion(store, manifest),
    }
  } finally {
    await origin.close()
  }
}

/** Throws UserError 'built-in-pack'. */
export function replacedVersion(store: PackStore, { id }: PackManifest): string | null {
  const found = store.list().find((pack) => pack.id === id)
  if (!found) return null
  if (found.builtIn)
    throw new UserError(
      'built-in-pack',
      `“${id}” is the id of a pack that comes with Inbetween. Give the pack another id in its manifest.`,
    )
  return found.version
}

async function plannedFile(file: PackFile, origin: PackOrigin): Promise<PackPlan['files'][number]> {
  const { host } = await origin.placeOf(file)
  return { path: file.path, byteLength: file.bytes, from: host }
}

async function heldOf(source: PackSource, manifest: PackManifest, { fetched }: OriginTools): Promise<number> {
  const held = await Promise.all(manifest.files.map((file) => fetched.held(file)))
  const files = held.reduce((sum, bytes) => sum + bytes, 0)
  const archive = source.type === 'url' ? await heldBytes(fetched.archive(source.url)) : 0
  return Math.min(packByteLength(manifest), Math.max(files, archive))
}
