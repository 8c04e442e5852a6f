import { type DragEvent, type ReactNode, useState } from 'react'
import { pickedFromPaths } from '../path-picker.tsx'
import type { ProjectDoor } from '../project-door.tsx'
import { useEditor } from '../window-context.tsx'

/** Files dropped anywhere on the window are imported; without a project they begin one. */
export function FileDrop({ door, children }: { readonly door: ProjectDoor; readonly children: ReactNode }) {
  const editor = useEditor()
  const [over, setOver] = useState(false)
  const carriesFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files')

  function drop(event: DragEvent) {
    if (!carriesFiles(event)) return
    event.preventDefault()
    setOver(false)
    const { shell } = editor
    if (!shell) {
      editor.say(
        'A page cannot tell the program where a dropped file lies. Choose it with File, Import media.',
        'refused',
      )
      return
    }
    const picked = pickedFromPaths([...event.dataTransfer.files].map((file) => shell.pathOf(file)))
    if (picked.paths.length === 0) return
    if (editor.now.project) void editor.run('file.import-media', { paths: picked.paths })
    else door.askForNew(picked)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping files is a second way; the menu is the one for everybody
    <div
      className="window"
      onDragOver={(event) => {
        if (!carriesFiles(event)) return
        event.preventDefault()
        if (!over) setOver(true)
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false)
      }}
      onDrop={drop}
    >
      {children}
      {over ? <div className="drop-veil">Drop to import</div> : null}
    </div>
  )
}
