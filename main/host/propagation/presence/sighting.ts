/**
 * Looks for an object that went out of sight: places by colour, then by what it looked like, then its own forest run on
 * the few best of them until the mask settles. Nothing is taken that is not clearly better than what resembles the
 * object on its own key frame.
 */
import * as native from '../../../../native/index.ts'
import type { WorkingFrames } from '../frames/working-frames.ts'
import type { ObjectModel } from '../model/object-model.ts'
import { isBelievable, qualityOf, type Sighting, type Substance, substanceOf } from './presence.ts'
import {
  alikeAt,
  alikeColours,
  binsOf,
  histogramOf,
  maskAt,
  type Place,
  placesByColour,
  type Template,
  templateOf,
  type Window,
} from './template.ts'

const colourPlaces = 8
const forestPlaces = 3
const forestRuns = 3
/** Places that the picture alone speaks against so much are not worth the forest. */
const leastPromise = -1

export interface Search {
  readonly frames: WorkingFrames
  readonly pool: native.Pool
  readonly model: ObjectModel
  /** How it looked: on its key frame first, then where it was last seen well. */
  readonly templates: readonly Template[]
  /** Of the key mask. */
  readonly key: Substance
  readonly frameIndex: number
  /** From which side the frame is looked at. */
  readonly neighbour: number
  readonly window: Window
}

export interface Candidate {
  readonly mask: Float32Array
  readonly report: native.StepReport
  readonly sighting: Sighting
}

/** The whole picture. */
export function everywhere({ width, height }: native.Size): Window {
  return { left: 0, top: 0, right: width, bottom: height }
}

/** Around a point, cut off at the borders. */
export function windowAround({ width, height }: native.Size, x: number, y: number, reach: number): Window {
  const within = (value: number, most: number) => Math.max(0, Math.min(most, Math.round(value)))
  return {
    left: within(x - reach, width - 1),
    top: within(y - reach, height - 1),
    right: within(x + reach, width),
    bottom: within(y + reach, height),
  }
}

/** The best mask found, if there is one that is believable. `lookAlike`: see `isBelievable`. */
export async function sighted(
  search: Search,
  kind: 'same' | 'cut',
  lookAlike: number,
): Promise<Candidate | null> {
  let best: Candidate | null = null
  for await (const candidate of candidates(search)) {
    if (!isBelievable(candidate.sighting, kind, lookAlike)) continue
    if (!best || qualityOf(candidate.sighting) > qualityOf(best.sighting)) best = candidate
  }
  return best
}

/** Quality of the best candidate that does not overlap `truth`: how well something else passes for the object. */
export async function bestLookAlike(search: Search, truth: Float32Array): Promise<number> {
  const { frames } = search
  let best = 0
  for await (const { mask, sighting } of candidates(search, truth))
    if ((await native.overlapOfMasks(frames.size, mask, truth)) < 0.1)
      best = Math.max(best, qualityOf(sighting))
  return best
}

export async function* candidates(
  search: Search,
  except: Float32Array | null = null,
): AsyncGenerator<Candidate> {
  const { frames, model, templates } = search
  const { size } = frames
  const picture = await frames.picture(search.frameIndex)
  const bins = binsOf(size, picture)
  const map = ratioMap(bins, model)
  const promising: { template: Template; place: Place; promise: number }[] = []
  // By the latest template: its size is the likeliest.
  const template = templates.at(-1)!
  for (const place of placesByColour(size, map, template, search.window, colourPlaces)) {
    const isOwn = except && except[Math.round(place.y) * size.width + Math.round(place.x)]! >= 0.5
    if (isOwn) continue
    const { correlation, difference } = alikeAt(size, picture, template, place)
    const promise = place.score + correlation - difference / 15
    if (promise > leastPromise) promising.push({ template, place, promise })
  }
  promising.sort((a, b) => b.promise - a.promise)
  for (const { place } of promising.slice(0, forestPlaces)) {
    const candidate = await settled(search, maskAt(size, template, place), picture, bins, map)
    if (candidate) yield candidate
  }
}

/** Colour ratio object : rest of every pixel. */
export function ratioMap(bins: Uint16Array, { colourRatio }: Pick<ObjectModel, 'colourRatio'>): Float32Array {
  const map = new Float32Array(bins.length)
  for (let i = 0; i < map.length; i++) map[i] = colourRatio[bins[i]!]!
  return map
}

/**
 * The part of a mask whose colours are rather the object's than the rest's, by the mean ratio of 3 x 3 pixels: what the
 * object comes out from behind stays out of it. `map`: colour ratio a pixel. The picture's border is left out.
 */
export function ofItsColours(
  { width, height }: native.Size,
  mask: Float32Array,
  map: Float32Array,
  leastRatio = 0,
): Float32Array {
  const out = new Float32Array(mask.length)
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x
      if (mask[at] === 0) continue
      let sum = 0
      for (let dy = -width; dy <= width; dy += width)
        for (let dx = -1; dx <= 1; dx++) sum += map[at + dy + dx]!
      if (sum > 9 * leastRatio) out[at] = mask[at]!
    }
  return out
}

/** The forest's answer to a prior, run until it changes no more; null where nothing is left of it. */
async function settled(
  search: Search,
  prior: Float32Array,
  picture: Float32Array,
  bins: Uint16Array,
  map: Float32Array,
): Promise<Candidate | null> {
  const { frames, pool, model, key } = search
  const { size } = frames
  const view = await frames.view(search.frameIndex, search.neighbour, model.colourRatio)
  let [mask, overlap] = [prior, 0]
  let report: native.StepReport | null = null
  for (let run = 0; run < forestRuns; run++) {
    const next = new Float32Array(mask.length)
    report = await native.refineMask(model.forest, pool, view, ofItsColours(size, mask, map), next)
    overlap = await native.overlapOfMasks(size, mask, next)
    mask = next
  }
  const substance = substanceOf(mask, picture, model.colourRatio)
  const found = templateOf(size, picture, mask, search.frameIndex)
  if (!report || !found) return null
  const histogram = histogramOf(bins, mask)
  const compared = search.templates.map((template) => {
    const place = { x: found.x, y: found.y, scale: Math.sqrt(found.area / template.area) }
    return {
      colours: alikeColours(template.histogram, histogram),
      correlation: alikeAt(size, picture, template, place).correlation,
    }
  })
  return {
    mask,
    report,
    sighting: {
      area: found.area / search.templates.at(-1)!.area,
      likeness: substance.likeness / Math.max(0.5, key.likeness),
      sureness: substance.sureness,
      margin: report.margin,
      colours: Math.max(...compared.map((each) => each.colours)),
      correlation: Math.max(...compared.map((each) => each.correlation)),
      settled: overlap,
    },
  }
}
