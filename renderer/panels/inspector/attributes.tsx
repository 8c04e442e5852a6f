import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import type { ObjectRecord } from '../../../main/core/records.ts'
import { TextInput } from '../parts/fields.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { useEditor } from '../window-context.tsx'

/** Free names and values of an object, such as pose: standing. */
export function Attributes({ object }: { readonly object: ObjectRecord }) {
  const editor = useEditor()
  const [name, setName] = useState('')
  const keep = (attributes: Readonly<Record<string, string>>) =>
    void editor.run('object.update', {
      objectId: object.id,
      fields: { attributes },
      label: `Attributes of ${object.name}`,
    })
  function add() {
    const wanted = name.trim()
    if (!wanted || wanted in object.attributes) return
    keep({ ...object.attributes, [wanted]: '' })
    setName('')
  }
  return (
    <section className="attributes" aria-label="Attributes">
      {Object.entries(object.attributes).map(([key, value]) => (
        <div className="attribute" key={key}>
          <span className="quiet cut" title={key}>
            {key}
          </span>
          <Value label={key} value={value} onKeep={(next) => keep({ ...object.attributes, [key]: next })} />
          <IconButton
            small
            label={`Remove ${key}`}
            icon={X}
            onPress={() =>
              keep(Object.fromEntries(Object.entries(object.attributes).filter(([other]) => other !== key)))
            }
          />
        </div>
      ))}
      <form
        className="attribute-new"
        onSubmit={(event) => {
          event.preventDefault()
          add()
        }}
      >
        <TextInput
          hideLabel
          label="New attribute"
          placeholder="Add an attribute"
          value={name}
          onChange={setName}
        />
        <IconButton small label="Add attribute" icon={Plus} disabled={!name.trim()} onPress={add} />
      </form>
    </section>
  )
}

function Value(props: {
  readonly label: string
  readonly value: string
  readonly onKeep: (value: string) => void
}) {
  const [value, setValue] = useState(props.value)
  return (
    <TextInput
      hideLabel
      label={props.label}
      value={value}
      onChange={setValue}
      onBlur={() => value === props.value || props.onKeep(value)}
    />
  )
}
