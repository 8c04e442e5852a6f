import { type Action, action } from '../action.ts'
import { allOf, always, canChangeSelection, canWrite, hasMedia, objectsText } from '../availability.ts'
import type { Editor } from '../editor.ts'

export const editActions: readonly Action[] = [
  action({
    id: 'edit.undo',
    label: 'Undo',
    keys: ['Mod+Z'],
    menu: { name: 'edit', group: 1 },
    when: (editor) =>
      allOf(
        canWrite(editor),
        editor.now.history.undo.length > 0 || editor.now.pendingCount > 0 || isBusy(editor)
          ? true
          : 'Nothing to undo.',
      ),
    run: async (editor) => {
      // A polygon under way gives back a vertex; any other gesture is finished first, so that it can be redone.
      if (editor.toolbox.stepBack()) return
      editor.toolbox.complete()
      await editor.session.undo()
    },
  }),
  action({
    id: 'edit.redo',
    label: 'Redo',
    keys: ['Mod+Shift+Z', 'Mod+Y'],
    menu: { name: 'edit', group: 1 },
    when: (editor) => allOf(canWrite(editor), editor.now.history.redo.length > 0 ? true : 'Nothing to redo.'),
    run: async (editor) => {
      editor.toolbox.complete()
      await editor.session.redo()
    },
  }),
  action({
    id: 'edit.cancel',
    label: 'Cancel what is under way',
    keys: ['Escape'],
    when: always,
    run: (editor) => {
      if (editor.toolbox.cancel()) return
      if (editor.now.playing) return editor.playback.stop()
      if (editor.now.range) return editor.set({ range: null })
      editor.select([])
    },
  }),
  action({
    id: 'edit.delete',
    label: 'Delete object',
    keys: ['Delete', 'Backspace'],
    menu: { name: 'edit', group: 2 },
    when: (editor) => {
      const locked = editor.selectedObjects.find((object) => object.locked)
      return allOf(
        canChangeSelection(editor),
        locked ? `${locked.name} is locked: unlock it to delete it.` : true,
      )
    },
    run: deleteSelected,
  }),
  action({
    id: 'edit.select-all',
    label: 'Select all objects',
    keys: ['Mod+A'],
    menu: { name: 'edit', group: 3 },
    when: hasMedia,
    run: (editor) => editor.select(editor.objects.map(({ id }) => id)),
  }),
  action({
    id: 'edit.select-none',
    label: 'Select nothing',
    keys: [],
    menu: { name: 'edit', group: 3 },
    when: hasMedia,
    run: (editor) => editor.select([]),
  }),
]

function isBusy(editor: Editor): boolean {
  return editor.now.toolState !== 'idle'
}

/** With every mask of theirs, in one step. */
function deleteSelected(editor: Editor): void {
  const objects = editor.selectedObjects
  editor.edit(`Delete ${objectsText(objects)}`, (edit) => {
    for (const object of objects) {
      edit.remove(...[...editor.store.track(object.id).values()].map(({ id }) => id), object.id)
    }
  })
}
