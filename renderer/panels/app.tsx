import { I18nProvider } from 'react-aria-components'
import type { Editor } from '../editor/editor.ts'
import { OpenDialogs } from './dialogs/open-dialogs.tsx'
import { Announcer } from './frame/announcer.tsx'
import { ConnectionBanner } from './frame/banners.tsx'
import { FileDrop } from './frame/file-drop.tsx'
import { useAppearance } from './frame/use-appearance.ts'
import { useShortcuts } from './frame/use-shortcuts.ts'
import { WindowTitle } from './frame/window-title.tsx'
import { Workspace } from './frame/workspace.tsx'
import { TextButton } from './parts/text-button.tsx'
import { PathPicker } from './path-picker.tsx'
import { useProjectDoor } from './project-door.tsx'
import { WelcomeScreen } from './welcome/welcome-screen.tsx'
import { EditorProvider, useEditorState } from './window-context.tsx'

export function App({ editor }: { readonly editor: Editor }) {
  return (
    <I18nProvider locale="en-GB">
      <EditorProvider value={editor}>
        <PathPicker>
          <Screen />
        </PathPicker>
      </EditorProvider>
    </I18nProvider>
  )
}

function Screen() {
  useAppearance()
  useShortcuts()
  const door = useProjectDoor()
  const { isOpen, hasAnswered } = useEditorState((state) => ({
    isOpen: state.project !== null,
    hasAnswered: state.hostInfo !== null,
  }))
  return (
    <FileDrop door={door}>
      <WindowTitle />
      <ConnectionBanner />
      {!hasAnswered ? (
        <div className="splash" aria-busy />
      ) : isOpen ? (
        <Workspace />
      ) : (
        <WelcomeScreen door={door} />
      )}
      <OpenDialogs door={door} />
      {door.dialogs}
      <Announcer />
    </FileDrop>
  )
}

/** The program could not be reached at all. */
export function ConnectionFailure({ sentence }: { readonly sentence: string }) {
  return (
    <main className="failure" role="alert">
      <h1>Inbetween cannot reach its own program</h1>
      <p className="quiet selectable">{sentence}</p>
      <TextButton look="primary" onPress={() => window.location.reload()}>
        Try again
      </TextButton>
    </main>
  )
}
