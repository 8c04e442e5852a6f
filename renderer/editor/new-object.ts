import type { ClassId, MediaId, ObjectId, ObjectRecord } from '../../main/core/records.ts'
import type { Editor } from './editor.ts'
import { freePaletteColor } from './palette.ts'

/** An object that is not in the store yet: in front of all others, with a free name and colour. */
export function newObject(editor: Editor, mediaId: MediaId, classId: ClassId | null): ObjectRecord {
  const objects = editor.objects
  return {
    kind: 'object',
    id: editor.newId() as ObjectId,
    mediaId,
    classId,
    name: freeName(editor, classId, objects),
    color: freePaletteColor(objects.map((object) => object.color)),
    stuff: null,
    order: objects.reduce((nearest, object) => Math.max(nearest, object.order), 0) + 1,
    hidden: false,
    locked: false,
    attributes: {},
  }
}

/** 'dog 2' for a class, else 'object 2'; the lowest number that is free. */
export function freeName(editor: Editor, classId: ClassId | null, objects: Iterable<ObjectRecord>): string {
  const stem = (classId && editor.store.get(classId)?.name) ?? 'object'
  const names = new Set([...objects].map((object) => object.name))
  for (let number = 1; ; number++) {
    const name = `${stem} ${number}`
    if (!names.has(name)) return name
  }
}

/** Whether a name was made by `freeName`, so that it may follow the object's class. */
export function isMadeName(editor: Editor, object: ObjectRecord): boolean {
  const stem = (object.classId && editor.store.get(object.classId)?.name) ?? 'object'
  return object.name.startsWith(`${stem} `) && /^[1-9][0-9]*$/.test(object.name.slice(stem.length + 1))
}
