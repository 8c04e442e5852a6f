/** A manifest read and checked, field by field: what comes out can be relied on, whatever was written in the file. */
import { modelRoles } from '../main/core/models.ts'
import { UserError } from '../main/core/user-error.ts'
import { checkContract } from './check-contract.ts'
import { checkGolden } from './check-golden.ts'
import { contractNames, contracts } from './contracts.ts'
import { Field } from './field.ts'
import { checkFilledIn } from './left-to-fill.ts'
import { listedFile } from './listed-file.ts'
import type { Dimension, PackFile, PackGraph, PackManifest, Preprocessing, TensorFacts } from './manifest.ts'
import { isReservedName, packPathProblem, pathKey } from './pack-path.ts'
import { type TensorType, tensorArrays } from './tensor.ts'

/** Longer ones are refused before they are parsed, bytes. */
export const manifestByteLimit = 4 * 1024 * 1024
const fileByteLimit = 2 ** 40
const tensorTypes = Object.keys(tensorArrays) as TensorType[]

/**
 * The manifest that `text` says. `file` names it in sentences. Throws UserError 'bad-manifest' that names the file, the
 * field, and what to write there; nothing else is ever thrown.
 */
export function parseManifest(text: string, file: string): PackManifest {
  if (text.length > manifestByteLimit)
    throw new UserError(
      'bad-manifest',
      `${file} is longer than 4 MB, which no manifest is. Choose another file.`,
    )
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new UserError('bad-manifest', `${file} is no JSON (${why}). Write the manifest as JSON.`)
  }
  return checkedManifest(new Field(file, value))
}

function checkedManifest(root: Field): PackManifest {
  const format = root.get('format')
  if (format.value !== 1)
    throw format.wrong(`is ${JSON.stringify(format.value)}; this version reads format 1: update Inbetween`)
  root.only(
    ...['format', 'id', 'name', 'version', 'role', 'contract', 'licence', 'source', 'files', 'graphs'],
    ...['preprocessing', 'state', 'tokenizer', 'golden'],
  )
  checkFilledIn(root)
  const files = checkedFiles(root.get('files'))
  const known = new Map(files.map((file) => [file.path, file]))
  const role = root.get('role').oneOf(modelRoles)
  const contract = root.get('contract').oneOf(contractNames)
  if (contracts[contract].role !== role)
    throw root
      .get('contract')
      .wrong(
        `is ${contract}, which does ${contracts[contract].role}, but role is ${role}: correct one of the two`,
      )
  const graphs = root
    .get('graphs')
    .record((graph, part) => checkedGraph(graph, part, known), { least: 1, most: 32 })
  checkContract(root, contract, graphs)
  const golden = root.get('golden').list((sample) => checkGolden(sample, graphs, known), { most: 64 })
  const [source, preprocessing, state, tokenizer] = [
    contracts[contract].shipped ? root.optional('source') : root.get('source'),
    root.optional('preprocessing'),
    root.optional('state'),
    root.optional('tokenizer'),
  ]
  return {
    format: 1,
    id: checkedId(root.get('id')),
    name: root.get('name').text(80),
    version: root.get('version').matching(/^[\w.+-]{1,40}$/, 'a version such as 1.0.2'),
    role,
    contract,
    licence: checkedLicence(root.get('licence')),
    ...(source ? { source: checkedSource(source) } : {}),
    files,
    graphs,
    ...(preprocessing ? { preprocessing: checkedPreprocessing(preprocessing) } : {}),
    ...(state ? { state: state.record((item) => item.number(-1e9, 1e9), { most: 64 }) } : {}),
    ...(tokenizer ? { tokenizer: checkedTokenizer(tokenizer, known) } : {}),
    golden,
  }
}

/** Also the name of the pack's folder. */
function checkedId(field: Field): string {
  const id = field.matching(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'a word of lower-case letters, digits and dashes')
  if (id.length > 64) throw field.wrong(`has ${id.length} characters: shorten it to at most 64`)
  if (isReservedName(id)) throw field.wrong(`is “${id}”, the name of a device on Windows: choose another`)
  return id
}

function checkedLicence(field: Field): PackManifest['licence'] {
  field.only('spdx', 'url', 'commercial', 'note')
  const note = field.optional('note')?.text(2000)
  return {
    spdx: field
      .get('spdx')
      .matching(/^[\w.+() -]{2,100}$/, 'an SPDX identifier such as Apache-2.0, or LicenseRef-Name'),
    url: field.get('url').url(),
    commercial: field.get('commercial').boolean(),
    ...(note === undefined ? {} : { note }),
  }
}

