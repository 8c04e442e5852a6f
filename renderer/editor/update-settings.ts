import type { Settings } from '../../main/core/api.ts'
import type { Editor } from './editor.ts'
import { sentenceOf } from './session.ts'

/** Shows a changed setting at once and writes it; a refusal puts the old ones back and says why. */
export async function updateSettings(editor: Editor, patch: Partial<Settings>): Promise<void> {
  const before = editor.now.settings
  if (!before) return
  editor.set({ settings: { ...before, ...patch } })
  try {
    editor.set({ settings: await editor.host.updateSettings(patch) })
  } catch (error) {
    editor.set({ settings: before })
    editor.say(sentenceOf(error), 'failed')
  }
}
