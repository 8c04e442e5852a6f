/**
 * One object on its way from a key mask: it is followed from frame to frame; when it disappears it is looked for, and
 * when it is found again it is followed on as a proposal. All that a walk knows is in the store, so that a resumed walk
 * goes on with the same bits.
 */
import * as native from '../../../../native/index.ts'
import { disappears, leastArea, type Presence, type Substance, substanceOf } from '../presence/presence.ts'
import {
  bestLookAlike,
  everywhere,
  ofItsColours,
  ratioMap,
  type Search,
  sighted,
  windowAround,
} from '../presence/sighting.ts'
import { binsOf, type Template, templateOf } from '../presence/template.ts'
import { secondLook } from '../refine/second-look.ts'
import { wholeMethod } from '../request.ts'
import type { Side, SoftMask } from './soft-store.ts'
import type { SweepContext } from './stretch-sweep.ts'
import { contains, keyOf, otherSide, type Span } from './stretches.ts'

/** Frames looked back on for where the object was last seen well, and for how fast it went. */
const lookBack = 24
const speedFrames = 4
/** A hidden object is looked for on every second frame at first, then on every third. */
const eagerFrames = 14
/** The window about the last place grows by so many pixels of working size a frame, until it is the whole picture. */
const windowGrowth = 14
/** After a cut an object is looked for on the first frames of a shot, on every second of them. */
const shotFrames = 24
/** And in later shots up to so many frames after it was last seen. */
const cutReach = 300
/** A sighting has to hold on the next frame: share of its area there at least, and its margin. */
const holdsArea = 0.6
const holdsMargin = 0.55

/** Mean colour ratio below which a part of a proposal's prior is not taken for the object. */
const waryRatio = -0.5

const nothing: native.StepReport = {
  priorArea: 0,
  area: 0,
  margin: 1,
  residual: 0,
  priorOverlap: 1,
  centroidX: 0,
  centroidY: 0,
  borderPart: 0,
}

/** What the search needs, made when it is first needed. */
interface Memory {
  readonly templates: readonly Template[]
  readonly lookAlike: number
  /** Pixels a frame. */
  readonly speedX: number
  readonly speedY: number
}

export class Walk {
  readonly span: Span
  readonly side: Side
  soft: SoftMask
  private readonly context: SweepContext
  /** The frame before this one was the last with a mask; kept while hidden or away. */
  private lostAt: number | null = null
  /** First frame of the shot in which it is looked for after a cut. */
  private shotAt: number | null = null
  private key: Substance | null = null
  private memory: Memory | null = null

  private constructor(context: SweepContext, span: Span, side: Side, soft: SoftMask) {
    this.context = context
    this.span = span
    this.side = side
    this.soft = soft
  }

  static async started(context: SweepContext, span: Span, side: Side): Promise<Walk> {
    const mask = await context.truth(span.objectIndex, keyOf(span, side)!)
    const area = mask.reduce((sum, p) => sum + p, 0)
    const report = { ...nothing, priorArea: area, area }
    return new Walk(context, span, side, { mask, report, presence: 'seen' })
  }

  /** As it was after `frame` was committed; null where it had ended before. */
  static async restored(context: SweepContext, span: Span, side: Side, frame: number): Promise<Walk | null> {
    const soft = contains(span, frame) ? await context.store.get(side, span.objectIndex, frame) : null
    if (!soft) return null
    const walk = new Walk(context, span, side, soft)
    const { store } = context
    const at = (index: number) => store.presence(side, span.objectIndex, index)
    const back = (from: number, here: (presence: Presence | null) => boolean) => {
      let first = from
      while (here(at(first - walk.step))) first -= walk.step
      return first
    }
    if (soft.presence === 'away')
      walk.shotAt = await walk.shotBegin(
        back(frame, (p) => p === 'away'),
        frame,
      )
    if (walk.isLost) walk.lostAt = back(frame, (p) => p === 'away' || p === 'hidden')
    return walk
  }

  get isLost(): boolean {
    return this.soft.presence === 'hidden' || this.soft.presence === 'away'
  }

  private get step(): number {
    return this.side === 'left' ? 1 : -1
  }

  /** The last cut between the first frame away and `frame`. */
  private async shotBegin(first: number, frame: number): Promise<number> {
    let begin = first
    for (let at = first; at !== frame + this.step; at += this.step)
      if (await this.context.frames.isCut(at, at - this.step)) begin = at
    return begin
  }

