import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from 'react-aria-components'

export interface TextButtonProps {
  readonly children: ReactNode
  readonly onPress?: (() => void) | undefined
  readonly icon?: LucideIcon | undefined
  readonly look?: 'primary' | 'plain' | 'danger' | 'link' | undefined
  readonly small?: boolean | undefined
  readonly disabled?: boolean | undefined
  readonly autoFocus?: boolean | undefined
  readonly type?: 'button' | 'submit' | undefined
  /** Where the visible text alone does not say what is meant. */
  readonly label?: string | undefined
  /** A click leaves the focus where it was: for bars beside the canvas. */
  readonly keepsFocus?: boolean | undefined
}

export function TextButton(props: TextButtonProps) {
  const Icon = props.icon
  return (
    <Button
      className={`button ${props.look ?? ''} ${props.small ? 'small' : ''}`}
      type={props.type ?? 'button'}
      isDisabled={props.disabled ?? false}
      autoFocus={props.autoFocus ?? false}
      {...(props.keepsFocus ? { 'data-keeps-focus': true } : {})}
      {...(props.label ? { 'aria-label': props.label } : {})}
      {...(props.onPress ? { onPress: props.onPress } : {})}
    >
      {Icon ? <Icon aria-hidden /> : null}
      {props.children}
    </Button>
  )
}
