/** What stands beside a sequence of masks: class numbers, categories, the record of an export of ours. */
import { dirname, join } from 'node:path'
import { type ExportedVideo, type ExportRecord, readExportRecord } from '../../core/formats/export-record.ts'
import {
  isJsonObject,
  jsonField,
  jsonInteger,
  jsonString,
  parsedJson,
} from '../../core/formats/json-value.ts'
import { reportFileName } from '../../core/formats/prepared-dataset.ts'
import { readTextIfThere } from './read-text.ts'

/** The nearest record of an export in the folder or up to five levels above it. */
export async function nearestExportRecord(folder: string): Promise<ExportRecord | null> {
  let at = folder
  for (let level = 0; level < 6; level++) {
    const text = await readTextIfThere(join(at, reportFileName))
    if (text !== null) return readExportRecord(text)
    const parent = dirname(at)
    if (parent === at) return null
    at = parent
  }
  return null
}

export function recordedFrames(video: ExportedVideo): Map<string, number> {
  return new Map(video.frames.map(([name, frameIndex]) => [name, frameIndex]))
}

export interface SequenceFacts {
  /** VIPOSeg's obj_class.json: class number by object number; null where there is no such file. */
  readonly classIds: ReadonlyMap<number, number> | null
  /** YouTube-VOS's meta.json: category by object number. */
  readonly categories: ReadonlyMap<number, string>
}

/** Facts from `obj_class.json` and `meta.json` beside the folder that holds the sequence's folder. */
export async function sequenceFacts(sequenceFolder: string, sequenceName: string): Promise<SequenceFacts> {
  const half = dirname(dirname(sequenceFolder))
  const classes = jsonField(await jsonIfThere(join(half, 'obj_class.json')), sequenceName)
  const meta = jsonField(jsonField(await jsonIfThere(join(half, 'meta.json')), 'videos'), sequenceName)
  const objects = jsonField(meta, 'objects')
  const classIds = new Map<number, number>()
  const categories = new Map<number, string>()
  for (const id of Object.keys(isJsonObject(classes) ? classes : {})) {
    const classId = jsonInteger(classes, id)
    if (classId !== null) classIds.set(Number(id), classId)
  }
  for (const id of Object.keys(isJsonObject(objects) ? objects : {})) {
    const category = jsonString(jsonField(objects, id), 'category')
    if (category !== null) categories.set(Number(id), category)
  }
  return { classIds: isJsonObject(classes) ? classIds : null, categories }
}

/** Undefined where there is no file; UserError where it is not JSON. */
async function jsonIfThere(path: string): Promise<unknown> {
  const text = await readTextIfThere(path)
  return text === null ? undefined : parsedJson(text, path)
}
