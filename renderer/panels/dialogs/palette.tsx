import { Search } from 'lucide-react'
import {
  Autocomplete,
  Dialog,
  Input,
  ListBox,
  ListBoxItem,
  Modal,
  ModalOverlay,
  SearchField,
  useFilter,
} from 'react-aria-components'
import { useEditor } from '../window-context.tsx'

const menuWords: Readonly<Record<string, string>> = {
  file: 'File',
  edit: 'Edit',
  object: 'Object',
  propagate: 'Propagate',
  view: 'View',
  help: 'Help',
}

/** Everything that can be done, by its name, with its key. What cannot be done now says why. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const editor = useEditor()
  const { contains } = useFilter({ sensitivity: 'base' })
  const items = editor.actions
    .filter((action) => !action.needsArgs && action.id !== 'help.palette')
    .map((action) => {
      const available = action.when(editor)
      return {
        id: action.id,
        label: action.label,
        place: action.menu ? (menuWords[action.menu.name] ?? '') : '',
        keys: editor.keymap.labelOf(action.id),
        refusal: available === true ? null : available,
      }
    })
    .sort((a, b) => Number(a.refusal !== null) - Number(b.refusal !== null))
  return (
    <ModalOverlay className="scrim top" isOpen isDismissable onOpenChange={(open) => open || onClose()}>
      <Modal className="modal palette">
        <Dialog className="dialog" aria-label="Find an action">
          <Autocomplete filter={(text, query) => query.split(/\s+/).every((word) => contains(text, word))}>
            <SearchField className="palette-field" aria-label="Find an action" autoFocus>
              <Search aria-hidden />
              <Input placeholder="What do you want to do?" />
            </SearchField>
            <ListBox
              className="options palette-list"
              aria-label="Actions"
              items={items}
              disabledKeys={items.filter((item) => item.refusal !== null).map((item) => item.id)}
              onAction={(id) => {
                onClose()
                void editor.run(String(id))
              }}
              renderEmptyState={() => <p className="empty-line">No action has these words.</p>}
            >
              {(item) => (
                <ListBoxItem className="option palette-item" textValue={`${item.place} ${item.label}`}>
                  <span className="palette-label cut">
                    {item.label}
                    {item.refusal ? <span className="refusal">{item.refusal}</span> : null}
                  </span>
                  <span className="faint">{item.place}</span>
                  {item.keys ? <kbd className="keycap">{item.keys}</kbd> : null}
                </ListBoxItem>
              )}
            </ListBox>
          </Autocomplete>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
