import { Check, ChevronDown } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button, Label, ListBox, ListBoxItem, Popover, Select, SelectValue } from 'react-aria-components'

export interface ChoiceOption<Value extends string> {
  readonly value: Value
  readonly label: string
  readonly hint?: string | undefined
  readonly mark?: ReactNode
}

export interface ChoiceProps<Value extends string> {
  readonly label: string
  /** The label is for screen readers only. */
  readonly hideLabel?: boolean | undefined
  readonly value: Value | null
  readonly options: readonly ChoiceOption<Value>[]
  readonly onChange: (value: Value) => void
  readonly placeholder?: string | undefined
  readonly disabled?: boolean | undefined
}

/** One of a list, behind a button. */
export function Choice<Value extends string>(props: ChoiceProps<Value>) {
  return (
    <Select
      className="field"
      aria-label={props.label}
      value={props.value}
      onChange={(key) => key !== null && props.onChange(key as Value)}
      isDisabled={props.disabled ?? false}
      placeholder={props.placeholder ?? 'Choose'}
    >
      {props.hideLabel ? null : <Label>{props.label}</Label>}
      <Button className="select-button">
        <SelectValue />
        <ChevronDown aria-hidden />
      </Button>
      <Popover className="popover" placement="bottom start" offset={4}>
        <ListBox className="options" items={props.options}>
          {(option) => (
            <ListBoxItem className="option" id={option.value} textValue={option.label}>
              {({ isSelected }) => (
                <>
                  {option.mark}
                  <span className="grow">{option.label}</span>
                  {option.hint ? <span className="faint">{option.hint}</span> : null}
                  <span className="tick">{isSelected ? <Check aria-hidden /> : null}</span>
                </>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  )
}
