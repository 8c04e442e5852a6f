import { Download, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { cocoClasses, vipsegClasses } from '../../../main/core/formats/class-tables.ts'
import type { ClassRecord } from '../../../main/core/records.ts'
import { addListedClasses } from '../../editor/listed-classes.ts'
import { Segments } from '../parts/fields.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { usePathPicker } from '../path-picker.tsx'
import { classFilters } from '../pick-filters.ts'
import { useEditor, useRecords } from '../window-context.tsx'

/** The classes objects may have: name, colour, thing or stuff. The first nine have the keys 1 to 9. */
export function ClassList() {
  const editor = useEditor()
  const classes = useRecords(
    (editor) => [...editor.store.ofKind('class')].sort((a, b) => a.order - b.order),
    [],
  )
  return (
    <div className="classes">
      <div className="list-tools">
        <ImportMenu />
        <span className="grow" />
        <IconButton
          small
          label="New class"
          icon={Plus}
          onPress={() => void editor.run('class.new', { name: freeClassName(classes) })}
        />
      </div>
      {classes.length === 0 ? <p className="empty-line">No classes. Import a list, or add one.</p> : null}
      <ul className="class-rows">
        {classes.map((item, index) => (
          <ClassRow key={item.id} item={item} position={index} />
        ))}
      </ul>
    </div>
  )
}

function ClassRow({ item, position }: { readonly item: ClassRecord; readonly position: number }) {
  const editor = useEditor()
  const [name, setName] = useState(item.name)
  const change = (fields: Partial<ClassRecord>) =>
    void editor.run('class.update', { classId: item.id, fields })
  return (
    <li className="class-item">
      <input
        type="color"
        className="color-input"
        aria-label={`Colour of class ${item.name}`}
        defaultValue={item.color}
        onBlur={(event) => event.target.value === item.color || change({ color: event.target.value })}
      />
      <span className="key-slot faint numbers">{position < 9 ? position + 1 : ''}</span>
      <input
        className="input name-field"
        aria-label={`Name of class ${item.name}`}
        value={name}
        spellCheck={false}
        onChange={(event) => setName(event.target.value)}
        onBlur={() =>
          name.trim() && name !== item.name ? change({ name: name.trim() }) : setName(item.name)
        }
        onKeyDown={(event) => {
          event.stopPropagation()
          if (event.key === 'Enter') event.currentTarget.blur()
        }}
      />
      <Segments
        label={`${item.name} is a thing or stuff`}
        value={item.stuff ? 'stuff' : 'thing'}
        options={[
          { value: 'thing', label: 'Thing' },
          { value: 'stuff', label: 'Stuff' },
        ]}
        onChange={(value) => change({ stuff: value === 'stuff' })}
      />
      <IconButton
        small
        label={`Delete class ${item.name}`}
        icon={Trash2}
        onPress={() => void editor.run('class.delete', { classId: item.id })}
      />
    </li>
  )
}

function freeClassName(classes: readonly ClassRecord[]): string {
  const taken = new Set(classes.map((item) => item.name))
  let number = classes.length + 1
  while (taken.has(`class ${number}`)) number++
  return `class ${number}`
}

/** The lists the program knows by heart, or a file. */
function ImportMenu() {
  const editor = useEditor()
  const pick = usePathPicker()
  async function importFrom(id: string) {
    if (id === 'coco') addListedClasses(editor, cocoClasses(), 'Import the classes of COCO')
    else if (id === 'vipseg') addListedClasses(editor, vipsegClasses(), 'Import the classes of VIPSeg')
    else await importFile()
  }
  async function importFile() {
    const picked = await pick({ kind: 'files', title: 'Choose a class list', filters: classFilters })
    if (picked) await editor.run('file.import-classes', { paths: picked.paths })
  }
  return (
    <MenuTrigger>
      <Button className="button small">
        <Download aria-hidden />
        Import classes
      </Button>
      <Popover className="popover" placement="bottom start" offset={2}>
        <Menu className="menu" aria-label="Import classes" onAction={(id) => void importFrom(String(id))}>
          <MenuItem className="menu-item" id="coco">
            COCO, 80 classes
          </MenuItem>
          <MenuItem className="menu-item" id="vipseg">
            VIPSeg, 124 classes
          </MenuItem>
          <MenuItem className="menu-item" id="file">
            From a text or JSON file
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
