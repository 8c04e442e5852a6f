import { useEffect, useState } from 'react'
import { useEditor, useEditorState } from '../window-context.tsx'

/** A remembered size or state of the window's panels: shown at once, written to the settings when `keep` is called. */
export function useLayout<T extends number | boolean | string>(
  key: string,
  initial: T,
): { readonly value: T; readonly show: (value: T) => void; readonly keep: (value: T) => void } {
  const editor = useEditor()
  const kept = useEditorState((state) => state.settings?.layout[key])
  const known = typeof kept === typeof initial ? (kept as T) : initial
  const [value, setValue] = useState<T>(known)
  useEffect(() => setValue(known), [known])
  return {
    value,
    show: setValue,
    keep: (next) => {
      setValue(next)
      const { settings } = editor.now
      if (!settings) return
      const layout = { ...settings.layout, [key]: next }
      editor.set({ settings: { ...settings, layout } })
      editor.host.updateSettings({ layout }).catch((error: unknown) => {
        editor.say(error instanceof Error ? error.message : String(error), 'failed')
      })
    },
  }
}
