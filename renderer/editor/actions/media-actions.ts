import type { MediaId } from '../../../main/core/records.ts'
import { type Action, action } from '../action.ts'
import { canWrite, hasProject } from '../availability.ts'
import type { Editor } from '../editor.ts'

export const mediaActions: readonly Action[] = [
  action<{ mediaId: MediaId; frameIndex?: number }>({
    id: 'media.show',
    label: 'Show a video',
    keys: [],
    needsArgs: true,
    when: hasProject,
    run: (editor, { mediaId, frameIndex }) => editor.showMedia(mediaId, frameIndex),
  }),
  action({
    id: 'media.next',
    label: 'Next video',
    keys: ['PageDown'],
    when: hasProject,
    run: (editor) => walk(editor, 1),
  }),
  action({
    id: 'media.previous',
    label: 'Previous video',
    keys: ['PageUp'],
    when: hasProject,
    run: (editor) => walk(editor, -1),
  }),
  action<{ mediaId?: MediaId; confirmed?: boolean }>({
    id: 'media.delete',
    label: 'Delete video from project…',
    keys: [],
    menu: { name: 'file', group: 3 },
    when: (editor) => {
      const writable = canWrite(editor)
      return writable === true && !editor.media ? 'There is no video yet.' : writable
    },
    run: (editor, { mediaId = editor.now.mediaId ?? undefined, confirmed }) => {
      if (!mediaId) return
      if (!confirmed) return editor.openDialog({ type: 'delete-media', mediaId })
      deleteMedia(editor, mediaId)
    },
  }),
  action<{ mediaId?: MediaId }>({
    id: 'media.make-proxy',
    label: 'Make a proxy',
    keys: [],
    menu: { name: 'file', group: 3 },
    when: (editor) => {
      const writable = canWrite(editor)
      return writable === true && !editor.media ? 'There is no video yet.' : writable
    },
    run: async (editor, { mediaId = editor.now.mediaId ?? undefined }) => {
      if (mediaId) await editor.host.startJob({ type: 'proxy', mediaId })
    },
  }),
]

/** With its objects and masks, in one step. The file itself is not touched. */
function deleteMedia(editor: Editor, mediaId: MediaId): void {
  const media = editor.store.get(mediaId)
  if (!media) return
  editor.edit(`Delete ${media.name} from project`, (edit) => {
    for (const object of [...editor.store.ofKind('object')]) {
      if (object.mediaId !== mediaId) continue
      edit.remove(...[...editor.store.track(object.id).values()].map(({ id }) => id), object.id)
    }
    edit.remove(mediaId)
  })
}

function walk(editor: Editor, direction: -1 | 1): void {
  const all = [...editor.store.ofKind('media')].sort((a, b) =>
    a.name.localeCompare(b.name, undefined, { numeric: true }),
  )
  const next = all[all.findIndex(({ id }) => id === editor.now.mediaId) + direction]
  if (next) editor.showMedia(next.id)
}
