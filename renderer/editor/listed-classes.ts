/** Class lists that the program knows by heart, put into the project as one step. */
import type { ListedClass } from '../../main/core/formats/class-list.ts'
import type { ClassId } from '../../main/core/records.ts'
import type { Editor } from './editor.ts'
import { freePaletteColor } from './palette.ts'

/** Adds the classes whose names are not there yet, after those that are, and says how many that were. */
export function addListedClasses(editor: Editor, listed: readonly ListedClass[], label: string): void {
  const known = [...editor.store.ofKind('class')]
  const names = new Set(known.map(({ name }) => name))
  const colors = new Set(known.map(({ color }) => color))
  const fresh = listed.filter(({ name }) => !names.has(name))
  let order = Math.max(-1, ...known.map((record) => record.order))
  const done = editor.edit(label, (edit) => {
    for (const { name, stuff, exportId, color: given } of fresh) {
      const color = given ?? freePaletteColor(colors)
      colors.add(color)
      edit.put({ kind: 'class', id: editor.newId() as ClassId, name, stuff, color, order: ++order, exportId })
    }
  })
  if (!done) return
  const there = listed.length - fresh.length
  editor.say(`${fresh.length} classes added${there > 0 ? `; ${there} were there already` : ''}.`)
}
