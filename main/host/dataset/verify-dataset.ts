/** Checks a dataset against its format's rules and names every place that breaks one. */
import { stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isJsonObject, jsonField, parsedJson } from '../../core/formats/json-value.ts'
import { cocoViolations } from '../../core/formats/verify-coco.ts'
import { youtubeVisViolations } from '../../core/formats/verify-youtube-vis.ts'
import { type Violation, violation } from '../../core/formats/violation.ts'
import { isUserError, UserError } from '../../core/user-error.ts'
import { diskError } from '../disk-error.ts'
import { entriesOf, type MaskFolder, maskFolders } from './mask-folders.ts'
import { readText } from './read-text.ts'
import { verifyDavis } from './verify-davis.ts'
import { verifyHalves } from './verify-halves.ts'

export const verifiableFormats = ['davis', 'youtube-vos', 'viposeg', 'youtube-vis', 'coco'] as const
export type VerifiableFormat = (typeof verifiableFormats)[number]

export interface VerifyReport {
  readonly format: VerifiableFormat
  readonly path: string
  /** 'train, dog: 40 masks'; what was looked at. */
  readonly checked: string
  readonly violations: readonly Violation[]
}

/** `format` null: found out from what the path holds. Throws UserError 'unknown-dataset' when it is none of them. */
export async function verifyDataset(
  path: string,
  format: VerifiableFormat | null,
  signal: AbortSignal,
): Promise<VerifyReport> {
  const kind = await stat(path).catch((error: unknown) => {
    throw diskError(error, path)
  })
  if (!kind.isDirectory()) return await verifyJsons([path], dirname(path), path, format)
  const folders = await maskFolders(path)
  const jsons = await datasetJsons(path)
  const detected = format ?? (await detectedFormat(path, folders, jsons))
  if (detected === 'youtube-vis' || detected === 'coco') {
    if (jsons.length > 0) return await verifyJsons(jsons, path, path, detected)
    throw new UserError('unknown-dataset', `${path} holds no json with annotations. Name the json itself.`)
  }
  if (folders.length === 0)
    throw new UserError('unknown-dataset', `${path} holds no mask PNGs and no annotation json.`)
  const found: Violation[] = []
  const surveys =
    detected === 'davis'
      ? await verifyDavis(path, folders, signal, found)
      : await verifyHalves(detected, path, folders, signal, found)
  const masks = surveys.reduce((sum, { frames }) => sum + frames.length, 0)
  return { format: detected, path, checked: `${surveys.length} sequences, ${masks} masks`, violations: found }
}

async function verifyJsons(
  files: readonly string[],
  root: string,
  path: string,
  format: VerifiableFormat | null,
): Promise<VerifyReport> {
  const found: Violation[] = []
  let detected = format
  for (const file of files) {
    const name = file.startsWith(root)
      ? file
          .slice(root.length)
          .replace(/^[\\/]+/, '')
          .replaceAll('\\', '/')
      : basename(file)
    const text = await readText(file)
    let json: unknown
    try {
      json = parsedJson(text, name)
    } catch (error) {
      if (!isUserError(error) || detected === null) throw error
      found.push(violation(name, null, 'it is not readable JSON'))
      continue
    }
    detected ??= jsonFormat(json)
    if (detected === null)
      throw new UserError(
        'unknown-dataset',
        `${file} is neither YouTube-VIS (a list "videos") nor COCO (a list "images").`,
      )
    found.push(
      ...(detected === 'youtube-vis' ? youtubeVisViolations(json, name) : cocoViolations(json, name)),
    )
  }
  return { format: detected ?? 'coco', path, checked: `${files.length} json files`, violations: found }
}

function jsonFormat(json: unknown): 'youtube-vis' | 'coco' | null {
  if (!isJsonObject(json)) return null
  if (Array.isArray(jsonField(json, 'videos'))) return 'youtube-vis'
  return Array.isArray(jsonField(json, 'images')) ? 'coco' : null
}

/** Annotation jsons at the top and under `annotations`. */
async function datasetJsons(root: string): Promise<string[]> {
  const top = await entriesOf(root)
  const below = top.some((entry) => entry.isDirectory() && entry.name === 'annotations')
    ? await entriesOf(join(root, 'annotations'))
    : []
  const isAnnotations = (name: string) =>
    /\.json$/i.test(name) && !/^(meta|obj_class|inbetween-export)\.json$/.test(name)
  const files = (entries: typeof top, folder: string) =>
    entries
      .filter((entry) => entry.isFile() && isAnnotations(entry.name))
      .map(({ name }) => join(folder, name))
  return [...files(top, root), ...files(below, join(root, 'annotations'))].sort()
}

async function detectedFormat(
  root: string,
  folders: readonly MaskFolder[],
  jsons: readonly string[],
): Promise<VerifiableFormat> {
  for (const file of jsons) {
    const format = jsonFormat(parsedJson(await readText(file), file))
    if (format) return format
  }
  const beside = new Set<string>()
  for (const half of ['', 'train', 'valid', 'test']) {
    const entries = await entriesOf(join(root, half)).catch(() => [])
    for (const { name } of entries) beside.add(name)
  }
  if (beside.has('obj_class.json')) return 'viposeg'
  const halved = folders.some(({ path }) => /(^|\/)Annotations(_gt)?\/[^/]+$/.test(path))
  if (
    beside.has('meta.json') ||
    (halved &&
      !folders.some(({ path }) => /Annotations\/[^/]+\/[^/]+$/.test(path)) &&
      beside.has('Annotations_gt'))
  )
    return 'youtube-vos'
  return 'davis'
}
