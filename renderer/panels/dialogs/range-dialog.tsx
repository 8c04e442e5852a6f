import { useState } from 'react'
import { Estimate } from '../jobs/estimate.tsx'
import { DialogWindow } from '../parts/dialog-window.tsx'
import { useReading } from '../window-context.tsx'
import { FrameRange } from './frame-range.tsx'

/** Propagates over chosen frames only, and says beforehand what that takes. */
export function RangeDialog({ onClose }: { readonly onClose: () => void }) {
  const { chosen, last } = useReading((editor) => ({
    chosen: editor.now.range,
    last: (editor.media?.frameCount ?? 1) - 1,
  }))
  const [range, setRange] = useState({
    firstFrame: chosen?.firstFrame ?? 0,
    lastFrame: chosen?.lastFrame ?? last,
  })
  return (
    <DialogWindow title="Propagate a range" size="narrow" onClose={onClose}>
      <div className="stack">
        <FrameRange range={range} last={last} onChange={setRange} />
        <Estimate
          direction="both"
          reach="all"
          range={[range.firstFrame, range.lastFrame]}
          onStarted={onClose}
        />
      </div>
    </DialogWindow>
  )
}
