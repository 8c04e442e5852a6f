import { useReading } from '../window-context.tsx'
import { countText } from '../words.ts'

/** What the canvas shows, in words, for people who do not see it: the frame, the chosen objects, what was last said. */
export function Announcer() {
  const { frame, selection, sentence } = useReading((editor) => ({
    frame: editor.now.playing || !editor.media ? '' : `Frame ${countText(editor.now.frameIndex)}`,
    selection: editor.selectedObjects.map((object) => object.name).join(', '),
    sentence: editor.now.sentence?.text ?? '',
  }))
  return (
    <div className="out-of-sight">
      <p aria-live="polite">{frame}</p>
      <p aria-live="polite">{selection ? `Selected: ${selection}` : ''}</p>
      <p aria-live="assertive">{sentence}</p>
    </div>
  )
}
