import { isKey, maskId } from '../../main/core/records.ts'
import type { FrameSpan } from '../../main/core/track/track.ts'
import { objectsText, selectedMasks } from './availability.ts'
import type { Editor } from './editor.ts'

/**
 * Puts the selected objects' masks of this frame as keyframes on every frame of the range. Frames where the user has
 * said something already (a keyframe, a confirmed mask) are left as they are.
 */
export function copyMasks(editor: Editor, range: FrameSpan): void {
  const { frameIndex } = editor.now
  const last = (editor.media?.frameCount ?? 0) - 1
  const found = selectedMasks(editor).filter(({ mask }) => mask.shape)
  let copied = 0
  let kept = 0
  editor.edit(`Copy ${objectsText(found.map(({ object }) => object))} to frames`, (edit) => {
    for (const { object, mask } of found) {
      const track = editor.store.track(object.id)
      for (let frame = Math.max(0, range.firstFrame); frame <= Math.min(range.lastFrame, last); frame++) {
        if (frame === frameIndex) continue
        const there = track.get(frame)
        if (there && isKey(there)) {
          kept++
          continue
        }
        copied++
        const { marked: _, ...whole } = mask
        edit.put({
          ...whole,
          id: maskId(object.id, frame),
          frameIndex: frame,
          state: 'keyframe',
          method: 'copy',
          confidence: null,
          doubt: null,
          left: null,
          right: null,
        })
      }
    }
  })
  const left = kept > 0 ? ` ${kept.toLocaleString('en-US')} keyframes were left as they are.` : ''
  editor.say(`Copied to ${copied.toLocaleString('en-US')} frames.${left}`)
}
