import { useEffect, useRef, useState } from 'react'
import type { ObjectRecord } from '../../../main/core/records.ts'
import { useEditor } from '../window-context.tsx'

/** Renames an object where its name stands: Enter keeps, Escape does not. */
export function NameField({
  object,
  onDone,
}: {
  readonly object: ObjectRecord
  readonly onDone?: () => void
}) {
  const editor = useEditor()
  const [name, setName] = useState(object.name)
  const field = useRef<HTMLInputElement>(null)
  const dropped = useRef(false)
  useEffect(() => setName(object.name), [object.name])
  useEffect(() => {
    if (onDone) field.current?.select()
  }, [onDone])
  function keep() {
    const wanted = name.trim()
    if (!dropped.current && wanted && wanted !== object.name)
      void editor.run('object.update', {
        objectId: object.id,
        fields: { name: wanted },
        label: `Rename ${object.name}`,
      })
    else setName(object.name)
    dropped.current = false
    onDone?.()
  }
  return (
    <input
      ref={field}
      className="input name-field"
      aria-label={`Name of ${object.name}`}
      value={name}
      spellCheck={false}
      onChange={(event) => setName(event.target.value)}
      onBlur={keep}
      onKeyDown={(event) => {
        event.stopPropagation()
        if (event.key === 'Escape') dropped.current = true
        if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur()
      }}
    />
  )
}
