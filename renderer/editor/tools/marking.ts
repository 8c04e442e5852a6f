/**
 * Marks on one object on one frame, and the mask the host makes of them. At most one request is under way: what is
 * marked meanwhile is asked at once when its answer is there, and whatever lay between is never asked.
 */
import type { Mark, SegmentRequest } from '../../../main/core/api.ts'
import { decodeRle, decodeShape, emptyRle, encodeShape, type Rle } from '../../../main/core/mask/rle.ts'
import type { Box } from '../../../main/core/records.ts'
import { commitDrawing, type DrawingTarget } from '../drawing-target.ts'
import type { Editor } from '../editor.ts'
import { sentenceOf } from '../session.ts'
import { maskInView } from '../shown-masks.ts'
import { LiveMask } from './live-mask.ts'

export type Step =
  | { readonly type: 'box'; readonly box: Box }
  | { readonly type: 'mark'; readonly mark: Mark }

interface Answer {
  readonly rle: Rle
  /** Null where only a box was given. */
  readonly marked: Rle | null
  readonly draft: LiveMask
  readonly ms: number
  /** Name of the network; null: what comes with the app. */
  readonly by: string | null
}

/** `whole`: the person has said that the mask is right as it is; else only what was marked is. */
type Ending = 'whole' | 'marked'

export class Marking {
  readonly target: DrawingTarget
  readonly #editor: Editor
  readonly #changed: () => void
  #steps: readonly Step[] = []
  #answer: Answer | null = null
  /** Why the newest marks have no mask. */
  #problem: string | null = null
  #asking = false
  /** Number of the newest question, and of the one answered last. */
  #asked = 0
  #answered = 0
  #ending: Ending | null = null
  #ended = false

  /** `changed` is called when an answer has come, or none will. */
  constructor(editor: Editor, target: DrawingTarget, changed: () => void) {
    this.#editor = editor
    this.target = target
    this.#changed = changed
  }

  get steps(): readonly Step[] {
    return this.#steps
  }

  get marks(): readonly Mark[] {
    return this.#steps.flatMap((step) => (step.type === 'mark' ? [step.mark] : []))
  }

  /** The last one drawn. */
  get box(): Box | null {
    return this.#steps.findLast((step) => step.type === 'box')?.box ?? null
  }

  get draft(): LiveMask | null {
    return this.#answer?.draft ?? null
  }

  /** Milliseconds the last answer took, for the person to see; null before the first. */
  get ms(): number | null {
    return this.#answer?.ms ?? null
  }

  /** The network that made the mask; null: what comes with the app did, or there is none yet. */
  get by(): string | null {
    return this.#answer?.by ?? null
  }

  get problem(): string | null {
    return this.#problem
  }

  get isWaiting(): boolean {
    return this.#asking
  }

  /** Nothing more will come of it: committed, dropped, or given up. */
  get hasEnded(): boolean {
    return this.#ended
  }

  get isEnding(): boolean {
    return this.#ending !== null && !this.#ended
  }

  add(step: Step): void {
    this.#steps = [...this.#steps, step]
    this.#ask()
  }

  /** Somebody else answers now. */
  askAgain(): void {
    if (this.#steps.length > 0 && !this.#ended && this.#ending === null) this.#ask()
  }

  /** Takes the last step back; false when it was the only one. */
  takeBack(): boolean {
    this.#steps = this.#steps.slice(0, -1)
    if (this.#steps.length === 0) return false
    this.#ask()
    return true
  }

  /** Forgets everything; an answer still under way comes to nothing. */
  drop(): void {
    this.#ended = true
  }

  /** Commits the mask, as soon as the newest marks are answered. */
  end(ending: Ending): void {
    if (this.#ended) return
    this.#ending = ending
    if (this.#asking) return
    if (this.#problem !== null) this.#ask()
    else this.#commit(ending)
  }

  #ask(): void {
    this.#problem = null
    this.#asked++
    if (!this.#asking) void this.#askUntilAnswered()
  }

  async #askUntilAnswered(): Promise<void> {
    this.#asking = true
    while (this.#answered !== this.#asked && !this.#ended) {
      const number = this.#asked
      try {
        const { width, height } = this.target.media
        const startedAt = performance.now()
        const answer = await this.#editor.host.segment(this.#request())
        const { mask, marked, answeredBy = null, ms, ranOn, answeredAt } = answer
        this.#editor.set({ lastAnswer: { ms, ranOn, answeredAt } })
        const rle = decodeShape(mask, width, height)
        this.#answer = {
          rle,
          marked: marked && decodeShape(marked, width, height),
          draft: this.#draftOf(rle),
          ms: performance.now() - startedAt,
          by: answeredBy,
        }
        this.#problem = null
      } catch (error) {
        this.#problem = sentenceOf(error)
      }
      this.#answered = number
      if (this.#answered !== this.#asked && !this.#ended) this.#changed()
    }
    this.#asking = false
    if (!this.#ended) this.#settle()
  }

  /** The newest marks are answered, or there is a reason why not. */
  #settle(): void {
    if (this.#problem === null && this.#ending) this.#commit(this.#ending)
    else if (this.#problem !== null) {
      const { name } = this.target.object
      this.#editor.say(`No mask of ${name} on frame ${this.target.frameIndex}: ${this.#problem}`, 'failed')
      // Whoever waited for it has gone on; on the frame itself the marks stay.
      if (this.#ending === 'marked') this.#ended = true
      this.#ending = null
    }
    this.#changed()
  }

  #request(): SegmentRequest {
    const { media, object, isNew, frameIndex, rle, before } = this.target
    return {
      mediaId: media.id,
      frameIndex,
      objectId: isNew ? null : object.id,
      mask: before?.shape ? encodeShape(rle) : null,
      box: this.box,
      marks: this.marks,
    }
  }

  #draftOf(rle: Rle): LiveMask {
    const { object, isNew } = this.target
    return new LiveMask(isNew ? null : object.id, object.color, decodeRle(rle))
  }

  #commit(ending: Ending): void {
    this.#ended = true
    if (!this.#answer) return
    const { rle, marked } = this.#answer
    const { object, frameIndex, isNew, before, media } = this.target
    const now = isNew ? null : maskInView(this.#editor, object.id, frameIndex)
    const gone = !isNew && !this.#editor.store.has(object.id)
    if (gone || now?.shape !== before?.shape || now?.state !== before?.state) {
      this.#editor.say(`${object.name} on frame ${frameIndex} changed meanwhile: mark it again.`, 'refused')
      return
    }
    // A mask made from nothing that was never accepted is sure only where it was marked; one of a box alone all over.
    const partial = ending === 'marked' && !before?.shape && marked !== null
    const target = partial ? { ...this.target, marked: emptyRle(media.width, media.height) } : this.target
    commitDrawing(this.#editor, target, before?.shape ? 'Correct mask' : 'Smart mask', rle, {
      method: 'assisted',
      painted: marked,
    })
  }
}
