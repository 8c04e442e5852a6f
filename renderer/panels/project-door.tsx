import { type ReactNode, useState } from 'react'
import type { PathRef } from '../../main/core/api.ts'
import { NewProjectDialog } from './dialogs/new-project-dialog.tsx'
import type { Picked } from './path-picker.tsx'
import { useEditor } from './window-context.tsx'

/** The ways into a project. What is refused is said by the editor's sentence. */
export interface ProjectDoor {
  /** What is going on, or null. */
  readonly busy: string | null
  open(folder: PathRef, readOnly?: boolean): void
  openSample(): void
  /** Asks for name and place of a new project that begins with the picked media. */
  askForNew(media: Picked): void
  /** Makes a project and imports the media into it; false when that was refused. */
  create(parent: PathRef, name: string, media: Picked | null): Promise<boolean>
  readonly dialogs: ReactNode
}

export function useProjectDoor(): ProjectDoor {
  const editor = useEditor()
  const [busy, setBusy] = useState<string | null>(null)
  const [begun, setBegun] = useState<Picked | null>(null)

  async function during(sentence: string, work: () => Promise<unknown>) {
    editor.set({ sentence: null })
    setBusy(sentence)
    await work()
    setBusy(null)
  }
  async function create(parent: PathRef, name: string, media: Picked | null) {
    if (!(await editor.run('file.new-project', { parent, name }))) return false
    setBegun(null)
    if (media) await editor.run('file.import-media', { paths: media.paths })
    return true
  }
  return {
    busy,
    open: (folder, readOnly = false) =>
      void during('Opening the project', () =>
        editor.run('file.open-project', { paths: [folder], readOnly }),
      ),
    openSample: () => void during('Making the sample project', () => editor.run('file.open-sample')),
    askForNew: setBegun,
    create,
    dialogs: begun ? <NewProjectDialog media={begun} create={create} onClose={() => setBegun(null)} /> : null,
  }
}
