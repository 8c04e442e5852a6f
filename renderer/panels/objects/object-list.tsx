import { Merge, Plus, Trash2 } from 'lucide-react'
import { type KeyboardEvent, type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import {
  type DragAndDropOptions,
  GridList,
  type ItemDropTarget,
  type Key,
  ListLayout,
  type Selection,
  useDragAndDrop,
  Virtualizer,
} from 'react-aria-components'
import type { ClassRecord, ObjectId } from '../../../main/core/records.ts'
import type { Editor } from '../../editor/editor.ts'
import { ActionIcon } from '../parts/action-button.tsx'
import { Choice } from '../parts/choice.tsx'
import { SearchInput } from '../parts/fields.tsx'
import { useEditor, useEditorState, useFollowed, useRecords } from '../window-context.tsx'
import { ObjectItem } from './object-item.tsx'
import { listedObjects, type ObjectRow, objectRows } from './object-rows.ts'

/** Every object of the shown media, nearest first: the text twin of the canvas. */
export function ObjectList() {
  const editor = useEditor()
  const [search, setSearch] = useState('')
  const [classId, setClassId] = useState('all')
  const { mediaId, selected, playing } = useEditorState((state) => ({
    mediaId: state.mediaId,
    selected: state.selectedObjectIds,
    playing: state.playing,
  }))
  const textScale = useEditorState((state) => state.settings?.textScale ?? 1)
  // What a person does to the objects shows at once; what they are on the frame follows the picture.
  const listed = useRecords((editor) => listedObjects(editor, search, classId), [search, classId, mediaId])
  // While it plays the list stands still: nobody reads it, and the picture needs the time.
  const rows = useFollowed((editor) => objectRows(editor, listed), [listed], playing)
  const classes = useRecords(
    (editor) => [...editor.store.ofKind('class')].sort((a, b) => a.order - b.order),
    [],
  )
  const dragAndDropHooks = useReorder()
  const rowHeight = Math.round(28 * textScale)
  const layout = useMemo(() => ({ rowSize: rowHeight }), [rowHeight])
  const list = useRef<HTMLDivElement>(null)
  useLastSelectedInView(list, rows, selected, rowHeight)

  return (
    <div className="object-panel" onKeyDownCapture={(event) => runInstead(editor, event)}>
      <div className="list-tools">
        <SearchInput label="Search objects" placeholder="Search" value={search} onChange={setSearch} />
        <ClassFilter classes={classes} value={classId} onChange={setClassId} />
        <ActionIcon small id="object.new" icon={Plus} />
      </div>
      <Virtualizer layout={ListLayout} layoutOptions={layout}>
        <GridList
          ref={list}
          className="object-list"
          aria-label="Objects"
          items={rows}
          selectionMode="multiple"
          selectionBehavior="replace"
          disallowTypeAhead
          keyboardNavigationBehavior="tab"
          selectedKeys={selected}
          onSelectionChange={(keys) => editor.select(chosen(keys, rows))}
          dragAndDropHooks={dragAndDropHooks}
          renderEmptyState={() => <EmptyList filtered={search !== '' || classId !== 'all'} />}
        >
          {(row) => <ObjectItem row={row} />}
        </GridList>
      </Virtualizer>
      {selected.length > 1 ? (
        <div className="list-foot">
          <span className="grow">{selected.length} selected</span>
          <ActionIcon small id="object.merge" icon={Merge} />
          <ActionIcon small id="edit.delete" icon={Trash2} />
        </div>
      ) : null}
    </div>
  )
}

/** On a row, Enter and Space mean what they mean over the picture (confirm, play): the row is selected already. */
function runInstead(editor: Editor, event: KeyboardEvent): void {
  const isRow = event.target instanceof Element && event.target.getAttribute('role') === 'row'
  if (!isRow || !['Enter', ' '].includes(event.key) || event.ctrlKey || event.metaKey) return
  const actionId = editor.keymap.actionFor(event.nativeEvent)
  if (!actionId) return
  event.preventDefault()
  event.stopPropagation()
  void editor.run(actionId)
}

/** What is chosen on the canvas or the timeline comes into view here, with no more movement than that takes. */
function useLastSelectedInView(
  list: RefObject<HTMLDivElement | null>,
  rows: readonly ObjectRow[],
  selected: readonly ObjectId[],
  rowHeight: number,
): void {
  const last = selected.at(-1)
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another selection moves the list
  useEffect(() => {
    const element = list.current
    const index = rows.findIndex((row) => row.id === last)
    if (!element || index < 0) return
    const top = index * rowHeight
    if (top < element.scrollTop) element.scrollTop = top
    else if (top + rowHeight > element.scrollTop + element.clientHeight)
      element.scrollTop = top + rowHeight - element.clientHeight
  }, [last, rowHeight])
}

function ClassFilter(props: {
  readonly classes: readonly ClassRecord[]
  readonly value: string
  readonly onChange: (value: string) => void
}) {
  if (props.classes.length === 0) return null
  return (
    <div className="class-filter">
      <Choice
        hideLabel
        label="Show objects of class"
        value={props.value}
        options={[
          { value: 'all', label: 'All classes' },
          ...props.classes.map((item) => ({ value: item.id as string, label: item.name })),
          { value: 'none', label: 'No class' },
        ]}
        onChange={props.onChange}
      />
    </div>
  )
}

function EmptyList({ filtered }: { readonly filtered: boolean }) {
  const editor = useEditor()
  if (filtered) return <p className="empty-line">No object has these words or this class.</p>
  return (
    <div className="empty-line">
      <p>No objects yet.</p>
      <p className="faint">
        Take the brush ({editor.keymap.labelOf('tool.brush')}) and paint one. Drawing with nothing selected
        makes a new object.
      </p>
    </div>
  )
}

function chosen(keys: Selection, rows: readonly ObjectRow[]): ObjectId[] {
  if (keys === 'all') return rows.map((row) => row.object.id)
  return rows.filter((row) => keys.has(row.id)).map((row) => row.object.id)
}

/** Dragging a row, or moving it with the keyboard, changes what lies in front. */
function useReorder() {
  const editor = useEditor()
  const options = useMemo(
    (): DragAndDropOptions<ObjectRow> => ({
      getItems: (keys) => [...keys].map((key) => ({ 'text/plain': String(key) })),
      onReorder: ({ keys, target }) => reorder(editor, keys, target),
    }),
    [editor],
  )
  return useDragAndDrop(options).dragAndDropHooks
}

function reorder(editor: Editor, keys: ReadonlySet<Key>, { key, dropPosition }: ItemDropTarget): void {
  const [moved, rest] = [true, false].map((wanted) =>
    editor.objects.map(({ id }) => id).filter((id) => keys.has(id) === wanted),
  ) as [ObjectId[], ObjectId[]]
  const at = rest.indexOf(key as ObjectId) + (dropPosition === 'after' ? 1 : 0)
  void editor.run('object.move-in-order', { objectIds: moved, nearerThan: rest[at] ?? null })
}
