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
        <>
          <p className="grow">
            <button type="button" className="button link" data-keeps-focus onClick={() => go.run()}>
              Keyframe {object.name}, frame {countText(frameIndex)}
            </button>{' '}
            <span className="quiet">{reason}</span>
          </p>
          <kbd className="keycap">{editor.keymap.labelOf('review.suggested-keyframe')}</kbd>
        </>
      ) : (
        <p className="grow quiet">{reason}</p>
      )}
    </section>
  )
}
