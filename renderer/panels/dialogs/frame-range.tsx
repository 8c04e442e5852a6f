import { NumberInput } from '../parts/fields.tsx'

export interface FrameRangeProps {
  readonly range: { readonly firstFrame: number; readonly lastFrame: number }
  readonly last: number
  readonly onChange: (range: { firstFrame: number; lastFrame: number }) => void
}

/** Two frames, both included. */
export function FrameRange({ range, last, onChange }: FrameRangeProps) {
  return (
    <div className="across">
      <NumberInput
        label="First frame"
        value={range.firstFrame}
        min={0}
        max={last}
        onChange={(firstFrame) => onChange({ firstFrame, lastFrame: Math.max(firstFrame, range.lastFrame) })}
      />
      <NumberInput
        label="Last frame"
        value={range.lastFrame}
        min={0}
        max={last}
        onChange={(lastFrame) => onChange({ firstFrame: Math.min(lastFrame, range.firstFrame), lastFrame })}
      />
    </div>
  )
}
