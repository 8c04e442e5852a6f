import type { LucideIcon } from 'lucide-react'
import { useAction } from '../use-action.ts'
import { IconButton, type IconButtonProps } from './icon-button.tsx'
import { TextButton, type TextButtonProps } from './text-button.tsx'

export interface ActionIconProps extends Pick<IconButtonProps, 'small' | 'side' | 'hint' | 'className'> {
  readonly id: string
  readonly icon: LucideIcon
  /** In place of the action's own label. */
  readonly label?: string | undefined
  readonly args?: object | undefined
}

/** An icon that runs an action, with the action's name and key as its tooltip. Why it cannot run is said there too. */
export function ActionIcon({ id, args, label, hint, ...rest }: ActionIconProps) {
  const action = useAction(id)
  const refusal = action.available === true ? undefined : action.available
  return (
    <IconButton
      {...rest}
      label={label ?? action.label}
      keys={action.keys}
      hint={refusal ?? hint}
      disabled={refusal !== undefined}
      selected={action.checked}
      onPress={() => action.run(args)}
    />
  )
}

export interface ActionTextProps extends Pick<TextButtonProps, 'look' | 'small' | 'icon'> {
  readonly id: string
  readonly label?: string | undefined
  readonly args?: object | undefined
}

export function ActionText({ id, args, label, ...rest }: ActionTextProps) {
  const action = useAction(id)
  return (
    <TextButton {...rest} keepsFocus disabled={action.available !== true} onPress={() => action.run(args)}>
      {label ?? action.label}
    </TextButton>
  )
}
