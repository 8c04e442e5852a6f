import { useEffect } from 'react'
import { useEditorState } from '../window-context.tsx'

/** Puts the theme and the text scale of the settings on the page. */
export function useAppearance(): void {
  const { theme, textScale } = useEditorState((state) => ({
    theme: state.settings?.theme ?? 'system',
    textScale: state.settings?.textScale ?? 1,
  }))
  useEffect(() => {
    const light = window.matchMedia('(prefers-color-scheme: light)')
    const show = () => {
      const isLight = theme === 'system' ? light.matches : theme === 'light'
      document.documentElement.dataset.theme = isLight ? 'light' : 'dark'
    }
    show()
    light.addEventListener('change', show)
    return () => light.removeEventListener('change', show)
  }, [theme])
  useEffect(() => {
    document.documentElement.style.setProperty('--text-scale', String(textScale))
  }, [textScale])
}
