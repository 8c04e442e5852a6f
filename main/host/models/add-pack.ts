/**
 * Adds a pack: fetches or copies its files, checks each as it comes, puts them together beside the other packs, runs the
 * graphs there, and only then gives the folder its name. Until that one rename nothing is to be seen of it.
 */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { mkdir, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { PackManifest } from '../../../models/manifest.ts'
import type { PackCheck, PackProgress, PackReport, PackSource } from '../../core/models.ts'
import { UserError } from '../../core/user-error.ts'
import type { Inference } from '../inference/inference.ts'
import { fileCheck } from './check-files.ts'
import { firstProblem, graphChecks, releaseGraphs } from './check-graphs.ts'
import { diskFull, packDiskError } from './pack-disk-error.ts'
import { manifestName, packByteLength, parsedManifest } from './pack-folder.ts'
import { type OriginTools, openOrigin, type PackOrigin } from './pack-origin.ts'
import type { PackStore } from './pack-store.ts'
import { checkUnused } from './pack-use.ts'
import { replacedVersion } from './plan-pack.ts'

export interface AddTools extends OriginTools {
  readonly store: PackStore
  readonly inference: Inference
}

/** `manifestHash`: of the manifest that the person agreed to. What fails a check is in the report, and nothing is added. */
export async function* packAdded(
  source: PackSource,
  manifestHash: string,
  tools: AddTools,
  signal?: AbortSignal,
): AsyncGenerator<PackProgress, PackReport> {
  const origin = yield* openOrigin(source, tools, signal)
  try {
    const read = parsedManifest(origin.manifestBytes, origin.manifestPlace)
    if (read.manifestHash !== manifestHash)
      throw new UserError(
        'manifest-changed',
        `${origin.manifestPlace} changed since its licence was shown. Look at it again before you add the pack.`,
      )
    const { manifest } = read
    replacedVersion(tools.store, manifest)
    checkUnused(tools.store.folder, manifest.id, 'replaced')
    const files = yield* filesFetched(manifest, origin, tools, signal)
    if (firstProblem(files) !== null) return report(manifest, files)
    const graphs = yield* assembled(manifest, origin.manifestBytes, tools, signal)
    const checks = [...files, ...graphs]
    if (firstProblem(checks) === null) await forgetFetched(source, manifest, tools)
    return report(manifest, checks)
  } finally {
    await origin.close()
  }
}

export function report({ id, name }: PackManifest, checks: readonly PackCheck[]): PackReport {
  const sentence = firstProblem(checks)
  return { id, name, state: sentence === null ? 'ready' : 'broken', sentence, checks }
}

/** Every file, whole and with its hash, among the fetched ones; ends at the first that is not what the manifest lists. */
async function* filesFetched(
  manifest: PackManifest,
  origin: PackOrigin,
  { fetched, web, store }: AddTools,
  signal: AbortSignal | undefined,
): AsyncGenerator<PackProgress, PackCheck[]> {
  await checkSpace(manifest, { fetched, store })
  const total = packByteLength(manifest)
  const checks: PackCheck[] = []
  let before = 0
  for (const file of manifest.files) {
    const place = await origin.placeOf(file)
    const stage = place.type === 'web' ? 'fetch' : 'copy'
    for await (const { done } of fetched.fill(file, place, web, signal))
      yield { type: 'progress', stage, at: file.path, done: before + done, total }
    before += file.bytes
    yield { type: 'progress', stage, at: file.path, done: before, total }
    const check = await fileCheck(file, fetched.pathOf(file), signal)
    checks.push(check)
    if (check.right) continue
    // The next try is not to find it again.
    await fetched.drop(file)
    break
  }
  return checks
}

async function checkSpace(
  manifest: PackManifest,
  { fetched, store }: Pick<AddTools, 'fetched' | 'store'>,
): Promise<void> {
  let wanted = 0
  for (const file of manifest.files) wanted += file.bytes - (await fetched.held(file))
  const disk = await statfs(store.folder).catch(() => null)
  if (disk && disk.bavail * disk.bsize < wanted) throw diskFull(store.folder)
}

/** The pack put together, its graphs checked where it stands, and then in its place. */
async function* assembled(
  manifest: PackManifest,
  manifestBytes: Uint8Array,
  { store, fetched, inference }: AddTools,
  signal: AbortSignal | undefined,
): AsyncGenerator<PackProgress, PackCheck[]> {
  const folder = await freshFolder(store)
  try {
    for (const file of manifest.files) await fetched.place(file, folder)
    writeFileSync(join(folder, manifestName), manifestBytes)
    const checks = yield* graphChecks(inference, { manifest, folder }, signal)
    if (firstProblem(checks) !== null) return checks
    signal?.throwIfAborted()
    // A run may have begun while it was fetched.
    checkUnused(store.folder, manifest.id, 'replaced')
    // Windows renames no folder with an open file in it.
    await releaseGraphs(inference, { manifest, folder: store.folderOf(manifest.id) })
    await store.put(folder, manifest.id)
    return checks
  } catch (error) {
    throw packDiskError(error, folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function freshFolder({ folder }: PackStore): Promise<string> {
  const adding = join(folder, '.adding')
  try {
    // Whoever holds the lock is the only one who adds: what is here was left by a kill.
    await rm(adding, { recursive: true, force: true })
    await mkdir(adding, { recursive: true })
    return mkdtempSync(join(adding, 'pack-'))
  } catch (error) {
    throw packDiskError(error, adding)
  }
}

async function forgetFetched(
  source: PackSource,
  { files }: PackManifest,
  { fetched }: AddTools,
): Promise<void> {
  for (const file of files) await fetched.drop(file)
  if (source.type === 'url') await fetched.dropArchive(source.url)
}
