/** How much of the frame on screen belongs to no object, where the keyframes are labelled all over (panoptic work). */
import { mostUnlabelled, uncoveredPart } from '../../main/core/mask/coverage.ts'
import type { Rle } from '../../main/core/mask/rle.ts'
import type { MaskRecord, MediaRecord, ObjectRecord } from '../../main/core/records.ts'
import type { Editor } from './editor.ts'
import { maskInView } from './shown-masks.ts'

/** So many key frames are looked at, the fullest first. */
const keyFramesSeen = 8

interface Known {
  readonly objects: readonly ObjectRecord[]
  readonly arrivals: number
  readonly isAllOver: boolean
}

const known = new WeakMap<Editor, Known>()

/**
 * Part of the frame's pixels, 0 to 1. Null where it says nothing: no keyframe is labelled nearly all over, the frame has
 * no mask, or the shapes are still on their way. Hidden objects own their pixels too; proposals do not yet.
 */
export function unlabelledHere(editor: Editor): number | null {
  const { media, now } = editor
  if (!media || !isLabelledAllOver(editor, media)) return null
  const frameIndex = now.shownFrameIndex ?? now.frameIndex
  const masks = editor.objects.flatMap(({ id }) => maskInView(editor, id, frameIndex) ?? [])
  return part(
    editor,
    media,
    masks.filter(({ state }) => state !== 'proposed'),
  )
}

/** Whether some keyframe is: one is enough, because nobody labels a road and a sky on one frame only. */
function isLabelledAllOver(editor: Editor, media: MediaRecord): boolean {
  const { objects, shapes } = editor
  const last = known.get(editor)
  if (last?.objects === objects && last.arrivals === shapes.arrivals) return last.isAllOver
  const isAllOver = fullestKeyFrames(editor, media).some(
    (masks) => (part(editor, media, masks) ?? 1) <= mostUnlabelled,
  )
  known.set(editor, { objects, arrivals: shapes.arrivals, isAllOver })
  return isAllOver
}

/** Key masks by frame, of the frames that they may fill. Areas need no pixels, and overlaps only make them larger. */
function fullestKeyFrames(editor: Editor, { width, height }: MediaRecord): MaskRecord[][] {
  const frames = new Map<number, MaskRecord[]>()
  for (const { id } of editor.objects)
    for (const key of editor.tracks.track(id).keys) {
      const masks = frames.get(key.frameIndex)
      if (masks) masks.push(key)
      else frames.set(key.frameIndex, [key])
    }
  const filled = (masks: readonly MaskRecord[]) => masks.reduce((sum, { area }) => sum + area, 0)
  return [...frames.values()]
    .filter((masks) => filled(masks) >= (1 - mostUnlabelled) * width * height)
    .sort((a, b) => filled(b) - filled(a))
    .slice(0, keyFramesSeen)
}

/** Null while a shape is not here; it is asked for. */
function part(editor: Editor, { width, height }: MediaRecord, masks: readonly MaskRecord[]): number | null {
  const rles: Rle[] = []
  let isComplete = true
  for (const { shape } of masks) {
    if (!shape) continue
    const rle = editor.shapes.rle(shape, width, height)
    if (rle) rles.push(rle)
    else isComplete = false
  }
  return isComplete ? uncoveredPart(rles) : null
}
