/** What makes the smart mask: Inbetween's own, which learns from the frame alone, or a network that was added. */
import type { PackInfo } from '../../../main/core/models.ts'
import { type Action, type Availability, action } from '../action.ts'
import type { Editor } from '../editor.ts'

export const smartActions: readonly Action[] = [
  action({
    id: 'smart.own',
    label: 'Smart mask by Inbetween’s own',
    keys: [],
    checked: (editor) => smartMaskMaker(editor) === null,
    when: isKnown,
    run: (editor) => choose(editor, null),
  }),
  action<{ packId?: string }>({
    id: 'smart.network',
    label: 'Smart mask by a network',
    keys: [],
    checked: (editor) => smartMaskMaker(editor) !== null,
    when: (editor) => {
      if (isKnown(editor) !== true) return isKnown(editor)
      return smartMaskPacks(editor).length > 0
        ? true
        : 'No network that makes a mask from marks is here: add one with File, Networks.'
    },
    run: (editor, { packId = smartMaskMaker(editor) ?? smartMaskPacks(editor)[0]!.id }) =>
      choose(editor, packId),
  }),
]

/** The id of the pack that makes smart masks; null: Inbetween's own. */
export function smartMaskMaker(editor: Editor): string | null {
  return editor.now.models?.chosen['segment-image'] ?? null
}

/** Packs that can make them, and the one that shall, even where it is broken. */
export function smartMaskPacks(editor: Editor): readonly PackInfo[] {
  const chosen = smartMaskMaker(editor)
  const packs = editor.now.models?.packs ?? []
  return packs.filter(
    (pack) => pack.role === 'segment-image' && (pack.state !== 'broken' || pack.id === chosen),
  )
}

function isKnown(editor: Editor): Availability {
  return editor.now.models ? true : 'The program has not said yet which networks are here.'
}

/** Marks that are made already are answered anew. */
async function choose(editor: Editor, packId: string | null): Promise<void> {
  editor.set({ models: await editor.host.choosePack('segment-image', packId) })
  editor.toolbox.askAgain()
}
