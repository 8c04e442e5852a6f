import { Eye, EyeOff, GripVertical, Lock, LockOpen } from 'lucide-react'
import { useState } from 'react'
import { Button, GridListItem } from 'react-aria-components'
import type { ObjectRecord } from '../../../main/core/records.ts'
import { trackConfidence } from '../../../main/core/track/track-confidence.ts'
import { IconButton, type IconButtonProps } from '../parts/icon-button.tsx'
import { useEditor, useEditorState, useSlowRecords } from '../window-context.tsx'
import { countText, percentText } from '../words.ts'
import { NameField } from './name-field.tsx'
import { type ObjectRow, stateWords } from './object-rows.ts'
import { StateMark } from './state-mark.tsx'

export function ObjectItem({ row }: { readonly row: ObjectRow }) {
  const { object } = row
  return (
    <GridListItem
      id={row.id}
      className={`object-row ${object.hidden ? 'is-hidden' : ''}`}
      textValue={[object.name, row.className, stateWords[row.state]].filter(Boolean).join(', ')}
    >
      {({ isHovered, isSelected, isFocused, isFocusVisibleWithin }) => (
        <RowContent row={row} isInHand={isHovered || isSelected || isFocused || isFocusVisibleWithin} />
      )}
    </GridListItem>
  )
}

/** `isInHand`: the pointer, the focus or the selection is here. */
function RowContent({ row, isInHand }: { readonly row: ObjectRow; readonly isInHand: boolean }) {
  const editor = useEditor()
  const [renaming, setRenaming] = useState(false)
  const { object } = row
  const args = { objectIds: [object.id] }
  return (
    <>
      <Button slot="drag" className="grip" aria-label={`Move ${object.name} in front or behind`}>
        <GripVertical aria-hidden />
      </Button>
      <span className="swatch" style={{ background: object.color }} />
      {renaming ? (
        <NameField object={object} onDone={() => setRenaming(false)} />
      ) : (
        // biome-ignore lint/a11y/noStaticElementInteractions: F2 and the inspector rename by keyboard
        <span
          className="object-name cut"
          onDoubleClick={() => setRenaming(true)}
          title="Double click renames"
        >
          {object.name}
          {row.className && row.className !== object.name ? (
            <span className="faint"> {row.className}</span>
          ) : null}
        </span>
      )}
      <span className="state" title={stateWords[row.state]}>
        <WorstStretch object={object} />
        {row.confidence !== null && row.state !== 'hidden' ? (
          <span className="confidence numbers">{percentText(row.confidence)}</span>
        ) : null}
        <StateMark state={row.state} color={object.color} />
      </span>
      <RowSwitch
        isOn={object.hidden}
        isInHand={isInHand}
        label={object.hidden ? `Show ${object.name}` : `Hide ${object.name}`}
        icon={object.hidden ? EyeOff : Eye}
        onPress={() => void editor.run('object.hide', args)}
      />
      <RowSwitch
        isOn={object.locked}
        isInHand={isInHand}
        label={object.locked ? `Unlock ${object.name}` : `Lock ${object.name}`}
        icon={object.locked ? Lock : LockOpen}
        onPress={() => void editor.run('object.lock', args)}
      />
    </>
  )
}

interface RowSwitchProps extends Pick<IconButtonProps, 'label' | 'icon' | 'onPress'> {
  readonly isOn: boolean
  readonly isInHand: boolean
}

/** Only where it is on, or where a hand may be after it: a run draws rows again many times a second. */
function RowSwitch({ isOn, isInHand, ...rest }: RowSwitchProps) {
  if (!isOn && !isInHand) return <span className="icon-button small on-hover" aria-hidden />
  return <IconButton {...rest} small className={isOn ? 'is-on' : 'on-hover'} />
}

/** How sure the object's masks are over all its frames: a bar for the worst stretch, with the figures as its tip. */
function WorstStretch({ object }: { readonly object: ObjectRecord }) {
  const doubtThreshold = useEditorState((state) => state.doubtThreshold)
  const found = useSlowRecords((editor) => trackConfidence(editor.tracks.track(object.id)), [object.id])
  if (!found) return null
  const { mean, worst } = found
  const look = worst.mean >= 0.85 ? 'good' : worst.mean >= doubtThreshold ? 'warn' : 'bad'
  const words = `Mean confidence ${percentText(mean)}; lowest ${percentText(worst.mean)}, on frames ${countText(worst.firstFrame)} to ${countText(worst.lastFrame)}`
  return (
    <span className={`stretch ${look}`} role="img" aria-label={words} title={words}>
      <span style={{ height: percentText(Math.max(0.12, worst.mean)).replace(' ', '') }} />
    </span>
  )
}
