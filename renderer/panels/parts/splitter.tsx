import { type KeyboardEvent, type PointerEvent, useRef } from 'react'

export interface SplitterProps {
  readonly label: string
  /** 'column' lies between left and right, 'row' between above and below. */
  readonly kind: 'column' | 'row'
  readonly size: number
  readonly min: number
  readonly max: number
  /** Grows the panel that lies after the bar when it is dragged towards the start. */
  readonly onChange: (size: number) => void
  readonly onEnd: (size: number) => void
  /** Double click. */
  readonly onReset: () => void
}

/** The bar between two panels: drag, arrow keys, double click for the size it had at first. */
export function Splitter(props: SplitterProps) {
  const start = useRef<{ pointer: number; size: number } | null>(null)
  const last = useRef(props.size)
  const position = (event: PointerEvent) => (props.kind === 'column' ? event.clientX : event.clientY)
  const within = (size: number) => Math.round(Math.min(props.max, Math.max(props.min, size)))

  function move(event: PointerEvent) {
    if (!start.current) return
    last.current = within(start.current.size + start.current.pointer - position(event))
    props.onChange(last.current)
  }
  function press(event: KeyboardEvent) {
    const [grow, shrink] = props.kind === 'column' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown']
    const step = event.key === grow ? 16 : event.key === shrink ? -16 : 0
    if (step === 0) return
    event.preventDefault()
    event.stopPropagation()
    const size = within(props.size + step)
    props.onChange(size)
    props.onEnd(size)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: hr cannot be focused and dragged
    <div
      className={`splitter ${props.kind}`}
      role="separator"
      tabIndex={0}
      aria-label={props.label}
      aria-orientation={props.kind === 'column' ? 'vertical' : 'horizontal'}
      aria-valuenow={props.size}
      aria-valuemin={props.min}
      aria-valuemax={props.max}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        start.current = { pointer: position(event), size: props.size }
        last.current = props.size
      }}
      onPointerMove={move}
      onPointerUp={() => {
        if (start.current) props.onEnd(last.current)
        start.current = null
      }}
      onDoubleClick={props.onReset}
      onKeyDown={press}
    />
  )
}
