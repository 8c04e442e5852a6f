/** What is done to pixels without a tool in hand. */
import { grownMask } from '../../../main/core/mask/grow.ts'
import { largestRegion, withHolesFilled, withoutIslands } from '../../../main/core/mask/regions.ts'
import { type Bitmap, encodeRle } from '../../../main/core/mask/rle.ts'
import type { MediaRecord } from '../../../main/core/records.ts'
import { type Action, action } from '../action.ts'
import { allOf, canDrawSelectedMasks, canDrawSelection, objectsText, selectedMasks } from '../availability.ts'
import { copyMasks } from '../copy-masks.ts'
import { targetBitmap, targetOf } from '../drawing-target.ts'
import type { Editor } from '../editor.ts'
import { interpolateSpans, spansToInterpolate } from '../interpolate-spans.ts'

type Filter = (bitmap: Bitmap, editor: Editor) => Bitmap

function filter(id: string, label: string, keys: readonly string[], change: Filter): Action {
  return action({
    id,
    label,
    keys,
    menu: { name: 'object', group: 3 },
    when: canDrawSelectedMasks,
    run: (editor) => {
      editor.toolbox.complete()
      if (editor.media) changeMasks(editor, editor.media, label, change)
    },
  })
}

function changeMasks(editor: Editor, media: MediaRecord, label: string, change: Filter): void {
  const drawn = selectedMasks(editor).flatMap(({ object, mask }) => {
    const target = mask.shape ? targetOf(editor, media, object) : null
    return target ? [{ target, rle: encodeRle(change(targetBitmap(editor, target), editor)) }] : []
  })
  const before = drawn.reduce((sum, { target }) => sum + (target.before?.area ?? 0), 0)
  editor.edit(label, (edit) => {
    for (const { target, rle } of drawn) {
      const { shape } = edit.pixels(rle)
      if (shape !== target.before?.shape)
        edit.draw({ objectId: target.object.id, frameIndex: target.frameIndex, rle })
    }
  })
  const after = selectedMasks(editor).reduce((sum, { mask }) => sum + mask.area, 0)
  const difference = after - before
  const pixels = Math.abs(difference).toLocaleString('en-US')
  if (drawn.length > 0)
    editor.say(
      difference === 0
        ? `${label}: nothing to change.`
        : `${label}: ${pixels} pixels ${difference > 0 ? 'more' : 'fewer'}.`,
    )
}

export const maskActions: readonly Action[] = [
  filter('mask.fill-holes', 'Fill holes', ['Shift+H'], (bitmap) => withHolesFilled(bitmap)),
  filter('mask.remove-islands', 'Remove islands', ['Shift+I'], (bitmap, editor) =>
    withoutIslands(bitmap, editor.now.toolOptions.islandArea),
  ),
  filter('mask.largest-region', 'Keep the largest region', [], (bitmap) => largestRegion(bitmap)),
  filter('mask.grow', 'Grow', ['Shift+G'], (bitmap, editor) =>
    grownMask(bitmap, editor.now.toolOptions.growBy),
  ),
  filter('mask.shrink', 'Shrink', ['Alt+G'], (bitmap, editor) =>
    grownMask(bitmap, -editor.now.toolOptions.growBy),
  ),
  action({
    id: 'mask.delete',
    label: 'Delete mask on this frame',
    keys: ['Shift+Delete', 'Shift+Backspace'],
    menu: { name: 'object', group: 3 },
    when: (editor) =>
      allOf(
        canDrawSelection(editor),
        masksHere(editor).length > 0 || 'The selected object has nothing on this frame.',
      ),
    run: (editor) => {
      editor.toolbox.cancel()
      editor.edit(`Delete mask of ${objectsText(editor.selectedObjects)}`, (edit) =>
        edit.remove(...masksHere(editor)),
      )
    },
  }),
  action<{ firstFrame?: number; lastFrame?: number }>({
    id: 'mask.copy-to-frames',
    label: 'Copy to frames…',
    keys: ['C'],
    menu: { name: 'object', group: 2 },
    when: canDrawSelectedMasks,
    run: (editor, { firstFrame, lastFrame }) => {
      const range =
        firstFrame !== undefined && lastFrame !== undefined ? { firstFrame, lastFrame } : editor.now.range
      if (range) copyMasks(editor, range)
      else editor.openDialog({ type: 'copy-to-frames' })
    },
  }),
  action({
    id: 'mask.interpolate',
    label: 'Interpolate between keyframes',
    keys: ['I'],
    menu: { name: 'object', group: 2 },
    when: (editor) =>
      allOf(
        canDrawSelection(editor),
        spansToInterpolate(editor).length > 0 || 'Interpolation needs a keyframe on each side of this frame.',
      ),
    run: interpolateSpans,
  }),
]

/** Records on the frame, outside marks too. */
function masksHere(editor: Editor) {
  const { frameIndex } = editor.now
  return editor.selectedObjects.flatMap((object) => {
    const mask = editor.store.track(object.id).get(frameIndex)
    return mask ? [mask.id] : []
  })
}
