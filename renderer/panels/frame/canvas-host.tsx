import { useEffect, useRef } from 'react'
import { formatTime, shownTimeUs } from '../../../main/core/track/frame-table.ts'
import { CanvasView } from '../../draw/canvas-view.ts'
import { ShownFrames } from '../../draw/shown-frames.ts'
import { useEditor, useEditorState, useReading } from '../window-context.tsx'
import { countText } from '../words.ts'
import { SentenceLine } from './banners.tsx'
import { setShownFrames } from './cache-size.ts'

/** Where the picture is. What is drawn in it is the canvas view's. */
export function CanvasHost() {
  const editor = useEditor()
  const surface = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!surface.current) return
    let frames: ShownFrames | null = null
    const view = new CanvasView(surface.current, editor, () => frames?.source ?? null)
    frames = new ShownFrames(editor, () => view.wake())
    setShownFrames(frames)
    return () => {
      setShownFrames(null)
      view.dispose()
      frames?.dispose()
    }
  }, [editor])
  return (
    <div className="canvas-host">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: drawing wants the focus, and the object list is its text twin */}
      <div ref={surface} className="canvas-surface" tabIndex={0} role="img" aria-label={useCanvasLabel()} />
      <SentenceLine />
      <FrameBadge />
    </div>
  )
}

function useCanvasLabel(): string {
  return useReading((editor) => {
    const { media } = editor
    if (!media) return 'No picture'
    return `Frame ${editor.now.frameIndex} of ${media.name}. Its objects are in the list Objects.`
  })
}

function FrameBadge() {
  const { frameIndex, shownFrameIndex, frameTimesUs } = useEditorState((state) => ({
    frameIndex: state.shownFrameIndex ?? state.frameIndex,
    shownFrameIndex: state.shownFrameIndex,
    frameTimesUs: state.frameTimesUs,
  }))
  return (
    // data-shown-frame tells tests and measurements when a frame's pixels are on screen.
    <p className="frame-badge numbers" aria-hidden data-shown-frame={shownFrameIndex ?? undefined}>
      frame {countText(frameIndex)}
      {frameTimesUs ? ` | ${formatTime(shownTimeUs(frameTimesUs, frameIndex))}` : ''}
    </p>
  )
}
