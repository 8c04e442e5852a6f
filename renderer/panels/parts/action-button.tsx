import type { LucideIcon } from 'lucide-react'
import { TooltipTrigger } from 'react-aria-components'
import { useAction } from '../use-action.ts'
import { IconButton, type IconButtonProps } from './icon-button.tsx'
import { TextButton, type TextButtonProps } from './text-button.tsx'
import { Tip } from './tip.tsx'

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
  /** Shown in place of the action's label, which stays the accessible name. */
  readonly text?: string | undefined
  readonly args?: object | undefined
}

/** A button with words that runs an action; its tooltip has the key, and why it cannot run. */
export function ActionText({ id, args, text, ...rest }: ActionTextProps) {
  const action = useAction(id)
  const refusal = action.available === true ? undefined : action.available
  return (
    <TooltipTrigger delay={500} closeDelay={50}>
      <TextButton
        {...rest}
        keepsFocus
        label={text === undefined ? undefined : action.label}
        disabled={refusal !== undefined}
        onPress={() => action.run(args)}
      >
        {text ?? action.label}
      </TextButton>
      <Tip label={action.label} keys={action.keys} hint={refusal} />
    </TooltipTrigger>
  )
}
