import { Diamond } from 'lucide-react'
import { suggestedKeyframe } from '../../editor/suggested-keyframe.ts'
import { useAction } from '../use-action.ts'
import { useEditor, useEditorState, useSlowRecords } from '../window-context.tsx'
import { countText } from '../words.ts'

/** The keyframe that would help most, with its reason; or that none is worth it. */
export function SuggestionLine() {
  const editor = useEditor()
  const mediaId = useEditorState((state) => state.mediaId)
  const go = useAction('review.suggested-keyframe')
  const found = useSlowRecords(
    (editor) => {
      const suggestion = suggestedKeyframe(editor)
      const object = suggestion && editor.objects.find(({ id }) => id === suggestion.objectId)
      return suggestion && object ? { ...suggestion, object } : null
    },
    [mediaId],
  )
  if (!found) return null
  const { object, frameIndex, reason, worth } = found
  return (
    <section className="suggestion" aria-label="Next keyframe">
      <Diamond aria-hidden />
      {worth ? (
        <div className="grow">
          <div className="across">
            <button type="button" className="button link cut" data-keeps-focus onClick={() => go.run()}>
              Keyframe {object.name}, frame {countText(frameIndex)}
            </button>
            <span className="grow" />
            <kbd className="keycap">{editor.keymap.labelOf('review.suggested-keyframe')}</kbd>
          </div>
          <p className="quiet">{reason}</p>
        </div>
      ) : (
        <p className="grow quiet">{reason}</p>
      )}
    </section>
  )
}
