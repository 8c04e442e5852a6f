import { Maximize2, ZoomIn, ZoomOut } from 'lucide-react'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { type TimelineTip, TimelineView } from '../../draw/timeline-view.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { useEditor, useFollowed } from '../window-context.tsx'
import { LaneNames } from './lane-names.tsx'
import { TimelineLegend } from './timeline-legend.tsx'
import { Transport } from './transport.tsx'

export function Timeline() {
  const editor = useEditor()
  const canvas = useRef<HTMLCanvasElement>(null)
  const [view, setView] = useState<TimelineView | null>(null)
  useEffect(() => {
    if (!canvas.current) return
    const made = new TimelineView(canvas.current, editor)
    setView(made)
    return () => {
      made.dispose()
      setView(null)
    }
  }, [editor])
  return (
    <>
      <Transport />
      <div className="lanes">
        <div className="lane-side">
          <div className="lane-head">
            <TimelineLegend />
            <span className="grow" />
            <IconButton small label="Zoom out in time" icon={ZoomOut} onPress={() => view?.zoomBy(1 / 1.5)} />
            <IconButton small label="Zoom in in time" icon={ZoomIn} onPress={() => view?.zoomBy(1.5)} />
            <IconButton
              small
              label="Show the whole video"
              icon={Maximize2}
              onPress={() => view?.showWhole()}
            />
          </div>
          {view ? <LaneNames view={view} /> : null}
        </div>
        <LaneCanvas canvas={canvas} />
        {view ? <TipOfLane view={view} /> : null}
      </div>
    </>
  )
}

/** Apart from what stands around it, because its name is another one on every frame. */
function LaneCanvas({ canvas }: { readonly canvas: RefObject<HTMLCanvasElement | null> }) {
  const label = useFollowed((editor) => {
    const { media, now } = editor
    return media ? `Timeline, frame ${now.frameIndex} of ${media.frameCount}` : 'Timeline'
  })
  return <canvas ref={canvas} className="lane-canvas" role="img" aria-label={label} />
}

/** Below the pointer, or above it where there is no room; never under it. */
function TipOfLane({ view }: { readonly view: TimelineView }) {
  const [tip, setTip] = useState<TimelineTip | null>(null)
  useEffect(() => view.onTip(setTip), [view])
  if (!tip) return null
  return (
    <div
      className="lane-tip tooltip"
      aria-hidden
      style={{ right: `calc(100% - var(--lane-side) - ${tip.x}px)` }}
    >
      <strong>{tip.title}</strong>
      <span>{tip.state}</span>
      {tip.reason ? <span className="hint">{tip.reason}</span> : null}
    </div>
  )
}
