/** Reads masks made elsewhere for one media: palette PNGs, YouTube-VIS or COCO, whichever the path turns out to be. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { vipsegClasses } from '../../core/formats/class-tables.ts'
import { listed, matchedFrames } from '../../core/formats/frame-match.ts'
import {
  type ImportedAnnotations,
  type ImportedObject,
  type LabelledFrame,
  type MediaFacts,
  masksByObject,
} from '../../core/formats/imported-annotations.ts'
import { jsonField, parsedJson } from '../../core/formats/json-value.ts'
import { planeShapes } from '../../core/formats/plane-shapes.ts'
import type { IndexPng } from '../../core/formats/png.ts'
import { counted, fileStem, folderNames } from '../../core/formats/prepared-video.ts'
import { readCoco } from '../../core/formats/read-coco.ts'
import { readYoutubeVis } from '../../core/formats/read-youtube-vis.ts'
import { isUserError, UserError } from '../../core/user-error.ts'
import { diskError } from '../disk-error.ts'
import { nearestExportRecord, recordedFrames, sequenceFacts } from './dataset-facts.ts'
import { entriesOf, type MaskFolder, maskFolders, truthFolders } from './mask-folders.ts'
import { readMaskPng } from './read-mask-png.ts'
import { readText } from './read-text.ts'

/**
 * `path` is a folder of PNGs, a whole dataset or a json. Throws UserError naming file, place and remedy when it is none
 * of these or does not fit the media; never changes anything. `onFrame` is told how many of how many PNGs are read.
 */
export async function importAnnotations(
  path: string,
  media: MediaFacts,
  signal: AbortSignal,
  onFrame: (done: number, total: number) => void = () => {},
): Promise<ImportedAnnotations> {
  const kind = await stat(path).catch((error: unknown) => {
    throw diskError(error, path)
  })
  if (!kind.isDirectory()) return await importJson([path], path, media)
  const jsons = await annotationJsons(path)
  const folders = await maskFolders(path)
  try {
    if (jsons.length > 0) return await importJson(jsons, path, media)
  } catch (error) {
    // A json that is something else may lie beside masks.
    const isOther = isUserError(error) && (error.code === 'unknown-annotations' || error.code === 'bad-json')
    if (!isOther || folders.length === 0) throw error
  }
  return await importMaskFolder(wantedFolder(folders, path, media), media, signal, onFrame)
}

async function importJson(
  paths: readonly string[],
  root: string,
  media: MediaFacts,
): Promise<ImportedAnnotations> {
  const record = await nearestExportRecord(root)
  const recorded = new Map((record?.videos ?? []).map((video) => [video.name, recordedFrames(video)]))
  let unfit: unknown = null
  for (const path of paths) {
    const json = parsedJson(await readText(path), path)
    try {
      if (Array.isArray(jsonField(json, 'videos'))) return readYoutubeVis(json, path, media, recorded)
      if (Array.isArray(jsonField(json, 'images'))) return readCoco(json, path, media, recorded)
    } catch (error) {
      // Another half of the dataset may have the video.
      if (!isUserError(error) || error.code !== 'no-such-video') throw error
      unfit = error
    }
  }
  if (unfit) throw unfit
  throw new UserError(
    'unknown-annotations',
    `${root} is neither YouTube-VIS (a list "videos") nor COCO (a list "images"). Choose one of these, or a folder of mask PNGs.`,
  )
}

/** Json files at a dataset's top or under `annotations` that hold annotations; class lists and metadata are others. */
async function annotationJsons(folder: string): Promise<string[]> {
  const found: string[] = []
  for (const place of [folder, join(folder, 'annotations')]) {
    if (
      place !== folder &&
      !(await entriesOf(folder)).some((entry) => entry.isDirectory() && entry.name === 'annotations')
    )
      continue
    for (const entry of await entriesOf(place)) {
      if (!entry.isFile() || !/\.json$/i.test(entry.name)) continue
      if (/^(meta|obj_class|inbetween-export)\.json$/.test(entry.name)) continue
      found.push(join(place, entry.name))
    }
  }
  return found.sort()
}

