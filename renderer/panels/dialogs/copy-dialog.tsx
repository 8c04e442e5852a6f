import { useState } from 'react'
import { DialogWindow } from '../parts/dialog-window.tsx'
import { TextButton } from '../parts/text-button.tsx'
import { useEditor, useReading } from '../window-context.tsx'
import { FrameRange } from './frame-range.tsx'

/** The selected masks as they are, on a range of frames. */
export function CopyDialog({ onClose }: { readonly onClose: () => void }) {
  const editor = useEditor()
  const { from, last } = useReading((editor) => ({
    from: editor.now.frameIndex,
    last: (editor.media?.frameCount ?? 1) - 1,
  }))
  const [range, setRange] = useState({
    firstFrame: Math.min(last, from + 1),
    lastFrame: Math.min(last, from + 10),
  })
  return (
    <DialogWindow
      title="Copy to frames"
      size="narrow"
      onClose={onClose}
      foot={
        <>
          <span className="grow" />
          <TextButton onPress={onClose}>Cancel</TextButton>
          <TextButton
            look="primary"
            onPress={() => {
              onClose()
              void editor.run('mask.copy-to-frames', range)
            }}
          >
            Copy
          </TextButton>
        </>
      }
    >
      <div className="stack">
        <p className="quiet">
          Puts the selected masks of frame {from}, as they are, on these frames. Keyframes there are replaced.
        </p>
        <FrameRange range={range} last={last} onChange={setRange} />
      </div>
    </DialogWindow>
  )
}
