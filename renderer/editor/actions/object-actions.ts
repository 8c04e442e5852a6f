import type { ObjectId, ObjectRecord } from '../../../main/core/records.ts'
import { type Action, action } from '../action.ts'
import {
  allOf,
  canChangeSelection,
  canWriteMedia,
  hasMedia,
  hasSelection,
  objectsText,
} from '../availability.ts'
import type { Editor } from '../editor.ts'
import { mergeObjects } from '../merge-objects.ts'
import { newObject } from '../new-object.ts'
import { splitObjects, swapObjects } from '../split-objects.ts'

type Fields = Partial<Omit<ObjectRecord, 'kind' | 'id' | 'mediaId'>>

const someUnlocked = (editor: Editor) => {
  const locked = editor.selectedObjects.find((object) => object.locked)
  return allOf(
    canChangeSelection(editor),
    locked ? `${locked.name} is locked: unlock it to change it.` : true,
  )
}

const exactlyTwo = (editor: Editor) =>
  editor.selectedObjects.length === 2 ? true : 'Select two objects to swap them.'

export const objectActions: readonly Action[] = [
  action({
    id: 'object.new',
    label: 'New object',
    keys: ['N'],
    menu: { name: 'object', group: 4 },
    when: canWriteMedia,
    run: (editor) => {
      const { media } = editor
      if (!media) return
      const object = newObject(editor, media.id, editor.now.toolOptions.classId)
      if (!editor.edit('New object', (edit) => edit.put(object))) return
      editor.select([object.id])
      if (editor.now.tool === 'select' || editor.now.tool === 'pan') editor.toolbox.choose('polygon')
    },
  }),
  action({
    id: 'object.merge',
    label: 'Merge objects',
    keys: ['M'],
    menu: { name: 'object', group: 4 },
    when: (editor) =>
      allOf(
        someUnlocked(editor),
        editor.selectedObjects.length > 1 || 'Select two or more objects to merge them.',
      ),
    run: mergeObjects,
  }),
  action({
    id: 'object.split',
    label: 'Split at this frame',
    keys: ['Alt+M'],
    menu: { name: 'object', group: 4 },
    when: someUnlocked,
    run: splitObjects,
  }),
  action({
    id: 'object.swap',
    label: 'Swap identities from this frame on',
    keys: ['Alt+S'],
    menu: { name: 'object', group: 4 },
    when: (editor) => allOf(someUnlocked(editor), exactlyTwo(editor)),
    run: swapObjects,
  }),
  toggle('object.hide', 'Hide', 'H', 'hidden', 'Show'),
  toggle('object.lock', 'Lock', 'L', 'locked', 'Unlock'),
  action({
    id: 'object.show-all',
    label: 'Show all objects',
    keys: ['Alt+H'],
    menu: { name: 'object', group: 5 },
    when: canWriteMedia,
    run: (editor) => {
      editor.edit('Show all objects', (edit) => {
        for (const object of editor.objects) if (object.hidden) edit.put({ ...object, hidden: false })
      })
    },
  }),
  action({
    id: 'object.hide-others',
    label: 'Hide the others',
    keys: ['Alt+O'],
    menu: { name: 'object', group: 5 },
    when: canChangeSelection,
    run: (editor) => {
      const chosen = new Set(editor.now.selectedObjectIds)
      editor.edit('Hide the others', (edit) => {
        for (const object of editor.objects) {
          const hidden = !chosen.has(object.id)
          if (object.hidden !== hidden) edit.put({ ...object, hidden })
        }
      })
    },
  }),
  reorder('object.to-front', 'Bring to front', ['Mod+}'], 'front'),
  reorder('object.forward', 'Bring forward', ['Mod+]'], 'forward'),
  reorder('object.backward', 'Send backward', ['Mod+['], 'backward'),
  reorder('object.to-back', 'Send to back', ['Mod+{'], 'back'),
  action<{ objectIds: readonly ObjectId[]; nearerThan: ObjectId | null }>({
    id: 'object.move-in-order',
    label: 'Move in the order',
    keys: [],
    needsArgs: true,
    when: canWriteMedia,
    run: (editor, { objectIds, nearerThan }) => {
      const chosen = new Set(objectIds)
      const moved = editor.objects.filter(({ id }) => chosen.has(id))
      const rest = editor.objects.filter(({ id }) => !chosen.has(id))
      const at = nearerThan ? rest.findIndex(({ id }) => id === nearerThan) : rest.length
      // Dropped on themselves, they stay.
      if (at >= 0) putOrder(editor, 'Reorder objects', [...rest.slice(0, at), ...moved, ...rest.slice(at)])
    },
  }),
  action({
    id: 'object.previous',
    label: 'Select the object above',
    keys: ['ArrowUp'],
    when: hasMedia,
    run: (e) => walk(e, -1),
  }),
  action({
    id: 'object.next',
    label: 'Select the object below',
    keys: ['ArrowDown'],
    when: hasMedia,
    run: (e) => walk(e, 1),
  }),
  action<{ objectIds: readonly ObjectId[] }>({
    id: 'object.select',
    label: 'Select objects',
    keys: [],
    needsArgs: true,
    when: hasMedia,
    run: (editor, { objectIds }) => editor.select(objectIds),
  }),
  action<{ objectId: ObjectId; fields: Fields; label?: string }>({
    id: 'object.update',
    label: 'Change an object',
    keys: [],
    needsArgs: true,
    when: canWriteMedia,
    run: (editor, { objectId, fields, label }) => {
      const name = fields.name?.trim()
      if (fields.name !== undefined && !name) return editor.say('An object needs a name.', 'refused')
      editor.edit(label ?? 'Change object', (edit) =>
        edit.patch<ObjectRecord>(objectId, name === undefined ? fields : { ...fields, name }),
      )
    },
  }),
  action<{ stuff: boolean | null }>({
    id: 'object.set-stuff',
    label: 'Thing or stuff',
    keys: [],
    needsArgs: true,
    when: hasSelection,
    run: (editor, { stuff }) => {
      editor.edit(stuff === null ? 'As the class says' : stuff ? 'Make stuff' : 'Make thing', (edit) => {
        for (const object of editor.selectedObjects) edit.put({ ...object, stuff })
      })
    },
  }),
]