  /** Moves on to `frame` within a shot. */
  async follow(frame: number): Promise<void> {
    const { store } = this.context
    const before = frame - this.step
    if (this.isLost) this.soft = await this.searched(frame, before)
    else {
      const presence = this.soft.presence === 'seen' ? 'seen' : 'proposed'
      const stepped = await this.stepped(this.soft.mask, frame, before, presence === 'proposed')
      const gone = await this.isGone(stepped, frame, presence)
      if (gone) this.lostAt = frame
      this.soft = gone ? this.empty('hidden') : { ...stepped, presence }
    }
    await store.put(this.side, this.span.objectIndex, frame, this.soft)
  }

  private async isGone(
    { mask, report }: Pick<SoftMask, 'mask' | 'report'>,
    frame: number,
    presence: 'seen' | 'proposed',
  ) {
    if (this.context.request.followOnly) return report.area < leastArea
    return disappears(report, await this.substance(mask, frame), await this.keySubstance(), presence)
  }

  /** Comes to the first frame of another shot, to look for the object there. False: it is not looked for any longer. */
  async enterShot(frame: number): Promise<boolean> {
    this.lostAt ??= frame
    this.shotAt = frame
    if (Math.abs(frame - this.lostAt) > cutReach || this.isStuff) return false
    this.soft = this.empty('away')
    this.soft = await this.searched(frame, frame - this.step)
    await this.context.store.put(this.side, this.span.objectIndex, frame, this.soft)
    return true
  }

  private get isStuff(): boolean {
    return this.context.request.objects[this.span.objectIndex]!.stuff
  }

  private empty(presence: 'hidden' | 'away'): SoftMask {
    return { mask: new Float32Array(this.context.frames.planeLength), report: nothing, presence }
  }

  /** `wary`: the part of the prior with the colours of the rest is left out, as what was found is only just in view. */
  private async stepped(mask: Float32Array, frame: number, before: number, wary: boolean) {
    const { frames, request } = this.context
    const { step } = request.method ?? wholeMethod
    if (step === 'copy') return uncorrected(mask)
    // The moved mask and the planes of the view are borrowed: what is returned is the step's own.
    return frames.lendWarped(mask, frame, before, async (warped) => {
      if (step === 'flow') return uncorrected(warped)
      const model = await this.context.model(this.span)
      return frames.lendView(frame, before, model.colourRatio, async (view) => {
        const map = wary ? ratioMap(binsOf(frames.size, view.picture), model) : null
        const prior = map ? ofItsColours(frames.size, warped, map, waryRatio) : warped
        const first = step === 'forest' ? await this.corrected(model.forest, view, prior) : uncorrected(prior)
        if (!request.refineNetwork) return first
        return secondLook(request.refineNetwork, await this.memories(), { view, prior, ...first })
      })
    })
  }

  private async corrected(forest: native.Forest, view: native.View, prior: Float32Array) {
    const { frames, pool } = this.context
    const mask = new Float32Array(frames.planeLength)
    return { mask, report: await native.refineMask(forest, pool, view, prior, mask) }
  }

  /** What the network remembers of this span's key masks, the near one first. */
  private async memories(): Promise<Float32Array[]> {
    const { memories, truth } = this.context
    const { objectIndex } = this.span
    const found: Float32Array[] = []
    for (const side of [this.side, otherSide(this.side)]) {
      const frameIndex = keyOf(this.span, side)
      if (frameIndex === null || !memories) continue
      const key = async () => ({ frameIndex, mask: await truth(objectIndex, frameIndex) })
      const memory = await memories.of(objectIndex, key, frameIndex)
      if (memory) found.push(memory)
    }
    return found
  }

  private async substance(mask: Float32Array, frame: number): Promise<Substance> {
    const { colourRatio } = await this.context.model(this.span)
    return this.context.frames.lendPicture(frame, (picture) => substanceOf(mask, picture, colourRatio))
  }

  private async keySubstance(): Promise<Substance> {
    const key = keyOf(this.span, this.side)!
    this.key ??= await this.substance(await this.context.truth(this.span.objectIndex, key), key)
    return this.key
  }

  /** The object on `frame` if it is found there, else what it was: hidden or away. */
  private async searched(frame: number, before: number): Promise<SoftMask> {
    const still = this.empty(this.soft.presence === 'away' ? 'away' : 'hidden')
    if (!contains(this.span, frame) || !this.isTimeToLook(frame)) return still
    this.memory ??= await this.remembered()
    const { templates, lookAlike } = this.memory
    if (templates.length === 0) return still
    const { frames, pool } = this.context
    const ahead = frame + this.step
    const hasAhead = ahead >= 0 && ahead < this.context.request.source.frameCount
    if (hasAhead && (await frames.isCut(ahead, frame))) return still
    const newShot = frame === this.shotAt
    // Across a cut there is no flow: the first frame of a shot is seen from the next one.
    if (newShot && !hasAhead) return still
    const search: Search = {
      frames,
      pool,
      model: await this.context.model(this.span),
      templates,
      key: await this.keySubstance(),
      frameIndex: frame,
      neighbour: newShot ? ahead : before,
      window: this.window(frame),
    }
    const found = await sighted(search, this.shotAt === null ? 'same' : 'cut', lookAlike)
    if (!found || (hasAhead && !(await this.holds(found.mask, frame, ahead)))) return still
    this.lostAt = null
    this.shotAt = null
    this.memory = null
    return { mask: found.mask, report: found.report, presence: 'proposed' }
  }

