/** What the project on disk holds, read beside the program: for tests that compare masks with the truth of the film. */
import path from 'node:path'
import Sqlite from 'better-sqlite3'
import { decodeRle, decodeShape } from '../main/core/mask/rle.ts'
import { type AnyRecord, type MaskRecord, maskId, type ObjectRecord } from '../main/core/records.ts'
import type { App } from './app.ts'
import { sampleScene, sampleSize } from './sample-truth.ts'

function withProject<T>(app: App, read: (db: Sqlite.Database) => T): T {
  const file = path.join(app.shell.settingsFolder, 'samples', 'sample-1', 'Lake sample', 'project.db')
  const db = new Sqlite(file, { readonly: true })
  try {
    return read(db)
  } finally {
    db.close()
  }
}

/** The object's mask record on a frame of the sample; null where it has none. */
export function savedMask(app: App, objectName: string, frameIndex: number): MaskRecord | null {
  return withProject(app, (db) => {
    const objects = db.prepare("select json from record where kind = 'object'").all() as { json: string }[]
    const object = objects
      .map(({ json }) => JSON.parse(json) as ObjectRecord)
      .find(({ name }) => name === objectName)
    if (!object) return null
    const row = db.prepare('select json from record where id = ?').get(maskId(object.id, frameIndex))
    return row ? (JSON.parse((row as { json: string }).json) as AnyRecord as MaskRecord) : null
  })
}

/** How well a saved mask agrees with what the film shows there: intersection over union, 0 to 1. */
export function savedIou(app: App, objectName: string, frameIndex: number, entityName: string): number {
  const mask = savedMask(app, objectName, frameIndex)
  if (!mask?.shape) return 0
  const row = withProject(app, (db) => db.prepare('select bytes from shape where hash = ?').get(mask.shape))
  const { width, height } = sampleSize
  const { data } = decodeRle(decodeShape((row as { bytes: Uint8Array }).bytes, width, height))
  const entity = sampleScene.entities.find(({ name }) => name === entityName)
  const { index } = sampleScene.frame(frameIndex)
  let both = 0
  let either = 0
  for (let i = 0; i < data.length; i++) {
    const isTrue = index[i] === entity?.index
    if (data[i] === 1 && isTrue) both++
    if (data[i] === 1 || isTrue) either++
  }
  return both / either
}
