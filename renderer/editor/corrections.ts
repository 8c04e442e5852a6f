/**
 * After a correction the spans it made stale are propagated again by themselves, outward from it, while the user goes on
 * working. Corrections in quick succession are one run; what was undone in the meantime needs none.
 */
import type { PropagateSpec } from '../../main/core/api.ts'
import type { ObjectId } from '../../main/core/records.ts'
import { staleSpans } from '../../main/core/track/staleness.ts'
import { spanAround } from '../../main/core/track/track.ts'
import type { Editor } from './editor.ts'
import { sentenceOf } from './session.ts'

/** How long, in milliseconds, no further correction must come. */
const defaultDelayMs = 500

export class Corrections {
  readonly #editor: Editor
  readonly #delayMs: number
  /** The objects corrected since the last run was asked for, each with the frames corrected. */
  readonly #frames = new Map<ObjectId, Set<number>>()
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(editor: Editor, delayMs = defaultDelayMs) {
    this.#editor = editor
    this.#delayMs = delayMs
  }

  /** To be told of every key mask drawn, or emptied. */
  drawn(objectId: ObjectId, frameIndex: number): void {
    if (this.#editor.now.settings?.repropagate === false) return
    this.#frames.set(objectId, (this.#frames.get(objectId) ?? new Set()).add(frameIndex))
    this.#wait()
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#frames.clear()
  }

  #wait(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.#run().catch((error: unknown) => this.#editor.say(sentenceOf(error), 'failed'))
    }, this.#delayMs)
  }

  async #run(): Promise<void> {
    const corrected = [...this.#frames]
    this.#frames.clear()
    await this.#editor.session.settled()
    const specs = corrected.flatMap(([objectId, frames]) =>
      [...frames].flatMap((frame) => repropagation(this.#editor, objectId, frame) ?? []),
    )
    for (const [i, spec] of specs.entries())
      if (!specs.slice(0, i).some((earlier) => holds(earlier, spec))) await this.#editor.host.startJob(spec)
  }
}

/** Whether the earlier run does what the later one would: frames corrected close together share a span. */
function holds(earlier: PropagateSpec, later: PropagateSpec): boolean {
  return (
    earlier.objectIds?.[0] === later.objectIds?.[0] &&
    earlier.range?.[0] === later.range?.[0] &&
    earlier.range?.[1] === later.range?.[1]
  )
}

/** What is to be done again between the keyframes beside a corrected frame; null where nothing is stale there. */
export function repropagation(editor: Editor, objectId: ObjectId, frameIndex: number): PropagateSpec | null {
  const object = editor.store.get(objectId)
  const media = object && editor.store.get(object.mediaId)
  if (!media || object.locked || editor.readOnly || editor.now.connection !== 'connected') return null
  const track = editor.tracks.track(objectId)
  const { firstFrame, lastFrame } = spanAround(track, frameIndex, media.frameCount)
  const isStale = staleSpans(track).some(
    (span) => span.firstFrame <= lastFrame && span.lastFrame >= firstFrame,
  )
  if (!isStale) return null
  return {
    type: 'propagate',
    mediaId: media.id,
    objectIds: [objectId],
    direction: 'both',
    reach: 'stale',
    range: [firstFrame, lastFrame],
    playheadFrame: frameIndex,
  }
}