function checkedSource(field: Field): NonNullable<PackManifest['source']> {
  field.only('url', 'commit')
  const commit = field.optional('commit')?.text(100)
  return { url: field.get('url').url(), ...(commit === undefined ? {} : { commit }) }
}

function checkedFiles(field: Field): readonly PackFile[] {
  const seen = new Map<string, string>()
  const files = field.list((item) => checkedFile(item, seen), { least: 1, most: 1000 })
  for (const { path } of files) {
    const parts = path.split('/')
    for (let i = 1; i < parts.length; i++) {
      const other = seen.get(pathKey(parts.slice(0, i).join('/')))
      if (other !== undefined)
        throw field.wrong(`names “${other}” as a file and as the folder of “${path}”: rename one of them`)
    }
  }
  return files
}

function checkedFile(field: Field, seen: Map<string, string>): PackFile {
  field.only('path', 'sha256', 'bytes', 'url')
  const at = field.get('path')
  if (typeof at.value !== 'string') throw at.wrong('is no text: write the path of a file in the pack')
  const path = at.value
  const problem = packPathProblem(path)
  if (problem) throw at.wrong(`is ${JSON.stringify(path.slice(0, 120))}, which ${problem}: rename the file`)
  const key = pathKey(path)
  if (key === 'manifest.json') throw at.wrong('is the manifest itself: leave it out of the list')
  const twin = seen.get(key)
  if (twin !== undefined)
    throw at.wrong(
      twin === path
        ? `is “${path}” a second time: list each file once`
        : `is “${path}”, which is the same file as “${twin}” where case does not count: rename one of them`,
    )
  seen.set(key, path)
  const url = field.optional('url')?.url()
  return {
    path,
    sha256: field.get('sha256').matching(/^[0-9a-f]{64}$/, 'a SHA-256 of 64 lower-case hex digits'),
    bytes: field.get('bytes').whole(0, fileByteLimit),
    ...(url === undefined ? {} : { url }),
  }
}

function checkedGraph(field: Field, part: string, files: ReadonlyMap<string, PackFile>): PackGraph {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(part))
    throw field.wrong('is no name of a graph: use lower-case letters, digits and dashes')
  field.only('file', 'inputs', 'outputs')
  return {
    file: listedFile(field.get('file'), files).path,
    inputs: checkedTensors(field.get('inputs'), 0),
    outputs: checkedTensors(field.get('outputs'), 1),
  }
}

function checkedTensors(field: Field, least: number): readonly TensorFacts[] {
  const names = new Set<string>()
  return field.list(
    (item) => {
      item.only('name', 'type', 'shape')
      const name = item.get('name').text(200)
      if (names.has(name)) throw item.get('name').wrong(`is “${name}” a second time: list each tensor once`)
      names.add(name)
      return {
        name,
        type: item.get('type').oneOf(tensorTypes),
        shape: item.get('shape').list(checkedDimension, { most: 8 }),
      }
    },
    { least, most: 64 },
  )
}

function checkedDimension(field: Field): Dimension {
  return typeof field.value === 'string' ? field.text(100) : field.whole(0, 2 ** 31 - 1)
}

function checkedPreprocessing(field: Field): Preprocessing {
  field.only('colour', 'resize', 'width', 'height', 'layout', 'scale', 'mean', 'std')
  const three = (name: string): readonly [number, number, number] => {
    const [a, b, c] = field.get(name).list((item) => item.number(-1e6, 1e6), { least: 3, most: 3 })
    return [a ?? 0, b ?? 0, c ?? 0]
  }
  const std = three('std')
  if (std.some((value) => value <= 0)) throw field.get('std').wrong('divides, so each must be above 0')
  return {
    colour: field.get('colour').oneOf(['rgb', 'bgr']),
    resize: field.get('resize').oneOf(['stretch', 'letterbox', 'short-side']),
    width: field.get('width').whole(1, 16384),
    height: field.get('height').whole(1, 16384),
    layout: field.get('layout').oneOf(['nchw', 'nhwc']),
    scale: field.get('scale').number(-1e6, 1e6),
    mean: three('mean'),
    std,
  }
}

function checkedTokenizer(
  field: Field,
  files: ReadonlyMap<string, PackFile>,
): NonNullable<PackManifest['tokenizer']> {
  field.only('file', 'type', 'length')
  return {
    file: listedFile(field.get('file'), files).path,
    type: field.get('type').oneOf(['clip-bpe']),
    length: field.get('length').whole(1, 4096),
  }
}
