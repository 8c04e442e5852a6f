import { ProgressBar } from 'react-aria-components'

/** Done of total; without a total it only says that something is going on. */
export function Progress({
  label,
  done,
  total,
}: {
  readonly label: string
  readonly done: number
  readonly total: number
}) {
  const endless = total <= 0
  return (
    <ProgressBar
      aria-label={label}
      isIndeterminate={endless}
      value={done}
      maxValue={Math.max(1, total)}
      style={{ flex: 1 }}
    >
      {({ percentage }) => (
        <span className={`progress ${endless ? 'endless' : ''}`}>
          <i style={endless ? {} : { width: `${percentage ?? 0}%` }} />
        </span>
      )}
    </ProgressBar>
  )
}
