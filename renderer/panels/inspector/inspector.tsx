import { Copy, Shuffle, SkipForward, Split, Trash2 } from 'lucide-react'
import type { ClassRecord, MaskRecord, ObjectRecord } from '../../../main/core/records.ts'
import { isKey, isStuff } from '../../../main/core/records.ts'
import { doubtReason } from '../../../main/core/track/doubt.ts'
import { trackState } from '../../../main/core/track/track.ts'
import { NameField } from '../objects/name-field.tsx'
import { stateHere, stateWords } from '../objects/object-rows.ts'
import { StateMark } from '../objects/state-mark.tsx'
import { ActionIcon, ActionText } from '../parts/action-button.tsx'
import { Choice } from '../parts/choice.tsx'
import { Segments } from '../parts/fields.tsx'
import { useEditor, useEditorState, useFollowed, useRecords } from '../window-context.tsx'
import { countOf, percentText } from '../words.ts'
import { Attributes } from './attributes.tsx'
import { ColorChoice } from './color-choice.tsx'

/** Everything of the selected object, and of its mask on the shown frame. */
export function Inspector() {
  const selectedObjectIds = useEditorState((state) => state.selectedObjectIds)
  const objects = useRecords((editor) => editor.selectedObjects, [selectedObjectIds])
  const [object] = objects
  if (!object) return <p className="empty-line">Select an object to see what it is on this frame.</p>
  return (
    <div className="inspector">
      {objects.length === 1 ? (
        <NameAndColor object={object} />
      ) : (
        <p>{countOf(objects.length, 'object')} selected</p>
      )}
      <ClassRow objects={objects} />
      {objects.length === 1 ? (
        <>
          <MaskHere object={object} />
          <Attributes object={object} />
        </>
      ) : null}
      <div className="inspector-actions">
        <ActionIcon small id="mask.copy-to-frames" icon={Copy} />
        <ActionIcon small id="mask.interpolate" icon={SkipForward} />
        <ActionIcon small id="object.split" icon={Split} />
        <ActionIcon small id="object.swap" icon={Shuffle} />
        <span className="grow" />
        <ActionIcon small id="edit.delete" icon={Trash2} />
      </div>
    </div>
  )
}

function NameAndColor({ object }: { readonly object: ObjectRecord }) {
  return (
    <div className="across">
      <ColorChoice object={object} />
      <NameField object={object} />
    </div>
  )
}

function ClassRow({ objects }: { readonly objects: readonly ObjectRecord[] }) {
  const editor = useEditor()
  const classes = useRecords(
    (editor) => [...editor.store.ofKind('class')].sort((a, b) => a.order - b.order),
    [],
  )
  const [first] = objects
  if (!first) return null
  const same = objects.every((object) => object.classId === first.classId)
  const objectClass = first.classId ? (editor.store.get(first.classId) as ClassRecord | undefined) : undefined
  return (
    <div className="class-row">
      <div className="grow">
        <Choice
          hideLabel
          label="Class"
          placeholder={same ? 'No class' : 'Several classes'}
          value={same ? first.classId : null}
          options={[
            ...classes.map((item, index) => ({
              value: item.id as string,
              label: item.name,
              hint: index < 9 ? String(index + 1) : undefined,
              mark: <span className="swatch" style={{ background: item.color }} />,
            })),
            { value: '', label: 'No class' },
          ]}
          onChange={(classId) =>
            void editor.run('class.assign', { classId: classId === '' ? null : classId })
          }
        />
      </div>
      <Segments
        label="Thing or stuff"
        value={isStuff(first, objectClass) ? 'stuff' : 'thing'}
        options={[
          { value: 'thing', label: 'Thing' },
          { value: 'stuff', label: 'Stuff' },
        ]}
        onChange={(value) => void editor.run('object.set-stuff', { stuff: value === 'stuff' })}
      />
    </div>
  )
}

/** What the object is on this frame, why it is doubtful, and what settles it. */
function MaskHere({ object }: { readonly object: ObjectRecord }) {
  const here = useFollowed(
    (editor) => {
      const { frameIndex, doubtThreshold } = editor.now
      const track = editor.tracks.track(object.id)
      const found = trackState(track, frameIndex)
      const mask = found.type === 'mask' ? found.mask : null
      return { ...stateHere(editor, object), mask, doubt: mask && doubtReason(track, mask, doubtThreshold) }
    },
    [object],
  )
  return (
    <section className="mask-here" aria-label="Mask on this frame">
      <div className="across">
        <StateMark state={here.state} color={object.color} />
        <span className="grow">{stateWords[here.state]}</span>
        {here.mask && here.state !== 'confirmed' ? <ActionText small id="mask.confirm" /> : null}
      </div>
      {here.state === 'partial' ? (
        <div className="across">
          <span className="grow quiet">Only your strokes teach.</span>
          <ActionText small id="mask.accept-whole" />
        </div>
      ) : null}
      {here.mask ? <MaskFigures mask={here.mask} /> : null}
      {here.doubt ? <p className="doubt-line">{here.doubt}</p> : null}
    </section>
  )
}

function MaskFigures({ mask }: { readonly mask: MaskRecord }) {
  return (
    <p className="figures-line quiet numbers">
      {[
        countOf(mask.area, 'pixel'),
        isKey(mask) || mask.confidence === null ? '' : `confidence ${percentText(mask.confidence)}`,
        madeBy(mask),
        mask.occluded ? 'occluded' : '',
      ]
        .filter(Boolean)
        .join(' · ')}
    </p>
  )
}

/** Our own propagation is the ordinary case and goes without saying. */
function madeBy({ method, network }: MaskRecord): string {
  if (method !== 'propagation') return `by ${methodWords[method]}`
  return network ? `by ${network}` : ''
}

const methodWords: Readonly<Record<MaskRecord['method'], string>> = {
  assisted: 'from marks',
  drawn: 'drawing',
  propagation: 'propagation',
  interpolation: 'interpolation',
  copy: 'copy',
  import: 'import',
}
