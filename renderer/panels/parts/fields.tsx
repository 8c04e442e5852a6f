import { Check, Search } from 'lucide-react'
import type { ReactNode } from 'react'
import {
  CheckboxButton,
  CheckboxField,
  FieldError,
  Input,
  Label,
  NumberField,
  SearchField,
  Slider,
  SliderOutput,
  SliderThumb,
  SliderTrack,
  Text,
  TextField,
  ToggleButton,
  ToggleButtonGroup,
} from 'react-aria-components'

export interface TextInputProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly hideLabel?: boolean | undefined
  readonly placeholder?: string | undefined
  readonly hint?: string | undefined
  readonly error?: string | null | undefined
  readonly disabled?: boolean | undefined
  readonly autoFocus?: boolean | undefined
  readonly onBlur?: (() => void) | undefined
}

export function TextInput(props: TextInputProps) {
  return (
    <TextField
      className="field"
      aria-label={props.label}
      value={props.value}
      onChange={props.onChange}
      isDisabled={props.disabled ?? false}
      isInvalid={Boolean(props.error)}
      autoFocus={props.autoFocus ?? false}
      {...(props.onBlur ? { onBlur: props.onBlur } : {})}
    >
      {props.hideLabel ? null : <Label>{props.label}</Label>}
      <Input placeholder={props.placeholder ?? ''} spellCheck={false} autoComplete="off" />
      {props.hint ? (
        <Text slot="description" className="hint">
          {props.hint}
        </Text>
      ) : null}
      {props.error ? <FieldError>{props.error}</FieldError> : null}
    </TextField>
  )
}

export interface NumberInputProps {
  readonly label: string
  readonly value: number
  readonly onChange: (value: number) => void
  readonly min: number
  readonly max: number
  readonly step?: number | undefined
  readonly hideLabel?: boolean | undefined
  readonly disabled?: boolean | undefined
  readonly format?: Intl.NumberFormatOptions | undefined
}

export function NumberInput(props: NumberInputProps) {
  return (
    <NumberField
      className="field"
      aria-label={props.label}
      value={props.value}
      minValue={props.min}
      maxValue={props.max}
      step={props.step ?? 1}
      isDisabled={props.disabled ?? false}
      onChange={(value) => Number.isNaN(value) || props.onChange(value)}
      {...(props.format ? { formatOptions: props.format } : {})}
    >
      {props.hideLabel ? null : <Label>{props.label}</Label>}
      <Input className="react-aria-Input numbers" />
    </NumberField>
  )
}

export function SearchInput(props: {
  readonly label: string
  readonly placeholder: string
  readonly value: string
  readonly onChange: (value: string) => void
}) {
  return (
    <SearchField
      className="search grow"
      aria-label={props.label}
      value={props.value}
      onChange={props.onChange}
    >
      <Search aria-hidden />
      <Input placeholder={props.placeholder} />
    </SearchField>
  )
}

export function Checkbox(props: {
  readonly children: ReactNode
  readonly selected: boolean
  readonly onChange: (selected: boolean) => void
  readonly disabled?: boolean | undefined
}) {
  return (
    <CheckboxField isSelected={props.selected} onChange={props.onChange} isDisabled={props.disabled ?? false}>
      <CheckboxButton className="check">
        <span className="box" aria-hidden>
          <Check />
        </span>
        {props.children}
      </CheckboxButton>
    </CheckboxField>
  )
}

export interface Option<Value extends string> {
  readonly value: Value
  readonly label: string
  readonly disabled?: boolean | undefined
}

/** A few short choices side by side; one is always on. */
export function Segments<Value extends string>(props: {
  readonly label: string
  readonly value: Value
  readonly options: readonly Option<Value>[]
  readonly onChange: (value: Value) => void
}) {
  return (
    <ToggleButtonGroup
      className="segments"
      aria-label={props.label}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[props.value]}
      onSelectionChange={(keys) => {
        const [value] = keys
        if (value !== undefined) props.onChange(value as Value)
      }}
    >
      {props.options.map((option) => (
        <ToggleButton
          key={option.value}
          id={option.value}
          className="segment"
          isDisabled={option.disabled ?? false}
          data-keeps-focus
        >
          {option.label}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  )
}

export function ValueSlider(props: {
  readonly label: string
  readonly value: number
  readonly min: number
  readonly max: number
  readonly step: number
  readonly onChange: (value: number) => void
  readonly onChangeEnd?: ((value: number) => void) | undefined
  readonly format?: Intl.NumberFormatOptions | undefined
  /** How the value is written beside the track. */
  readonly text?: ((value: number) => string) | undefined
  readonly hideLabel?: boolean | undefined
}) {
  return (
    <Slider
      className="slider"
      aria-label={props.label}
      value={props.value}
      minValue={props.min}
      maxValue={props.max}
      step={props.step}
      onChange={(value) => props.onChange(value as number)}
      {...(props.onChangeEnd
        ? { onChangeEnd: (value: number | number[]) => props.onChangeEnd?.(value as number) }
        : {})}
      {...(props.format ? { formatOptions: props.format } : {})}
    >
      {props.hideLabel ? <span /> : <Label>{props.label}</Label>}
      <SliderTrack className="track">
        {({ state }) => (
          <>
            <span className="fill" style={{ width: `${state.getThumbPercent(0) * 100}%` }} />
            <SliderThumb aria-label={props.label} />
          </>
        )}
      </SliderTrack>
      <SliderOutput>{props.text ? props.text(props.value) : undefined}</SliderOutput>
    </Slider>
  )
}
