import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react'
import type { PathRef, PickOptions } from '../../main/core/api.ts'
import { BrowseDialog } from './dialogs/browse-dialog.tsx'
import { useProgram } from './window-context.tsx'

export interface Picked {
  readonly paths: readonly PathRef[]
  /** The names shown to the user, one a path. */
  readonly names: readonly string[]
  /** The folder the picked files lie in. */
  readonly folder: PathRef | null
  readonly folderName: string
}

export type PickPath = (options: PickOptions) => Promise<Picked | null>
const PickContext = createContext<PickPath>(() => Promise.resolve(null))

/** Asks for files or a folder: the system's dialog in the desktop app, a list of the host's folders in a browser. */
export function usePathPicker(): PickPath {
  return useContext(PickContext)
}

export function PathPicker({ children }: { readonly children: ReactNode }) {
  const { shell } = useProgram()
  const [asked, setAsked] = useState<{
    options: PickOptions
    answer: (picked: Picked | null) => void
  } | null>(null)
  const pickInPage = useCallback<PickPath>(
    (options) => new Promise((answer) => setAsked({ options, answer })),
    [],
  )
  const pickInShell = useMemo<PickPath | null>(
    () =>
      shell &&
      (async (options) => {
        const paths = await shell.pick(options)
        return paths?.length ? pickedFromPaths(paths) : null
      }),
    [shell],
  )
  return (
    <PickContext value={pickInShell ?? pickInPage}>
      {children}
      {asked ? (
        <BrowseDialog
          options={asked.options}
          onDone={(picked) => {
            setAsked(null)
            asked.answer(picked)
          }}
        />
      ) : null}
    </PickContext>
  )
}

/** Absolute paths of this machine, of either kind of slash. */
export function pickedFromPaths(paths: readonly PathRef[]): Picked {
  const parts = paths.map((path) => /^(.*)[\\/]([^\\/]*)$/.exec(path) ?? ['', '', path])
  const folder = parts[0]?.[1] || null
  const folderName = folder?.split(/[\\/]/).at(-1) ?? ''
  return { paths, names: parts.map((part) => part[2] ?? ''), folder, folderName }
}
