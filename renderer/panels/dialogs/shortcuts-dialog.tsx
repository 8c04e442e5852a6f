import { Pencil, RotateCcw } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { Settings } from '../../../main/core/api.ts'
import type { Action } from '../../editor/action.ts'
import { keyLabel } from '../../editor/keymap.ts'
import { Choice } from '../parts/choice.tsx'
import { DialogWindow } from '../parts/dialog-window.tsx'
import { SearchInput } from '../parts/fields.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { Notice } from '../parts/notice.tsx'
import { TextButton } from '../parts/text-button.tsx'
import { useEditor, useEditorState } from '../window-context.tsx'
import { KeyRecorder } from './key-recorder.tsx'
import { useUpdateSettings } from './settings-dialog.tsx'

const presets: readonly { readonly value: Settings['keyPreset']; readonly label: string }[] = [
  { value: 'inbetween', label: 'Inbetween' },
  { value: 'cvat', label: 'CVAT' },
  { value: 'labelme', label: 'labelme' },
  { value: 'video-editor', label: 'Video editor' },
]

/** Every shortcut, to read and to change. */
export function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
  const editor = useEditor()
  const update = useUpdateSettings()
  const settings = useEditorState((state) => state.settings)
  const [search, setSearch] = useState('')
  const [recording, setRecording] = useState<string | null>(null)
  if (!settings) return null
  const { keymap } = editor
  const words = search.toLowerCase().split(/\s+/)
  const shown = editor.actions.filter((action) => {
    if (action.needsArgs) return false
    const text = `${action.label} ${keymap
      .keysOf(action.id)
      .map((key) => keyLabel(key, editor.platform))
      .join(' ')}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
  const conflicts = keymap.conflicts.map(
    ({ key, actionIds }) =>
      `${keyLabel(key, editor.platform)} is wanted by ${actionIds.map((id) => editor.action(id).label).join(' and ')}; the first has it.`,
  )
  function setKeys(actionId: string, keys: readonly string[] | null) {
    if (!settings) return
    const { [actionId]: _, ...others } = settings.keys
    update({ keys: keys ? { ...others, [actionId]: keys } : others })
    setRecording(null)
  }
  return (
    <DialogWindow
      title="Keyboard shortcuts"
      onClose={onClose}
      foot={
        <>
          <TextButton disabled={Object.keys(settings.keys).length === 0} onPress={() => update({ keys: {} })}>
            Reset all
          </TextButton>
          <span className="grow" />
          <TextButton look="primary" onPress={onClose}>
            Done
          </TextButton>
        </>
      }
    >
      <div className="shortcuts">
        <div className="across">
          <SearchInput
            label="Search shortcuts"
            placeholder="Search by name or key"
            value={search}
            onChange={setSearch}
          />
          <Choice
            hideLabel
            label="Preset"
            value={settings.keyPreset}
            options={presets}
            onChange={(keyPreset) => update({ keyPreset })}
          />
        </div>
        {conflicts.length > 0 ? <Notice tone="warn">{conflicts.join(' ')}</Notice> : null}
        <ul className="shortcut-list" aria-label="Shortcuts">
          {shown.map((action) => (
            <ShortcutRow
              key={action.id}
              action={action}
              changed={action.id in settings.keys}
              recording={recording === action.id}
              onRecord={() => setRecording(action.id)}
              onKeys={(keys) => setKeys(action.id, keys)}
              onStop={() => setRecording(null)}
            />
          ))}
        </ul>
      </div>
    </DialogWindow>
  )
}

interface ShortcutRowProps {
  readonly action: Action
  readonly changed: boolean
  readonly recording: boolean
  readonly onRecord: () => void
  readonly onKeys: (keys: readonly string[] | null) => void
  readonly onStop: () => void
}

function ShortcutRow({ action, changed, recording, onRecord, onKeys, onStop }: ShortcutRowProps) {
  const editor = useEditor()
  const keys = editor.keymap.keysOf(action.id)
  const row = useRef<HTMLLIElement>(null)
  const wasRecording = useRef(false)
  // What had the focus is gone when a key was taken; it goes back to where it came from.
  useEffect(() => {
    if (wasRecording.current && !recording) row.current?.querySelector('button')?.focus()
    wasRecording.current = recording
  }, [recording])
  return (
    <li className="shortcut" ref={row}>
      <span className="grow cut">{action.label}</span>
      {recording ? (
        <KeyRecorder label={action.label} onKeys={onKeys} onStop={onStop} />
      ) : (
        <>
          <span className="across keys">
            {keys.length === 0 ? <span className="faint">none</span> : null}
            {keys.map((key) => (
              <kbd key={key} className="keycap">
                {keyLabel(key, editor.platform)}
              </kbd>
            ))}
          </span>
          <IconButton small label={`Change the key of ${action.label}`} icon={Pencil} onPress={onRecord} />
          <IconButton
            small
            label={`Reset the key of ${action.label}`}
            icon={RotateCcw}
            disabled={!changed}
            onPress={() => onKeys(null)}
          />
        </>
      )}
    </li>
  )
}
