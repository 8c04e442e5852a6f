import { Maximize2, ZoomIn, ZoomOut } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { type TimelineTip, TimelineView } from '../../draw/timeline-view.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { useEditor, useReading } from '../window-context.tsx'
import { LaneNames } from './lane-names.tsx'
import { TimelineLegend } from './timeline-legend.tsx'
import { Transport } from './transport.tsx'

export function Timeline() {
  const editor = useEditor()
  const canvas = useRef<HTMLCanvasElement>(null)
  const [view, setView] = useState<TimelineView | null>(null)
  const [scrollTop, setScrollTop] = useState(0)
  const [tip, setTip] = useState<TimelineTip | null>(null)
  const label = useReading((editor) => {
    const { media, now } = editor
    return media ? `Timeline, frame ${now.frameIndex} of ${media.frameCount}` : 'Timeline'
  })
  useEffect(() => {
    if (!canvas.current) return
    const made = new TimelineView(canvas.current, editor)
    const stops = [made.onScroll(setScrollTop), made.onTip(setTip)]
    setView(made)
    return () => {
      for (const stop of stops) stop()
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
          <LaneNames scrollTop={scrollTop} onScroll={(by) => view?.scrollTo(view.scrollTop + by)} />
        </div>
        <canvas ref={canvas} className="lane-canvas" role="img" aria-label={label} />
        {tip ? <TipOfLane tip={tip} /> : null}
      </div>
    </>
  )
}

/** Below the pointer, or above it where there is no room; never under it. */
function TipOfLane({ tip }: { readonly tip: TimelineTip }) {
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
