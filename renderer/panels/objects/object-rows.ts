import type { ClassRecord, MaskRecord, ObjectRecord } from '../../../main/core/records.ts'
import { isKey } from '../../../main/core/records.ts'
import { isHiddenMask } from '../../../main/core/track/doubt.ts'
import { isStale } from '../../../main/core/track/staleness.ts'
import { type Track, trackState } from '../../../main/core/track/track.ts'
import type { Editor } from '../../editor/editor.ts'

/** What an object is on the frame that is shown, as the list and the inspector say it. */
export type ObjectStateName =
  | 'keyframe'
  | 'partial'
  | 'confirmed'
  | 'propagated'
  | 'proposed'
  | 'hidden'
  | 'stale'
  | 'outside'
  | 'absent'

export interface ListedObject {
  readonly object: ObjectRecord
  readonly className: string
}

export interface ObjectRow extends ListedObject {
  readonly id: string
  readonly state: ObjectStateName
  readonly confidence: number | null
}

/** The objects of the shown media whose name or class has the words, nearest first. */
export function listedObjects(editor: Editor, search: string, classId: string): ListedObject[] {
  const wanted = search.trim().toLowerCase()
  const listed: ListedObject[] = []
  for (const object of editor.objects) {
    const objectClass = object.classId
      ? (editor.store.get(object.classId) as ClassRecord | undefined)
      : undefined
    const className = objectClass?.name ?? ''
    if (classId === 'none' ? object.classId !== null : classId !== 'all' && object.classId !== classId)
      continue
    if (wanted && !`${object.name} ${className}`.toLowerCase().includes(wanted)) continue
    listed.push({ object, className })
  }
  return listed
}

/** What they are on the frame that is shown. */
export function objectRows(editor: Editor, listed: readonly ListedObject[]): ObjectRow[] {
  return listed.map(({ object, className }) => ({
    id: object.id,
    object,
    className,
    ...stateHere(editor, object),
  }))
}

export function stateHere(editor: Editor, object: ObjectRecord): Pick<ObjectRow, 'state' | 'confidence'> {
  const track = editor.tracks.track(object.id)
  const found = trackState(track, editor.now.frameIndex)
  if (found.type !== 'mask') return { state: found.type, confidence: null }
  const { mask } = found
  if (mask.state === 'keyframe' && mask.marked) return { state: 'partial', confidence: null }
  if (isKey(mask)) return { state: mask.state, confidence: null }
  return { state: computedState(track, mask), confidence: mask.confidence }
}

function computedState(track: Track, mask: MaskRecord): ObjectStateName {
  if (mask.state === 'proposed') return 'proposed'
  if (isStale(track, mask)) return 'stale'
  return isHiddenMask(mask) ? 'hidden' : 'propagated'
}

export const stateWords: Readonly<Record<ObjectStateName, string>> = {
  keyframe: 'Keyframe',
  partial: 'Partial keyframe',
  confirmed: 'Confirmed',
  proposed: 'Proposed',
  hidden: 'Hidden',
  propagated: 'Propagated',
  stale: 'Stale',
  outside: 'Outside',
  absent: 'No mask here',
}
