import { useEffect } from 'react'
import { useEditorState, useProgram } from '../window-context.tsx'
import { clockText } from '../words.ts'

/**
 * The window's title, or the browser tab's: which project this is, and when its last change reached the disk. It draws
 * nothing, and changes with every second of a run: whatever held it would be drawn again as often.
 */
export function WindowTitle(): null {
  const { shell } = useProgram()
  const title = useEditorState(({ project, savedAt }) => {
    if (!project) return 'Inbetween'
    const saved = project.readOnly !== null ? 'read-only' : savedAt ? `saved ${clockText(savedAt)}` : null
    return [project.name, saved, 'Inbetween'].filter((part) => part !== null).join(' – ')
  })
  useEffect(() => {
    document.title = title
    void shell?.setTitle(title)
  }, [shell, title])
  return null
}
