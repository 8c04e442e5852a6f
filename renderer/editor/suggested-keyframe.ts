/** Where the next keyframe pays most, as main/core/track/suggest.ts finds it in the records of the shown media. */
import type { ObjectRecord } from '../../main/core/records.ts'
import { type Suggestion, suggestKeyframe } from '../../main/core/track/suggest.ts'
import type { Editor } from './editor.ts'

interface Known {
  readonly objects: readonly ObjectRecord[]
  readonly suggestion: Suggestion | null
}

const known = new WeakMap<Editor, Known>()

/** Looks at every mask, once a change of the records. */
export function suggestedKeyframe(editor: Editor): Suggestion | null {
  const { objects, media } = editor
  const last = known.get(editor)
  // The list of objects is another one whenever a record has changed.
  if (last?.objects === objects) return last.suggestion
  const tracks = objects.map((object) => [object, editor.tracks.track(object.id)] as const)
  const suggestion = media ? suggestKeyframe(tracks, media.frameCount) : null
  known.set(editor, { objects, suggestion })
  return suggestion
}

/** Shows the frame and selects the object; where no keyframe is worth it, says why. */
export function showSuggestedKeyframe(editor: Editor): void {
  const suggestion = suggestedKeyframe(editor)
  if (!suggestion) {
    editor.say('Nothing to suggest yet: propagate first.')
    return
  }
  editor.say(suggestion.reason)
  if (!suggestion.worth) return
  editor.playback.stop()
  editor.showFrame(suggestion.frameIndex)
  editor.select([suggestion.objectId])
}
