/** Marks to a mask on one frame by the pack that the person chose. */
import type { FoundMask, ImageSegmenter } from '../../../models/image-segmenter.ts'
import type { OpenPack } from '../../../models/open-pack.ts'
import { Sam2Image } from '../../../models/sam2-image/sam2-image.ts'
import { rleBounds, subtractRle, unionRle } from '../../core/mask/rle.ts'
import { Recent } from '../recent.ts'
import { type FrameHints, type FrameMask, type FramePixels, stepName } from './frame-engine.ts'
import { pointsOfMarks } from './mark-points.ts'
import { checkMarks, markedParts, markedPixels, markedRle, marksBounds } from './marks.ts'
import { regionBox } from './region-box.ts'

export type PackHints = Omit<FrameHints, 'colourCounts'>

const stepLimit = 16

export class PackFrames {
  /** Of the pack that was asked last. */
  #open: { readonly name: string; readonly segmenter: ImageSegmenter } | null = null
  readonly #steps = new Recent<FoundMask>(stepLimit)

  /**
   * Each mark corrects what the network found before it, as it was taught to. What a person marked is as marked, whatever
   * the network says. Throws UserError 'bad-mark' and whatever the pack throws.
   */
  async segment(pack: OpenPack, frame: FramePixels, hints: PackHints): Promise<FrameMask> {
    const { marks, box, mask } = hints
    checkMarks(marks)
    const segmenter = this.#segmenterOf(pack)
    const given = { ...hints, mask: mask && rleBounds(mask) ? mask : null }
    const found = await this.#after(segmenter, frame, given, marks.length)
    if (marks.length === 0) return { mask: found.mask, marked: null }
    const area = regionBox(frame, box, mask && rleBounds(mask), marksBounds(marks))
    const pixels = markedPixels(marks, area)
    const { inside, outside } = markedParts(pixels, area, frame)
    return {
      mask: subtractRle(unionRle(found.mask, inside), outside),
      marked: markedRle(pixels, area, frame),
    }
  }

  /** Lets go of everything whose name begins so. */
  forget(prefix: string): void {
    this.#steps.forget(prefix)
    this.#open?.segmenter.forget(prefix)
  }

  /** No pack answers any more: what is known of frames would only take room. */
  letGo(): void {
    this.#steps.forget('')
    this.#open = null
  }

  /** What the network finds after the first `count` marks. */
  #after(segmenter: ImageSegmenter, frame: FramePixels, hints: PackHints, count: number): Promise<FoundMask> {
    const marks = hints.marks.slice(0, count)
    const { box, mask } = hints
    return this.#steps.get(`${frame.name}/${stepName({ ...hints, colourCounts: null }, marks)}`, async () => {
      const isFirst = count <= (box ? 0 : 1)
      const before =
        isFirst || !segmenter.takesMask ? null : await this.#after(segmenter, frame, hints, count - 1)
      const points = pointsOfMarks(marks, segmenter.mostPoints)
      return segmenter.segment(frame, { points, box, mask, before: before?.left ?? null })
    })
  }

  /** A pack is opened anew for every request; what is known of frames stays as long as its files are the same. */
  #segmenterOf(pack: OpenPack): ImageSegmenter {
    const { id, version, files } = pack.manifest
    const name = JSON.stringify([id, version, files.map(({ sha256 }) => sha256)])
    if (this.#open?.name !== name) {
      this.letGo()
      this.#open = { name, segmenter: new Sam2Image(pack) }
    }
    return this.#open.segmenter
  }
}
