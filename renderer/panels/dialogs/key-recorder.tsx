import { useEffect, useRef } from 'react'
import { keysOfPress } from '../../editor/keymap.ts'
import { TextButton } from '../parts/text-button.tsx'
import { useEditor } from '../window-context.tsx'

export interface KeyRecorderProps {
  readonly label: string
  readonly onKeys: (keys: readonly string[]) => void
  readonly onStop: () => void
}

/** Takes the next key pressed, whatever it is; Escape takes none. */
export function KeyRecorder({ label, onKeys, onStop }: KeyRecorderProps) {
  const editor = useEditor()
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  return (
    <span className="across">
      <input
        ref={field}
        className="input key-field"
        readOnly
        value="Press a key"
        aria-label={`New key of ${label}`}
        onKeyDown={(event) => {
          if (event.key === 'Tab') return
          event.preventDefault()
          event.stopPropagation()
          if (event.key === 'Escape') return onStop()
          const [key] = keysOfPress(event.nativeEvent, editor.platform)
          if (key) onKeys([key])
        }}
        onBlur={(event) => {
          if (!event.relatedTarget?.closest('.key-field, .shortcut')) onStop()
        }}
      />
      <TextButton small onPress={() => onKeys([])}>
        No key
      </TextButton>
    </span>
  )
}
