import type { LucideIcon } from 'lucide-react'
import { Button, ToggleButton, TooltipTrigger } from 'react-aria-components'
import { Tip } from './tip.tsx'

export interface IconButtonProps {
  /** The accessible name and the first line of the tooltip. */
  readonly label: string
  readonly icon: LucideIcon
  readonly onPress: () => void
  /** Shown in the tooltip, such as 'Ctrl+Z'. */
  readonly keys?: string | undefined
  readonly hint?: string | undefined
  readonly disabled?: boolean | undefined
  /** Given: a toggle, pressed or not. */
  readonly selected?: boolean | undefined
  readonly small?: boolean | undefined
  readonly side?: 'top' | 'bottom' | 'left' | 'right' | undefined
  readonly className?: string | undefined
}

/** A button that is only an icon. A click does not take the focus, so that Space goes on meaning play. */
export function IconButton(props: IconButtonProps) {
  const Icon = props.icon
  const shared = {
    'aria-label': props.label,
    isDisabled: props.disabled ?? false,
    'data-keeps-focus': true,
    className: `icon-button ${props.small ? 'small' : ''} ${props.className ?? ''}`,
  }
  return (
    <TooltipTrigger delay={500} closeDelay={50}>
      {props.selected === undefined ? (
        <Button {...shared} onPress={props.onPress}>
          <Icon aria-hidden />
        </Button>
      ) : (
        <ToggleButton {...shared} isSelected={props.selected} onChange={props.onPress}>
          <Icon aria-hidden />
        </ToggleButton>
      )}
      <Tip label={props.label} keys={props.keys} hint={props.hint} side={props.side} />
    </TooltipTrigger>
  )
}
