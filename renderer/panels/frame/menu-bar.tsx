import { Check, ChevronDown, CircleHelp } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Button, Menu, MenuItem, MenuSection, MenuTrigger, Popover, Separator } from 'react-aria-components'
import type { Action, MenuName } from '../../editor/action.ts'
import type { Editor } from '../../editor/editor.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { useAction } from '../use-action.ts'
import { Mark } from '../welcome/mark.tsx'
import { useEditor, useReading } from '../window-context.tsx'
import { focusCanvas } from './focus-canvas.ts'
import { SavedTime } from './saved-time.tsx'

const menus: readonly (readonly [MenuName, string])[] = [
  ['file', 'File'],
  ['edit', 'Edit'],
  ['object', 'Object'],
  ['propagate', 'Propagate'],
  ['review', 'Review'],
  ['view', 'View'],
  ['help', 'Help'],
]

export function MenuBar() {
  const [open, setOpen] = useState<MenuName | null>(null)
  const shortcuts = useAction('help.shortcuts')
  useClickBeside(open !== null, () => setOpen(null))
  return (
    <header className="menu-bar">
      <Mark size={20} />
      <MediaChoice />
      <nav className="menus" aria-label="Menu">
        {menus.map(([name, label]) => (
          <MenuTrigger
            key={name}
            isOpen={open === name}
            onOpenChange={(isOpen) => setOpen((now) => (isOpen ? name : now === name ? null : now))}
          >
            <Button
              className="menu-button"
              onHoverStart={() => {
                if (open && open !== name) setOpen(name)
              }}
            >
              {label}
            </Button>
            <Popover className="popover" placement="bottom start" offset={2} isNonModal>
              <MenuOf name={name} onWalk={(by) => setOpen(neighbour(name, by))} />
            </Popover>
          </MenuTrigger>
        ))}
      </nav>
      <span className="grow" />
      <SavedTime />
      <IconButton
        label={shortcuts.label}
        keys={shortcuts.keys}
        icon={CircleHelp}
        side="bottom"
        onPress={() => shortcuts.run()}
      />
    </header>
  )
}

/** Menus let the pointer through, so that the next one opens by passing over it; so a click beside closes them here. */
function useClickBeside(isOpen: boolean, close: () => void): void {
  const latest = useRef(close)
  latest.current = close
  useEffect(() => {
    if (!isOpen) return
    const press = (event: PointerEvent) => {
      if (event.target instanceof Element && !event.target.closest('.popover, .menu-button')) latest.current()
    }
    window.addEventListener('pointerdown', press, true)
    return () => window.removeEventListener('pointerdown', press, true)
  }, [isOpen])
}

/** Runs an action of a menu; then the focus belongs to the picture again, unless a dialog has opened. */
async function runAndReturn(editor: Editor, id: string): Promise<void> {
  await editor.run(id)
  // The menu gives the focus back to its button as it closes: after that.
  requestAnimationFrame(() => requestAnimationFrame(() => editor.now.dialog || focusCanvas()))
}

/** Left and right of an open menu, round the end. */
function neighbour(name: MenuName, by: number): MenuName {
  const at = menus.findIndex(([known]) => known === name)
  return menus.at((at + by) % menus.length)?.[0] ?? name
}

interface MenuOfProps {
  readonly name: MenuName
  readonly onWalk: (by: -1 | 1) => void
}

function MenuOf({ name, onWalk }: MenuOfProps) {
  const editor = useEditor()
  const items = editor.actions.filter((action) => action.menu?.name === name)
  const groups = [...new Set(items.map((action) => action.menu?.group ?? 0))].sort((a, b) => a - b)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the menu inside takes the focus; this adds the menu bar's arrows
    <div
      onKeyDown={(event) => {
        if (event.key === 'ArrowLeft') onWalk(-1)
        if (event.key === 'ArrowRight') onWalk(1)
      }}
    >
      <Menu className="menu" aria-label={name} onAction={(id) => void runAndReturn(editor, String(id))}>
        {groups.map((group, index) => (
          <MenuSection key={group} aria-label={`${name} ${group}`}>
            {index > 0 ? <Separator className="menu-separator" /> : null}
            {items
              .filter((action) => action.menu?.group === group)
              .map((action) => (
                <ActionItem key={action.id} action={action} />
              ))}
          </MenuSection>
        ))}
      </Menu>
    </div>
  )
}

function ActionItem({ action }: { readonly action: Action }) {
  const editor = useEditor()
  const label = menuLabel(action, editor.now.history)
  return (
    <MenuItem
      className="menu-item"
      id={action.id}
      textValue={label}
      isDisabled={action.when(editor) !== true}
    >
      <span className="tick">{action.checked?.(editor) ? <Check aria-hidden /> : null}</span>
      {label}
      <kbd className="key">{editor.keymap.labelOf(action.id)}</kbd>
    </MenuItem>
  )
}

/** Undo and redo say what they would take back. */
function menuLabel(
  action: Action,
  history: { undo: readonly { label: string }[]; redo: readonly { label: string }[] },
): string {
  const step =
    action.id === 'edit.undo'
      ? history.undo.at(-1)
      : action.id === 'edit.redo'
        ? history.redo.at(-1)
        : undefined
  return step ? `${action.label} ${step.label.charAt(0).toLowerCase()}${step.label.slice(1)}` : action.label
}

/** The project, and which of its media is shown. */
function MediaChoice() {
  const editor = useEditor()
  const { projectName, mediaName } = useReading((editor) => ({
    projectName: editor.now.project?.name ?? '',
    mediaName: editor.media?.name ?? null,
  }))
  const media = useReading((editor) => [...editor.store.ofKind('media')])
  return (
    <MenuTrigger>
      <Button
        className="menu-button project-button"
        aria-label={`Project ${projectName}, media ${mediaName ?? 'none'}`}
      >
        <strong className="cut">{projectName}</strong>
        {mediaName ? <span className="quiet cut">{mediaName}</span> : null}
        <ChevronDown aria-hidden />
      </Button>
      <Popover className="popover" placement="bottom start" offset={2}>
        <Menu
          className="menu"
          aria-label="Media of this project"
          onAction={(id) => {
            const chosen = media.find((item) => item.id === id)
            if (chosen) editor.showMedia(chosen.id)
            else void editor.run(String(id))
          }}
        >
          <MenuSection aria-label="Media">
            {media.map((item) => (
              <MenuItem key={item.id} id={item.id} className="menu-item" textValue={item.name}>
                <span className="tick">{item.id === editor.now.mediaId ? <Check aria-hidden /> : null}</span>
                {item.name}
              </MenuItem>
            ))}
          </MenuSection>
          <MenuSection aria-label="More">
            {media.length > 0 ? <Separator className="menu-separator" /> : null}
            <MenuItem id="file.import-media" className="menu-item">
              <span className="tick" />
              Import media
            </MenuItem>
          </MenuSection>
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