/** On when any selected object is not; off when all are. */
function toggle(id: string, label: string, key: string, field: 'hidden' | 'locked', back: string): Action {
  return action<{ objectIds?: readonly ObjectId[] }>({
    id,
    label,
    keys: [key],
    menu: { name: 'object', group: 5 },
    checked: (editor) =>
      editor.selectedObjects.length > 0 && editor.selectedObjects.every((object) => object[field]),
    // The list's own buttons name the object, so a selection is not asked for here.
    when: canWriteMedia,
    run: (editor, { objectIds }) => {
      const objects = objectIds
        ? editor.objects.filter((object) => objectIds.includes(object.id))
        : editor.selectedObjects
      if (objects.length === 0) return editor.say('Select an object first.', 'refused')
      editor.toolbox.complete()
      const on = !objects.every((object) => object[field])
      editor.edit(`${on ? label : back} ${objectsText(objects)}`, (edit) => {
        for (const object of objects) edit.put({ ...object, [field]: on })
      })
    },
  })
}

function reorder(
  id: string,
  label: string,
  keys: readonly string[],
  where: 'front' | 'forward' | 'backward' | 'back',
): Action {
  return action({
    id,
    label,
    keys,
    menu: { name: 'object', group: 6 },
    when: canChangeSelection,
    run: (editor) => {
      const chosen = new Set(editor.now.selectedObjectIds)
      putOrder(
        editor,
        label,
        reordered(editor.objects, (object) => chosen.has(object.id), where),
      )
    },
  })
}

/** The list (nearest first) with the chosen ones moved, their order among themselves kept. */
function reordered<T>(
  list: readonly T[],
  isChosen: (item: T) => boolean,
  where: 'front' | 'forward' | 'backward' | 'back',
): T[] {
  const chosen = list.filter(isChosen)
  const rest = list.filter((item) => !isChosen(item))
  if (where === 'front') return [...chosen, ...rest]
  if (where === 'back') return [...rest, ...chosen]
  const result = where === 'forward' ? [...list] : [...list].reverse()
  for (let i = 1; i < result.length; i++) {
    const before = result[i - 1]!
    const item = result[i]!
    if (isChosen(item) && !isChosen(before)) [result[i - 1], result[i]] = [item, before]
  }
  return where === 'forward' ? result : result.reverse()
}

/** `nearestFirst` gets the orders n, n - 1, ..., 1; only what differs is written. */
function putOrder(editor: Editor, label: string, nearestFirst: readonly ObjectRecord[]): void {
  editor.edit(label, (edit) => {
    nearestFirst.forEach((object, i) => {
      const order = nearestFirst.length - i
      if (object.order !== order) edit.put({ ...object, order })
    })
  })
}

function walk(editor: Editor, direction: -1 | 1): void {
  const { objects } = editor
  if (objects.length === 0) {
    editor.say('There is no object yet.')
    return
  }
  const at = objects.findIndex(({ id }) => id === editor.now.selectedObjectIds.at(-1))
  const next =
    at < 0
      ? direction === 1
        ? 0
        : objects.length - 1
      : Math.min(Math.max(at + direction, 0), objects.length - 1)
  editor.select([objects[next]!.id])
}
