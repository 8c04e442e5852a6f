/** Writes the draft of a manifest beside the graphs of a folder: what can be read off them, and marks for the rest. */
import { readdir, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { parseManifest } from '../../../models/check-manifest.ts'
import { type Draft, draftManifest, type FoundGraph } from '../../../models/draft-manifest.ts'
import { marksIn } from '../../../models/left-to-fill.ts'
import type { Contract, PackFile } from '../../../models/manifest.ts'
import { isUserError, UserError } from '../../core/user-error.ts'
import type { Inference } from '../inference/inference.ts'
import { fileHash } from './check-files.ts'
import { packDiskError } from './pack-disk-error.ts'
import { manifestName } from './pack-folder.ts'

export interface DraftOptions {
  /** Absolute. */
  readonly folder: string
  readonly contract: Contract
  /** Made of the folder's name where it is left out. */
  readonly id?: string
  readonly name?: string
}

export interface DraftReport {
  /** Absolute. */
  readonly manifest: string
  /** Files by the part that they are. */
  readonly graphs: Readonly<Record<string, string>>
  readonly fileCount: number
  /** Graphs and other files of the folder that are not in it. */
  readonly leftOut: readonly string[]
  /** What a person has to do, a sentence each. */
  readonly left: readonly string[]
}

/** Weights that lie beside a graph. */
const weights = /(\.onnx[._]data|\.data|\.weights?|\.bin)$/i
const vocabulary = /^(bpe_simple_vocab_16e6\.txt(\.gz)?|merges\.txt|tokenizer\.json)$/i

/** Throws UserError 'has-manifest', 'no-graphs', 'not-found', or as `inference.open` does. */
export async function draftPack(inference: Inference, options: DraftOptions): Promise<DraftReport> {
  const { folder, contract } = options
  const paths = await pathsIn(folder)
  const manifest = join(folder, manifestName)
  if (paths.includes(manifestName)) throw hasManifest(manifest)
  const onnx = paths.filter((path) => /\.onnx$/i.test(path))
  if (onnx.length === 0)
    throw new UserError(
      'no-graphs',
      `${folder} has no file that ends in .onnx. Put the graphs of the network there, exported to ONNX.`,
    )
  const words = paths.find((path) => vocabulary.test(basename(path))) ?? null
  const belonging = paths.filter(
    (path) => onnx.includes(path) || weights.test(path) || (contract === 'clip-text' && path === words),
  )
  const draft = draftManifest({
    contract,
    id: options.id ?? idOf(basename(folder)),
    name: options.name ?? basename(folder),
    graphs: await openedGraphs(inference, folder, onnx),
    files: await Promise.all(belonging.map((path) => fileFacts(folder, path))),
    vocabulary: words,
  })
  const text = `${JSON.stringify(draft.manifest, null, 2)}\n`
  // 'wx': nor what was put there meanwhile.
  await writeFile(manifest, text, { flag: 'wx' }).catch((error: unknown) => {
    throw error instanceof Error && 'code' in error && error.code === 'EEXIST'
      ? hasManifest(manifest)
      : packDiskError(error, manifest)
  })
  return reportOf(draft, manifest, paths)
}

/** Of all files below it, with `/`, without hidden ones. */
async function pathsIn(folder: string): Promise<readonly string[]> {
  const found = await stat(folder).catch(() => null)
  if (!found?.isDirectory())
    throw new UserError('not-found', `${folder} is no folder. Name the folder that has the graphs.`)
  const paths: string[] = []
  const walk = async (below: string) => {
    for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`
      if (entry.name.startsWith('.')) continue
      if (entry.isDirectory()) await walk(path)
      else if (entry.isFile()) paths.push(path)
    }
  }
  await walk('').catch((error: unknown) => {
    throw packDiskError(error, folder)
  })
  return paths.sort()
}

async function openedGraphs(
  inference: Inference,
  folder: string,
  files: readonly string[],
): Promise<readonly FoundGraph[]> {
  const graphs: FoundGraph[] = []
  for (const file of files) {
    const path = join(folder, ...file.split('/'))
    const { inputs, outputs } = await inference.open(path, file)
    await inference.release(path)
    graphs.push({ file, inputs, outputs })
  }
  return graphs
}

async function fileFacts(folder: string, path: string): Promise<PackFile> {
  const file = join(folder, ...path.split('/'))
  const { size } = await stat(file)
  return { path, sha256: await fileHash(file), bytes: size }
}

function reportOf({ manifest, unused }: Draft, place: string, paths: readonly string[]): DraftReport {
  const { graphs, files } = manifest as {
    graphs: Readonly<Record<string, { readonly file: string }>>
    files: readonly PackFile[]
  }
  const listed = files.map(({ path }) => path)
  const problem = problemOf(manifest, place)
  return {
    manifest: place,
    graphs: Object.fromEntries(Object.entries(graphs).map(([part, { file }]) => [part, file])),
    fileCount: files.length,
    leftOut: paths.filter((path) => !listed.includes(path)),
    left: [
      ...marksIn(manifest).map(({ at, what }) => `${at}: ${what}.`),
      ...(problem === null ? [] : [problem]),
      ...unused.map((file) => `${file} fits no part of the contract, so it was left out.`),
      'golden: inputs and what must come out of them, else nobody can tell whether the pack computes right.',
    ],
  }
}

/** What `add` would say of it once a person has filled in the marks; null: nothing. */
function problemOf(manifest: Draft['manifest'], place: string): string | null {
  const filled = {
    ...manifest,
    licence: { spdx: 'MIT', url: 'https://example.org', commercial: true },
    source: { url: 'https://example.org' },
  }
  try {
    parseManifest(JSON.stringify(filled), place)
    return null
  } catch (error) {
    if (!isUserError(error)) throw error
    const { message } = error
    const isMark = message.includes('is still to be filled in')
    return isMark ? null : message.slice(message.startsWith(place) ? place.length + 2 : 0)
  }
}

function hasManifest(manifest: string): UserError {
  return new UserError(
    'has-manifest',
    `${manifest} is there already, and is not written over. Correct it by hand, or move it away and draft it anew.`,
  )
}

function idOf(name: string): string {
  const id = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64)
    .replace(/-$/, '')
  return id === '' ? 'my-pack' : id
}
