/**
 * Where the network helps and where it fails, as one picture: `pictures.ts OUT.jpg --network DIR`. Films of the scene
 * generator, which nothing is learnt from, so that the picture is ours. A row a film: the frame with the true outline, the
 * forest's mask, the forest's and the network's.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { createCanvas, ImageData } from '@napi-rs/canvas'
import type { SceneSpec } from '../../main/core/scene/scene.ts'
import { sceneOf } from '../../main/core/scene/scene.ts'
import { episodeOf, type Film, overlap, type Refine } from './episode.ts'
import { openNetwork, refineWith } from './network.ts'

const size = { width: 426, height: 240 }
const margin = 6
const titleHeight = 24

interface Shown {
  readonly words: string
  readonly rgb: Uint8Array
  readonly truth: Float32Array
  readonly masks: readonly Float32Array[]
  /** IoU that the network adds on that frame. */
  readonly gain: number
  readonly iou: number
}

const scenes: readonly SceneSpec[] = [21, 24, 25].map((seed) => ({
  ...size,
  name: `scene ${seed}`,
  frameCount: 40,
  framesPerSecond: 24,
  objectCount: 6,
  seed,
  events: seed % 2 ? ['roam', 'twins', 'shake', 'occlusion'] : ['pan', 'zoom', 'blur', 'light', 'occlusion'],
}))

function filmOf(spec: SceneSpec, thing: number): Film {
  const { frame } = sceneOf(spec)
  const source = {
    ...size,
    frameCount: spec.frameCount,
    read: async (index: number) => frame(index).rgb,
    close: async () => {},
  }
  const truth = async (index: number) => Float32Array.from(frame(index).index, (at) => (at === thing ? 1 : 0))
  return { name: `${spec.name}, ${thing}`, source, truth }
}

/** The frame on which the network changes most, for better or worse. */
async function shownOf(film: Film, folder: string): Promise<Shown | null> {
  const first = await film.truth(0)
  if (first.filter((p) => p > 0.5).length < 400) return null
  const episode = await episodeOf(film, 1)
  const network = await openNetwork(folder, 1)
  const walk = async (refine: Refine) => {
    const masks = new Map<number, Float32Array>()
    for await (const { frame, mask } of episode.steps(refine)) masks.set(frame, mask)
    return masks
  }
  const forest = await walk(async (step) => step.forest)
  const both = await walk(await refineWith(network, episode))
  let best: Shown | null = null
  for (const [frame, mask] of both) {
    const truth = await film.truth(frame)
    const alone = forest.get(frame)
    if (!alone || truth.filter((p) => p > 0.5).length < 200) continue
    const [before, after] = [overlap(alone, truth), overlap(mask, truth)]
    const gain = after - before
    if (best && Math.abs(best.gain) >= Math.abs(gain)) continue
    const words = `${film.name}, frame ${frame}: IoU ${percent(before)} with the forest, ${percent(after)} with the network after it`
    best = { words, rgb: await film.source.read(frame), truth, masks: [alone, mask], gain, iou: after }
  }
  return best
}

function drawn(shown: readonly Shown[]): Buffer {
  const rowHeight = size.height + titleHeight + margin
  const canvas = createCanvas(3 * size.width + 4 * margin, shown.length * rowHeight + margin)
  const context = canvas.getContext('2d')
  context.fillStyle = '#14171c'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.font = '15px sans-serif'
  for (const [row, { words, rgb, truth, masks }] of shown.entries()) {
    const top = margin + row * rowHeight
    context.fillStyle = '#d8dee6'
    context.fillText(words, margin, top + 16)
    for (const [column, mask] of [truth, ...masks].entries()) {
      const picture = overlaid(rgb, mask, column === 0)
      context.putImageData(picture, margin + column * (size.width + margin), top + titleHeight)
    }
  }
  return canvas.toBuffer('image/jpeg', 82)
}

function overlaid(rgb: Uint8Array, mask: Float32Array, isTruth: boolean): ImageData {
  const data = new Uint8ClampedArray(size.width * size.height * 4)
  const color = isTruth ? [60, 220, 120] : [255, 90, 60]
  for (let i = 0; i < mask.length; i++) {
    const part = mask[i]! > 0.5 ? 0.55 : 0
    for (let c = 0; c < 3; c++) data[4 * i + c] = rgb[3 * i + c]! * (1 - part) + color[c]! * part
    data[4 * i + 3] = 255
  }
  return new ImageData(data, size.width, size.height)
}

function percent(part: number): string {
  return (100 * part).toFixed(0)
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { network: { type: 'string' } },
})
if (!positionals[0] || !values.network) throw new Error('pictures.ts OUT.jpg --network DIR')
const all: Shown[] = []
for (const spec of scenes)
  for (let thing = 1; thing <= spec.objectCount; thing++) {
    const shown = await shownOf(filmOf(spec, thing), values.network)
    if (shown) all.push(shown)
  }
all.sort((a, b) => b.gain - a.gain)
const lost = all
  .filter(({ iou }) => iou < 0.6)
  .sort((a, b) => a.iou - b.iou)
  .slice(0, 1)
const chosen = [...new Set([...all.slice(0, 2), ...lost, ...all.slice(-2)])]
for (const { words } of all) console.log(words)
writeFileSync(positionals[0], drawn(chosen))
