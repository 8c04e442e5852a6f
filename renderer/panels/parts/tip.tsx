import { Tooltip } from 'react-aria-components'

export interface TipProps {
  readonly label: string
  readonly keys?: string | undefined
  readonly hint?: string | undefined
  readonly side?: 'top' | 'bottom' | 'left' | 'right' | undefined
}

/** What a tooltip says: the name, its key, and a second line where the name is not enough. */
export function Tip({ label, keys, hint, side }: TipProps) {
  return (
    <Tooltip className="tooltip" placement={side ?? 'top'} offset={6}>
      {label}
      {keys ? <span className="key">{keys}</span> : null}
      {hint ? <span className="hint">{hint}</span> : null}
    </Tooltip>
  )
}
