/**
 * Whether what is drawn of the records is the same as before. A run changes records many times a second, mostly on other
 * frames than the shown one, and drawing the picture again for each would cost every frame of the window.
 */
import type { AnyRecord } from '../../main/core/records.ts'
import { keyNeighbours } from '../../main/core/track/track.ts'
import type { Editor } from '../editor/editor.ts'
import { maskInView } from '../editor/shown-masks.ts'

type Shown = readonly (AnyRecord | null)[]

export class ShownRecords {
  #revision = -1
  #frameIndex = -1
  #withOnion = false
  #shown: Shown = []

  /** The objects and what is drawn of each on the frame; the same value as long as none of it is another. */
  of(editor: Editor, frameIndex: number): Shown {
    const { revision, look } = editor.now
    if (revision === this.#revision && frameIndex === this.#frameIndex && look.onionSkin === this.#withOnion)
      return this.#shown
    this.#revision = revision
    this.#frameIndex = frameIndex
    this.#withOnion = look.onionSkin
    const shown = editor.objects.flatMap(
      (object): Shown => [
        object,
        maskInView(editor, object.id, frameIndex),
        look.onionSkin ? keyNeighbours(editor.tracks.track(object.id), frameIndex).left : null,
      ],
    )
    const same = shown.length === this.#shown.length && shown.every((record, i) => record === this.#shown[i])
    if (!same) this.#shown = shown
    return this.#shown
  }
}
