import type { Settings } from '../../../main/core/api.ts'
import { updateSettings } from '../../editor/update-settings.ts'
import { DialogWindow } from '../parts/dialog-window.tsx'
import { Checkbox, NumberInput, Segments, ValueSlider } from '../parts/fields.tsx'
import { TextButton } from '../parts/text-button.tsx'
import { useEditor, useEditorState, useProgram } from '../window-context.tsx'
import { percentText } from '../words.ts'

/** The user's own settings on this machine. Each takes effect at once. */
export function SettingsDialog({ onClose }: { readonly onClose: () => void }) {
  const editor = useEditor()
  const { info } = useProgram()
  const settings = useEditorState((state) => state.settings)
  const update = useUpdateSettings()
  if (!settings) return null
  return (
    <DialogWindow
      title="Settings"
      size="narrow"
      onClose={onClose}
      foot={
        <>
          <TextButton onPress={() => editor.openDialog({ type: 'shortcuts' })}>Keyboard shortcuts</TextButton>
          <span className="grow" />
          <TextButton look="primary" onPress={onClose}>
            Done
          </TextButton>
        </>
      }
    >
      <div className="settings">
        <span className="setting-name">Theme</span>
        <Segments
          label="Theme"
          value={settings.theme}
          options={[
            { value: 'system', label: 'As the system' },
            { value: 'dark', label: 'Dark' },
            { value: 'light', label: 'Light' },
          ]}
          onChange={(theme) => update({ theme })}
        />
        <span className="setting-name">Text size</span>
        <ValueSlider
          hideLabel
          label="Text size"
          value={settings.textScale}
          min={0.8}
          max={1.6}
          step={0.05}
          format={{ style: 'percent' }}
          text={percentText}
          onChange={(textScale) => editor.set({ settings: { ...settings, textScale } })}
          onChangeEnd={(textScale) => update({ textScale })}
        />
        <span className="setting-name">Frame cache (MB)</span>
        <NumberInput
          hideLabel
          label="Frame cache (MB)"
          value={settings.cacheMegabytes}
          min={64}
          max={16_384}
          step={64}
          onChange={(cacheMegabytes) => update({ cacheMegabytes })}
        />
        <span className="setting-name">Threads for propagation</span>
        <NumberInput
          hideLabel
          label="Threads for propagation"
          value={settings.threadCount || (info?.threadCount ?? 1)}
          min={1}
          max={Math.max(64, info?.threadCount ?? 1)}
          onChange={(threadCount) => update({ threadCount })}
        />
        <span className="setting-name">Memory for networks (MB)</span>
        <NumberInput
          hideLabel
          label="Memory for networks (MB)"
          value={settings.modelMegabytes}
          min={512}
          max={1_048_576}
          step={256}
          onChange={(modelMegabytes) => update({ modelMegabytes })}
        />
        <span className="setting-name">After a correction</span>
        <Checkbox selected={settings.repropagate} onChange={(repropagate) => update({ repropagate })}>
          Propagate its neighbours again
        </Checkbox>
      </div>
    </DialogWindow>
  )
}

export function useUpdateSettings(): (patch: Partial<Settings>) => void {
  const editor = useEditor()
  return (patch) => void updateSettings(editor, patch)
}