  /** Whether a mask is followed on to the next frame without falling apart. */
  private async holds(mask: Float32Array, frame: number, ahead: number): Promise<boolean> {
    const now = await this.substance(mask, frame)
    const { mask: next, report } = await this.stepped(mask, ahead, frame, true)
    const then = await this.substance(next, ahead)
    const ratio = then.area / Math.max(1, now.area)
    return report.margin >= holdsMargin && ratio >= holdsArea && ratio <= 1 / holdsArea
  }

  private isTimeToLook(frame: number): boolean {
    if (this.isStuff || this.context.request.followOnly) return false
    const since = Math.abs(frame - (this.shotAt ?? this.lostAt ?? frame))
    if (this.shotAt !== null) return since <= shotFrames && since % 2 === 0
    return since <= eagerFrames ? since % 2 === 1 : since % 3 === 0
  }

  private window(frame: number) {
    const { size } = this.context.frames
    if (this.shotAt !== null) return everywhere(size)
    const template = this.memory!.templates.at(-1)!
    const since = Math.abs(frame - template.frameIndex)
    const reach = 1.5 * Math.sqrt(template.area) + windowGrowth * since
    // It may have turned back: the window reaches around the place it left as well as where it was heading.
    const shift = Math.min(since, 8)
    const [x, y] = [template.x + this.memory!.speedX * shift, template.y + this.memory!.speedY * shift]
    return windowAround(size, x, y, reach)
  }

  private async remembered(): Promise<Memory> {
    const { frames, pool } = this.context
    const { objectIndex } = this.span
    const keyFrame = keyOf(this.span, this.side)!
    const truth = await this.context.truth(objectIndex, keyFrame)
    const own = templateOf(frames.size, await frames.picture(keyFrame), truth, keyFrame)
    if (!own) return { templates: [], lookAlike: 0, speedX: 0, speedY: 0 }
    const { template: last, speedX, speedY } = await this.lastSeenWell()
    const search: Search = {
      frames,
      pool,
      model: await this.context.model(this.span),
      templates: [own],
      key: await this.keySubstance(),
      frameIndex: keyFrame,
      neighbour: keyFrame + this.step,
      window: everywhere(frames.size),
    }
    const lookAlike = await bestLookAlike(search, truth)
    return { templates: last ? [own, last] : [own], lookAlike, speedX, speedY }
  }

  /** The last mask before it was lost that was nearly whole and sure of its outline, and its speed there. */
  private async lastSeenWell() {
    const { store, frames } = this.context
    const { objectIndex } = this.span
    const trail: { frame: number; report: native.StepReport }[] = []
    for (let frame = this.lostAt! - this.step; trail.length < lookBack; frame -= this.step) {
      const presence = contains(this.span, frame) ? store.presence(this.side, objectIndex, frame) : null
      if (presence !== 'seen' && presence !== 'proposed') break
      trail.push({ frame, report: store.report(this.side, objectIndex, frame)! })
    }
    const largest = Math.max(0, ...trail.map(({ report }) => report.area))
    const index = trail.findIndex(({ report }) => report.area >= 0.7 * largest && report.margin >= 0.6)
    const well = trail[index]
    if (!well) return { template: null, speedX: 0, speedY: 0 }
    const soft = (await store.get(this.side, objectIndex, well.frame))!
    const template = templateOf(frames.size, await frames.picture(well.frame), soft.mask, well.frame)
    const earlier = trail[Math.min(trail.length - 1, index + speedFrames)]!
    const span = Math.max(1, Math.abs(well.frame - earlier.frame))
    return {
      template,
      speedX: (well.report.centroidX - earlier.report.centroidX) / span,
      speedY: (well.report.centroidY - earlier.report.centroidY) / span,
    }
  }
}

/** In 255ths, as masks are stored. */
function uncorrected(prior: Float32Array): Pick<SoftMask, 'mask' | 'report'> {
  const mask = prior.map((p) => Math.round(p * 255) / 255)
  const area = mask.reduce((sum, p) => sum + p, 0)
  return { mask, report: { ...nothing, priorArea: area, area } }
}
