import type { ClassId, ClassRecord } from '../../../main/core/records.ts'
import { type Action, action } from '../action.ts'
import { canWrite } from '../availability.ts'
import type { Editor } from '../editor.ts'
import { freeName, isMadeName } from '../new-object.ts'
import { freePaletteColor } from '../palette.ts'

/** Classes as the list shows them. */
export function classesInOrder(editor: Editor): ClassRecord[] {
  return [...editor.store.ofKind('class')].sort((a, b) => a.order - b.order || a.name.localeCompare(b.name))
}

export const classActions: readonly Action[] = [
  ...Array.from({ length: 9 }, (_, i) => numbered(i)),
  action<{ classId: ClassId | null }>({
    id: 'class.assign',
    label: 'Set class',
    keys: [],
    needsArgs: true,
    when: canWrite,
    run: (editor, { classId }) => assignClass(editor, classId),
  }),
  action<{ name: string; stuff?: boolean }>({
    id: 'class.new',
    label: 'New class',
    keys: [],
    needsArgs: true,
    when: canWrite,
    run: (editor, { name, stuff = false }) => {
      const classes = classesInOrder(editor)
      const trimmed = name.trim()
      if (!trimmed) return editor.say('A class needs a name.', 'refused')
      if (classes.some((known) => known.name === trimmed))
        return editor.say(`There is a class named ${trimmed} already.`, 'refused')
      editor.edit(`New class ${trimmed}`, (edit) =>
        edit.put({
          kind: 'class',
          id: editor.newId() as ClassId,
          name: trimmed,
          stuff,
          color: freePaletteColor(classes.map(({ color }) => color)),
          order: classes.reduce((last, { order }) => Math.max(last, order), -1) + 1,
          exportId: null,
        }),
      )
    },
  }),
  action<{ classId: ClassId; fields: Partial<Omit<ClassRecord, 'kind' | 'id'>> }>({
    id: 'class.update',
    label: 'Change a class',
    keys: [],
    needsArgs: true,
    when: canWrite,
    run: (editor, { classId, fields }) => {
      const name = fields.name?.trim()
      if (fields.name !== undefined && !name) return editor.say('A class needs a name.', 'refused')
      if (name && classesInOrder(editor).some((known) => known.name === name && known.id !== classId))
        return editor.say(`There is a class named ${name} already.`, 'refused')
      editor.edit('Change class', (edit) =>
        edit.patch<ClassRecord>(classId, name === undefined ? fields : { ...fields, name }),
      )
    },
  }),
  action<{ classId: ClassId }>({
    id: 'class.delete',
    label: 'Delete a class',
    keys: [],
    needsArgs: true,
    when: canWrite,
    run: (editor, { classId }) => {
      const gone = editor.store.get(classId)
      if (!gone) return
      editor.edit(`Delete class ${gone.name}`, (edit) => {
        for (const object of [...editor.store.ofKind('object')])
          if (object.classId === classId)
            edit.put({ ...object, classId: null, stuff: object.stuff ?? gone.stuff })
        edit.remove(classId)
      })
      if (editor.now.toolOptions.classId === classId) editor.setToolOptions({ classId: null })
    },
  }),
]

function numbered(index: number): Action {
  return action({
    id: `class.${index + 1}`,
    label: `Class ${index + 1}`,
    keys: [`${index + 1}`],
    when: (editor) => {
      const writable = canWrite(editor)
      if (writable !== true) return writable
      return classesInOrder(editor)[index] ? true : `There is no class ${index + 1}: the list has fewer.`
    },
    run: (editor) => assignClass(editor, classesInOrder(editor)[index]!.id),
  })
}

/** Of the selected objects; with none selected, of the next new one. Names that the program made follow the class. */
function assignClass(editor: Editor, classId: ClassId | null): void {
  const objects = editor.selectedObjects
  const name = (classId && editor.store.get(classId)?.name) ?? 'no class'
  if (objects.length === 0) {
    editor.setToolOptions({ classId })
    editor.say(`The next new object gets ${classId ? `the class ${name}` : name}.`)
    return
  }
  editor.edit(`Set class ${name}`, (edit) => {
    for (const object of objects) {
      if (object.classId === classId) continue
      const others = editor.objects.filter(({ id }) => id !== object.id)
      const follows = isMadeName(editor, object)
      edit.put({ ...object, classId, name: follows ? freeName(editor, classId, others) : object.name })
      // The next name must be free beside this one.
      edit.flush()
    }
  })
}
