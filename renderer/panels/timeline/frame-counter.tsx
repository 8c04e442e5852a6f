import { useEffect, useState } from 'react'
import { formatTime, shownTimeUs } from '../../../main/core/track/frame-table.ts'
import { useEditor, useEditorState, useReading } from '../window-context.tsx'
import { countText } from '../words.ts'

/** The frame on screen as a field: type a number and Enter to go there. */
export function FrameCounter() {
  const editor = useEditor()
  const { frameIndex, frameTimesUs } = useEditorState((state) => ({
    frameIndex: state.frameIndex,
    frameTimesUs: state.frameTimesUs,
  }))
  const media = useReading((editor) => editor.media)
  const [typed, setTyped] = useState<string | null>(null)
  const [refused, setRefused] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another frame shows its own number
  useEffect(() => setTyped(null), [frameIndex])
  if (!media) return null
  const last = media.frameCount - 1
  function go() {
    const digits = typed?.replaceAll(/[^0-9]/g, '') ?? ''
    if (typed !== null && digits === '') setRefused(true)
    else if (typed !== null) editor.showFrame(Number(digits))
    setTyped(null)
  }
  return (
    <div className="frame-counter numbers">
      <input
        className="input"
        aria-label={`Frame, 0 to ${last}`}
        aria-invalid={refused}
        inputMode="numeric"
        value={typed ?? countText(frameIndex)}
        onFocus={(event) => {
          setRefused(false)
          setTyped(String(frameIndex))
          const field = event.currentTarget
          requestAnimationFrame(() => field.select())
        }}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={go}
        onKeyDown={(event) => {
          event.stopPropagation()
          if (event.key === 'Escape') setTyped(null)
          if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur()
        }}
      />
      <span
        className="quiet"
        title={media.table === 'partial' ? 'The table of frames is still being read' : undefined}
      >
        / {countText(last)}
        {media.table === 'partial' ? ' …' : ''}
      </span>
      <span className="faint">{frameTimesUs ? formatTime(shownTimeUs(frameTimesUs, frameIndex)) : ''}</span>
    </div>
  )
}
