import { Check, ChevronDown, CircleHelp } from 'lucide-react'
import { useState } from 'react'
import { Button, Menu, MenuItem, MenuSection, MenuTrigger, Popover, Separator } from 'react-aria-components'
import type { Action, MenuName } from '../../editor/action.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { useAction } from '../use-action.ts'
import { Mark } from '../welcome/mark.tsx'
import { useEditor, useReading } from '../window-context.tsx'
import { SavedTime } from './saved-time.tsx'

const menus: readonly (readonly [MenuName, string])[] = [
  ['file', 'File'],
  ['edit', 'Edit'],
  ['object', 'Object'],
  ['propagate', 'Propagate'],
  ['view', 'View'],
  ['help', 'Help'],
]

export function MenuBar() {
  const [open, setOpen] = useState<MenuName | null>(null)
  const shortcuts = useAction('help.shortcuts')
  return (
    <header className="menu-bar">
      <Mark size={20} />
      <MediaChoice />
      <nav className="menus" aria-label="Menu">
        {menus.map(([name, label]) => (
          <MenuTrigger
            key={name}
            isOpen={open === name}
            onOpenChange={(isOpen) => setOpen(isOpen ? name : null)}
          >
            <Button
              className="menu-button"
              onHoverStart={() => {
                if (open && open !== name) setOpen(name)
              }}
            >
              {label}
            </Button>
            <Popover
              className="popover"
              placement="bottom start"
              offset={2}
              isNonModal={open !== null && open !== name}
            >
              <MenuOf name={name} />
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

function MenuOf({ name }: { readonly name: MenuName }) {
  const editor = useEditor()
  const items = editor.actions.filter((action) => action.menu?.name === name)
  const groups = [...new Set(items.map((action) => action.menu?.group ?? 0))].sort((a, b) => a - b)
  return (
    <Menu className="menu" aria-label={name} onAction={(id) => void editor.run(String(id))}>
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