function wantedFolder(folders: readonly MaskFolder[], path: string, media: MediaFacts): MaskFolder {
  const candidates = truthFolders(folders)
  if (candidates.length === 1) return candidates[0]!
  const wanted = [media.name, ...folderNames([media.name])]
  const named = candidates.filter(({ name }) => wanted.includes(name))
  if (named.length > 0) return named[0]!
  if (candidates.length === 0)
    throw new UserError(
      'unknown-annotations',
      `${path} holds no mask PNGs and no annotation json. Choose the folder of one video's masks.`,
    )
  throw new UserError(
    'no-such-video',
    `${path} has masks of ${candidates.length} videos and none is called ${wanted[1]}: ${listed(candidates.map(({ name }) => name))}. Choose the folder of one video.`,
  )
}

async function importMaskFolder(
  sequence: MaskFolder,
  media: MediaFacts,
  signal: AbortSignal,
  onFrame: (done: number, total: number) => void,
): Promise<ImportedAnnotations> {
  const record = await nearestExportRecord(sequence.folder)
  const recordedVideo = record?.videos.find(({ name }) => name === sequence.name)
  const match = matchedFrames(
    sequence.files.map(fileStem),
    media,
    recordedVideo && recordedFrames(recordedVideo),
  )
  const notes = [...match.notes]
  const frames: LabelledFrame[] = []
  const kinds = { voidFrames: 0, palette: false, values: new Set<number>() }
  for (const [position, file] of sequence.files.entries()) {
    signal.throwIfAborted()
    const frameIndex = match.frameIndexes[position]
    if (frameIndex === null || frameIndex === undefined) continue
    const png = await readMaskPng(join(sequence.folder, file), `${sequence.name}/${file}`)
    checkSize(png, `${sequence.name}/${file}`, media)
    const shapes = planeShapes(png.values, png.width, png.height)
    if (png.colorType === 3) kinds.palette = true
    for (const id of shapes.keys()) kinds.values.add(id)
    frames.push({ frameIndex, shapes })
    onFrame(position + 1, sequence.files.length)
  }
  // DAVIS 2016 draws its one object white on black.
  const isWhite = !kinds.palette && kinds.values.size === 1 && kinds.values.has(voidValue)
  const facts = await sequenceFacts(sequence.folder, sequence.name)
  const isVoid = kinds.palette && !facts.classIds
  const tracks = masksByObject(isVoid ? frames.map(withoutVoid) : frames)
  if (isVoid && kinds.values.has(255))
    notes.push('Pixels of value 255 left out: in DAVIS masks they are void.')
  const known = new Map((recordedVideo?.objects ?? []).map((object) => [object.id, object]))
  const categories = new Map((record?.categories ?? []).map((category) => [category.id, category]))
  const vipseg = record === null && facts.classIds ? vipsegClasses() : []
  if (vipseg.length > 0) notes.push('Class numbers taken as those of VIPSeg.')
  const objects = [...tracks].map(([id, masks]): ImportedObject => {
    const categoryId = known.get(id)?.categoryId ?? facts.classIds?.get(id) ?? null
    const category = categoryId === null ? undefined : (categories.get(categoryId) ?? vipseg[categoryId])
    const className = category?.name ?? facts.categories.get(id) ?? null
    const stuff = known.get(id)?.stuff ?? category?.stuff ?? null
    return {
      name: known.get(id)?.name ?? `${className ?? 'object'} ${isWhite ? 1 : id}`,
      className,
      categoryId,
      stuff,
      masks,
    }
  })
  if (objects.length === 0) notes.push(`${counted(frames.length, 'mask')} read, all of them empty.`)
  return { format: 'Palette PNG masks', objects, notes }
}

const voidValue = 255

function withoutVoid({ frameIndex, shapes }: LabelledFrame): LabelledFrame {
  return { frameIndex, shapes: new Map([...shapes].filter(([id]) => id !== voidValue)) }
}

function checkSize({ width, height }: IndexPng, name: string, media: MediaFacts): void {
  if (width === media.width && height === media.height) return
  throw new UserError(
    'size-does-not-match',
    `${name} is ${width}x${height}, but ${media.name} is ${media.width}x${media.height}. Choose the media that was annotated.`,
  )
}
