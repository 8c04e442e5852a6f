import { ArrowUp, FileText, Folder } from 'lucide-react'
import { useEffect, useState } from 'react'
import { GridList, GridListItem, ListLayout, type Selection, Virtualizer } from 'react-aria-components'
import type { FolderListing, PathRef, PickOptions } from '../../../main/core/api.ts'
import { DialogWindow } from '../parts/dialog-window.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { Notice } from '../parts/notice.tsx'
import { TextButton } from '../parts/text-button.tsx'
import type { Picked } from '../path-picker.tsx'
import { sentenceOf } from '../sentence-of.ts'
import { useProgram } from '../window-context.tsx'
import { bytesText } from '../words.ts'

export interface BrowseDialogProps {
  readonly options: PickOptions
  readonly onDone: (picked: Picked | null) => void
}

/** The folders of the machine the host runs on: a page has no file dialog for them. */
export function BrowseDialog({ options, onDone }: BrowseDialogProps) {
  const { host } = useProgram()
  const [at, setAt] = useState<PathRef | null>(null)
  const [listing, setListing] = useState<FolderListing | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const wantsFiles = options.kind === 'files'

  useEffect(() => {
    let stale = false
    host.browse(at).then(
      (next) => {
        if (stale) return
        setListing(next)
        setSelected(new Set())
        setProblem(null)
      },
      (error: unknown) => stale || setProblem(sentenceOf(error)),
    )
    return () => {
      stale = true
    }
  }, [host, at])

  const shown = listing ? shownEntries(listing, options) : []
  const chosen = shown.filter((entry) => selected.has(entry.ref) && (wantsFiles || entry.folder))
  const files = chosen.filter((entry) => !entry.folder || options.filters === undefined)

  function finish() {
    if (!listing) return
    if (wantsFiles) {
      onDone({
        paths: files.map((entry) => entry.ref),
        names: files.map((entry) => entry.name),
        folder: listing.ref,
        folderName: listing.name,
      })
      return
    }
    const folder = chosen[0] ?? listing
    onDone({ paths: [folder.ref], names: [folder.name], folder: listing.ref, folderName: listing.name })
  }
  const folderName = chosen[0]?.name ?? listing?.name ?? ''
  return (
    <DialogWindow
      title={options.title}
      onClose={() => onDone(null)}
      foot={
        <>
          <span className="grow cut">
            {wantsFiles
              ? files.map((entry) => entry.name).join(', ') || 'Choose a file. Enter opens a folder.'
              : folderName}
          </span>
          <TextButton onPress={() => onDone(null)}>Cancel</TextButton>
          <TextButton
            look="primary"
            onPress={finish}
            disabled={!listing || (wantsFiles && files.length === 0)}
          >
            {wantsFiles ? 'Choose' : 'Use this folder'}
          </TextButton>
        </>
      }
    >
      <div className="browse">
        <div className="across">
          <IconButton
            label="Up one folder"
            icon={ArrowUp}
            disabled={!listing?.parent}
            onPress={() => setAt(listing?.parent ?? null)}
          />
          <strong className="cut">{listing?.name ?? 'Reading'}</strong>
        </div>
        {problem ? <Notice tone="bad">{problem}</Notice> : null}
        <Virtualizer layout={ListLayout} layoutOptions={{ rowSize: 28 }}>
          <GridList
            className="browse-list"
            aria-label={`Contents of ${listing?.name ?? 'folder'}`}
            items={shown.map((entry) => ({ ...entry, id: entry.ref }))}
            selectionMode={wantsFiles ? 'multiple' : 'single'}
            selectionBehavior="replace"
            selectedKeys={selected}
            onSelectionChange={(keys) => setSelected(chosenKeys(keys, shown))}
            onAction={(key) => openOrFinish(String(key))}
            renderEmptyState={() => (
              <p className="empty-line">
                {listing ? 'Nothing here that can be chosen.' : 'Reading the folder'}
              </p>
            )}
          >
            {(entry) => (
              <GridListItem className="browse-row" textValue={entry.name}>
                {entry.folder ? <Folder aria-hidden /> : <FileText aria-hidden />}
                <span className="grow cut">{entry.name}</span>
                {entry.folder ? null : <span className="faint numbers">{bytesText(entry.byteLength)}</span>}
              </GridListItem>
            )}
          </GridList>
        </Virtualizer>
      </div>
    </DialogWindow>
  )

  function openOrFinish(ref: string) {
    const entry = shown.find((item) => item.ref === ref)
    if (!entry || !listing) return
    if (entry.folder) setAt(entry.ref)
    else onDone({ paths: [ref], names: [entry.name], folder: listing.ref, folderName: listing.name })
  }
}

type Entry = FolderListing['entries'][number]

function shownEntries(listing: FolderListing, options: PickOptions): readonly Entry[] {
  const extensions = options.filters?.flatMap((filter) =>
    filter.extensions.map((extension) => extension.toLowerCase()),
  )
  return listing.entries.filter((entry) => {
    if (entry.folder) return true
    if (options.kind !== 'files') return false
    return (
      !extensions ||
      extensions.includes('*') ||
      extensions.includes(entry.name.split('.').at(-1)?.toLowerCase() ?? '')
    )
  })
}

function chosenKeys(keys: Selection, shown: readonly Entry[]): ReadonlySet<string> {
  return keys === 'all' ? new Set(shown.map((entry) => entry.ref)) : new Set([...keys].map(String))
}
