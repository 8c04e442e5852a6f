/** Fetches the shown media's table of presentation times, again whenever the table has grown. */
import type { MediaId } from '../../main/core/records.ts'
import type { Editor } from './editor.ts'
import { sentenceOf } from './session.ts'

export class FrameTimes {
  readonly #editor: Editor
  #asked: { readonly mediaId: MediaId; readonly frameCount: number } | null = null

  constructor(editor: Editor) {
    this.#editor = editor
  }

  /** Looks whether the table at hand is still that of the shown media; latest wins. */
  follow(): void {
    const media = this.#editor.media
    if (!media) {
      this.#asked = null
      return
    }
    if (this.#asked?.mediaId === media.id && this.#asked.frameCount === media.frameCount) return
    const asked = { mediaId: media.id, frameCount: media.frameCount }
    this.#asked = asked
    this.#editor.host.frameTable(media.id).then(
      (frameTimesUs) => {
        if (this.#asked === asked) this.#editor.set({ frameTimesUs })
      },
      (error: unknown) => {
        if (this.#asked !== asked) return
        this.#asked = null
        this.#editor.say(sentenceOf(error), 'failed')
      },
    )
  }
}
