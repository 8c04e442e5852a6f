import { Eye, EyeOff, GripVertical, Lock, LockOpen } from 'lucide-react'
import { useState } from 'react'
import { Button, GridListItem } from 'react-aria-components'
import { IconButton } from '../parts/icon-button.tsx'
import { useEditor } from '../window-context.tsx'
import { percentText } from '../words.ts'
import { NameField } from './name-field.tsx'
import { type ObjectRow, stateWords } from './object-rows.ts'
import { StateMark } from './state-mark.tsx'

export function ObjectItem({ row }: { readonly row: ObjectRow }) {
  const editor = useEditor()
  const [renaming, setRenaming] = useState(false)
  const { object } = row
  const args = { objectIds: [object.id] }
  return (
    <GridListItem
      id={row.id}
      className={`object-row ${object.hidden ? 'is-hidden' : ''}`}
      textValue={[object.name, row.className, stateWords[row.state]].filter(Boolean).join(', ')}
    >
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
        {row.confidence !== null && row.state === 'propagated' ? (
          <span className="confidence numbers">{percentText(row.confidence)}</span>
        ) : null}
        <StateMark state={row.state} color={object.color} />
      </span>
      <IconButton
        small
        className={object.hidden ? 'is-on' : 'on-hover'}
        label={object.hidden ? `Show ${object.name}` : `Hide ${object.name}`}
        icon={object.hidden ? EyeOff : Eye}
        onPress={() => void editor.run('object.hide', args)}
      />
      <IconButton
        small
        className={object.locked ? 'is-on' : 'on-hover'}
        label={object.locked ? `Unlock ${object.name}` : `Lock ${object.name}`}
        icon={object.locked ? Lock : LockOpen}
        onPress={() => void editor.run('object.lock', args)}
      />
    </GridListItem>
  )
}
