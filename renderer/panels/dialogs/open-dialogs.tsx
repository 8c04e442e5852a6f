import type { ProjectDoor } from '../project-door.tsx'
import { useEditor, useEditorState } from '../window-context.tsx'
import { AboutDialog } from './about-dialog.tsx'
import { CopyDialog } from './copy-dialog.tsx'
import { DeleteMediaDialog } from './delete-media-dialog.tsx'
import { ExportDialog } from './export-dialog.tsx'
import { LockedDialog } from './locked-dialog.tsx'
import { ModelsDialog } from './models-dialog.tsx'
import { NewProjectDialog } from './new-project-dialog.tsx'
import { Palette } from './palette.tsx'
import { PickDialog } from './pick-dialog.tsx'
import { RangeDialog } from './range-dialog.tsx'
import { RelinkDialog } from './relink-dialog.tsx'
import { ReportDialog } from './report-dialog.tsx'
import { SettingsDialog } from './settings-dialog.tsx'
import { ShortcutsDialog } from './shortcuts-dialog.tsx'

/** The dialog that the editor's state names. */
export function OpenDialogs({ door }: { readonly door: ProjectDoor }) {
  const editor = useEditor()
  const dialog = useEditorState((state) => state.dialog)
  const close = () => editor.closeDialog()
  if (!dialog) return null
  switch (dialog.type) {
    case 'palette':
      return <Palette onClose={close} />
    case 'shortcuts':
      return <ShortcutsDialog onClose={close} />
    case 'settings':
      return <SettingsDialog onClose={close} />
    case 'about':
      return <AboutDialog onClose={close} />
    case 'new-project':
      return <NewProjectDialog media={null} create={door.create} onClose={close} />
    case 'copy-to-frames':
      return <CopyDialog onClose={close} />
    case 'models':
      return <ModelsDialog onClose={close} />
    case 'export':
      return <ExportDialog onClose={close} />
    case 'propagate-range':
      return <RangeDialog onClose={close} />
    case 'relink':
      return <RelinkDialog mediaId={dialog.mediaId} onClose={close} />
    case 'delete-media':
      return <DeleteMediaDialog mediaId={dialog.mediaId} onClose={close} />
    case 'report':
      return <ReportDialog jobId={dialog.jobId} onClose={close} />
    case 'open-read-only':
      return (
        <LockedDialog
          sentence={dialog.sentence}
          onClose={close}
          onReadOnly={() => {
            close()
            door.open(dialog.folder, true)
          }}
        />
      )
    case 'pick':
      return <PickDialog dialog={dialog} onClose={close} />
  }
}
