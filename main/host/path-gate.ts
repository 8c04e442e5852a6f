/**
 * What a person picked, as a path. The desktop app and the command line hand over paths. A served page is never trusted
 * with one: it names what `browse` has listed by opaque ids, and nothing outside the root has an id.
 */
import { createHash, randomBytes } from 'node:crypto'
import { realpathSync, type Stats } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path'
import type { FolderListing, PathRef } from '../core/api.ts'
import { UserError } from '../core/user-error.ts'
import { diskError } from './disk-error.ts'

export interface PathGate {
  /** Absolute. Throws UserError 'no-such-path' for a reference that was never given out. */
  resolve(ref: PathRef): string
  /** The reference of an absolute path; null where it may not be reached. */
  refOf(path: string): PathRef | null
  browse(ref: PathRef | null): Promise<FolderListing>
}

/** Paths are their own references. */
export function openGate(): PathGate {
  const gate: PathGate = {
    resolve: (ref) => resolve(ref),
    refOf: (path) => path,
    browse: (ref) => listing(ref === null ? homedir() : resolve(ref), gate),
  }
  return gate
}

/** Only what lies below the root, links followed, can be reached. */
export function rootedGate(root: string): PathGate {
  const top = realpathSync(root)
  const secret = randomBytes(16)
  const paths = new Map<PathRef, string>()
  const isInside = (path: string) => {
    const below = relative(top, path)
    return below === '' || !(below === '..' || below.startsWith(`..${sepOf(below)}`) || isAbsolute(below))
  }
  const gate: PathGate = {
    resolve(ref) {
      const path = paths.get(ref)
      const real = path && realPath(path)
      if (!path || !real || !isInside(real))
        throw new UserError(
          'no-such-path',
          'That file or folder is not offered here. Choose one from the list.',
        )
      return real
    },
    refOf(path) {
      const real = realPath(path)
      if (!real || !isInside(real)) return null
      const ref = createHash('sha256').update(secret).update(real).digest('base64url').slice(0, 24)
      paths.set(ref, real)
      return ref
    },
    browse: (ref) => listing(ref === null ? top : gate.resolve(ref), gate),
  }
  return gate
}

async function listing(folder: string, gate: PathGate): Promise<FolderListing> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw diskError(error, folder)
  })
  const ref = gate.refOf(folder)
  if (ref === null)
    throw new UserError('no-such-path', 'That folder is not offered here. Choose one from the list.')
  const shown = names.filter((name) => !name.startsWith('.'))
  const entries = await Promise.all(shown.map((name) => entryOf(join(folder, name), gate)))
  const order = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })
  return {
    ref,
    name: basename(folder) || folder,
    parent: dirname(folder) === folder ? null : gate.refOf(dirname(folder)),
    entries: entries
      .filter((entry) => entry !== null)
      .sort((a, b) => Number(b.folder) - Number(a.folder) || order.compare(a.name, b.name)),
  }
}

async function entryOf(path: string, gate: PathGate): Promise<FolderListing['entries'][number] | null> {
  const found: Stats | null = await stat(path).catch(() => null)
  const ref = found && (found.isDirectory() || found.isFile()) ? gate.refOf(path) : null
  if (!found || ref === null) return null
  const folder = found.isDirectory()
  return { ref, name: basename(path), folder, byteLength: folder ? 0 : found.size }
}

function realPath(path: string): string | null {
  try {
    return realpathSync(path)
  } catch {
    return null
  }
}

function sepOf(path: string): string {
  return path.includes('\\') ? '\\' : '/'
}
