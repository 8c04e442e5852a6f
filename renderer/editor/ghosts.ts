/** What is drawn over the picture besides masks: both results where two sides disagree, and where a hidden object was last. */
import { contourRings } from '../../main/core/mask/contour.ts'
import type { Box, MediaRecord, ObjectRecord, Ring, ShapeHash } from '../../main/core/records.ts'
import { isHiddenMask } from '../../main/core/track/doubt.ts'
import { maskPosition, type Track } from '../../main/core/track/track.ts'
import type { Editor } from './editor.ts'
import { maskInView } from './shown-masks.ts'

export type Ghost =
  | {
      readonly type: 'left' | 'right'
      /** In image space; the same value for the same pixels. */
      readonly rings: readonly Ring[]
      /** 'left <': what it is and the key that takes it. */
      readonly label: string
    }
  | { readonly type: 'hidden'; readonly box: Box; readonly color: string; readonly label: string }

/** Of the selected objects; of all that are shown when none is selected. Shapes that are not here yet are left out. */
export function ghosts(editor: Editor, frameIndex: number): Ghost[] {
  const { media, now } = editor
  if (!media || !now.look.ghosts || now.look.maskStyle === 'hidden') return []
  const objects = now.selectedObjectIds.length > 0 ? editor.selectedObjects : editor.objects
  return objects
    .filter(({ hidden }) => !hidden)
    .flatMap((object) => [
      ...sideGhosts(editor, media, object, frameIndex),
      ...lastPlace(editor, object, frameIndex),
    ])
}

function sideGhosts(editor: Editor, media: MediaRecord, object: ObjectRecord, frameIndex: number): Ghost[] {
  const sides = maskInView(editor, object.id, frameIndex)?.sides
  if (!sides) return []
  return (['left', 'right'] as const).flatMap((type, i) => {
    const hash = sides[i]
    const rings = hash ? outlines(editor).rings(hash, media) : null
    const key = editor.keymap.labelOf(`review.take-${type}`)
    return rings ? [{ type, rings, label: key ? `${type} ${key}` : type }] : []
  })
}

/** A box where the object was seen last before it was hidden. */
function lastPlace(editor: Editor, object: ObjectRecord, frameIndex: number): Ghost[] {
  const track = editor.tracks.track(object.id)
  const mask = maskInView(editor, object.id, frameIndex)
  if (!mask || !isHiddenMask(mask)) return []
  const last = lastSeen(track, frameIndex)
  return last
    ? [
        {
          type: 'hidden',
          box: last.box,
          color: object.color,
          label: `${object.name} hidden since ${last.frameIndex + 1}`,
        },
      ]
    : []
}

function lastSeen(
  track: Track,
  frameIndex: number,
): { readonly box: Box; readonly frameIndex: number } | null {
  for (let i = maskPosition(track.masks, frameIndex) - 1; i >= 0; i--) {
    const { box, frameIndex: seen, outside } = track.masks[i]!
    if (outside) return null
    if (box) return { box, frameIndex: seen }
  }
  return null
}

/** Outlines by content hash; a frame has a few, so a few dozen are enough to step to and fro. */
class Outlines {
  readonly #editor: Editor
  readonly #known = new Map<string, readonly Ring[]>()

  constructor(editor: Editor) {
    this.#editor = editor
  }

  rings(hash: ShapeHash, { width, height }: MediaRecord): readonly Ring[] | null {
    const known = this.#known.get(hash)
    if (known) return known
    const bitmap = this.#editor.shapes.bitmap(hash, width, height)
    if (!bitmap) return null
    if (this.#known.size >= mostOutlines) this.#known.clear()
    const rings = contourRings(bitmap)
    this.#known.set(hash, rings)
    return rings
  }
}

const mostOutlines = 64
const outlinesOf = new WeakMap<Editor, Outlines>()

function outlines(editor: Editor): Outlines {
  const known = outlinesOf.get(editor) ?? new Outlines(editor)
  outlinesOf.set(editor, known)
  return known
}
