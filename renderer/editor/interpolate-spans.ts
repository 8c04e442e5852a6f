/** Masks between two keyframes without looking at pixels: boxes linearly, all else by blending signed distances. */
import { emptyBitmap, fillBox } from '../../main/core/mask/bitmap.ts'
import { interpolatedBox, interpolatedMask } from '../../main/core/mask/interpolate.ts'
import { decodeShape, emptyRle, encodeRle, type Rle } from '../../main/core/mask/rle.ts'
import {
  isKey,
  type MaskRecord,
  maskId,
  type ObjectRecord,
  type Outline,
  type ShapeHash,
} from '../../main/core/records.ts'
import { keyNeighbours, maskAt, refOf } from '../../main/core/track/track.ts'
import { UserError } from '../../main/core/user-error.ts'
import type { Edit } from './edit.ts'
import type { Editor } from './editor.ts'

interface Span {
  readonly object: ObjectRecord
  readonly left: MaskRecord
  readonly right: MaskRecord
}

interface Between {
  readonly frameIndex: number
  readonly rle: Rle
  readonly outline: Outline | null
}

/** Between the keyframes beside the current frame, for each selected object that has both; on a keyframe, the span after it. */
export function spansToInterpolate(editor: Editor): Span[] {
  const { frameIndex } = editor.now
  return editor.selectedObjects.flatMap((object) => {
    const track = editor.tracks.track(object.id)
    const here = maskAt(track, frameIndex)
    const sides = keyNeighbours(track, frameIndex)
    const left = here && isKey(here) ? here : sides.left
    const { right } = sides
    if (!left || !right || left.outside || right.frameIndex - left.frameIndex < 2) return []
    return [{ object, left, right }]
  })
}

/** Milliseconds of work before the window gets a turn. */
const turnMs = 12

/** Computes all spans, in turns so that the window stays alive, then commits them as one change. */
export async function interpolateSpans(editor: Editor): Promise<void> {
  const spans = spansToInterpolate(editor)
  const { media } = editor
  if (!media) return
  const hashes = spans.flatMap(({ left, right }) => [left.shape, right.shape]).filter((hash) => hash !== null)
  const bytes = await editor.shapes.load(hashes)
  const rleOf = (hash: ShapeHash | null): Rle => {
    if (!hash) return emptyRle(media.width, media.height)
    const found = bytes.get(hash)
    if (!found)
      throw new UserError(
        'missing-shape',
        'The pixels of a keyframe are missing in the project: draw it again.',
      )
    return decodeShape(found, media.width, media.height)
  }
  const results: { span: Span; masks: Between[] }[] = []
  let turnEnd = performance.now() + turnMs
  for (const span of spans) {
    const masks: Between[] = []
    const ends = { first: rleOf(span.left.shape), second: rleOf(span.right.shape) }
    for (let frame = span.left.frameIndex + 1; frame < span.right.frameIndex; frame++) {
      masks.push(maskBetween(span, ends.first, ends.second, frame))
      if (performance.now() < turnEnd) continue
      await new Promise((resolve) => setTimeout(resolve, 0))
      turnEnd = performance.now() + turnMs
    }
    results.push({ span, masks })
  }
  const count = results.reduce((sum, { masks }) => sum + masks.length, 0)
  editor.edit(`Interpolate ${count.toLocaleString('en-US')} frames`, (edit) => {
    for (const { span, masks } of results) putBetween(editor, edit, span, masks)
  })
  editor.say(`Interpolated ${count.toLocaleString('en-US')} frames.`)
}

function maskBetween({ left, right }: Span, first: Rle, second: Rle, frameIndex: number): Between {
  const t = (frameIndex - left.frameIndex) / (right.frameIndex - left.frameIndex)
  if (left.outline?.type !== 'box' || right.outline?.type !== 'box')
    return { frameIndex, rle: interpolatedMask(first, second, t), outline: null }
  const box = interpolatedBox(left.outline.box, right.outline.box, t)
  const bitmap = emptyBitmap(first.width, first.height)
  fillBox(bitmap, box, 1)
  return { frameIndex, rle: encodeRle(bitmap), outline: { type: 'box', box } }
}

/** Nothing is put when a key was set, moved or deleted while the masks were computed. */
function putBetween(
  editor: Editor,
  edit: Edit,
  { object, left, right }: Span,
  masks: readonly Between[],
): void {
  const track = editor.tracks.track(object.id)
  if (maskAt(track, left.frameIndex) !== left || maskAt(track, right.frameIndex) !== right)
    throw new UserError(
      'keys-changed',
      `The keyframes of ${object.name} changed while it was interpolated: run it again.`,
    )
  const present = editor.store.track(object.id)
  for (const { frameIndex, rle, outline } of masks) {
    const there = present.get(frameIndex)
    if (there && isKey(there)) continue
    edit.put({
      kind: 'mask',
      id: maskId(object.id, frameIndex),
      objectId: object.id,
      frameIndex,
      state: 'propagated',
      method: 'interpolation',
      ...edit.pixels(rle),
      outline,
      outside: false,
      occluded: there?.occluded ?? false,
      confidence: null,
      doubt: null,
      left: refOf(left),
      right: refOf(right),
    })
  }
}
