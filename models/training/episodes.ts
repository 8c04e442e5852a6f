/**
 * Writes what the network learns from, or is judged on: `episodes.ts clips --materials DIR --out DIR --first 0 --count 100`
 * makes clips and walks over them; `episodes.ts films --folder DIR --out DIR [--only a,b]` walks over films. With
 * `--network DIR` the network takes part in the walk, so that it can learn from its own errors. A film that
 * is there already is left out, so a stopped run goes on. Each gives NAME.bin (planes of bytes, 192 x 192: the keys, then
 * the steps with their truth) and NAME.json (their frames, and how good the forest was).
 */
import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { CropReader, cropLength } from '../refine-mask/crop.ts'
import { makeClip } from './clips.ts'
import { episodeOf, type Film, overlap, type Refine } from './episode.ts'
import { filmOfClip, filmOfFolder } from './films.ts'
import { loadMaterials } from './materials.ts'
import { type Network, openNetwork, refineWith } from './network.ts'

/** Of a clip every second step is kept, of a film every third. */
const clipStride = 2
const filmStride = 3

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    materials: { type: 'string' },
    folder: { type: 'string' },
    only: { type: 'string' },
    out: { type: 'string' },
    first: { type: 'string', default: '0' },
    count: { type: 'string', default: '100' },
    threads: { type: 'string', default: '1' },
    network: { type: 'string' },
  },
})

async function main(): Promise<void> {
  const out = values.out
  if (!out) throw new Error('--out DIR says where the samples go.')
  mkdirSync(out, { recursive: true })
  const threads = Number(values.threads)
  const network = values.network ? await openNetwork(values.network, threads) : null
  const target = { out, threads, network }
  if (positionals[0] === 'films') {
    const folder = values.folder
    if (!folder) throw new Error('--folder DIR says where the films are: DIR/FILM/frames and DIR/FILM/masks.')
    for (const name of values.only?.split(',') ?? readdirSync(folder).sort())
      await write(target, name, filmStride, () => filmOfFolder(folder, name))
    return
  }
  if (positionals[0] !== 'clips' || !values.materials)
    throw new Error('Either `clips --materials DIR` or `films --folder DIR`.')
  const materials = await loadMaterials(values.materials)
  for (let seed = Number(values.first); seed < Number(values.first) + Number(values.count); seed++) {
    const name = `clip-${seed}`
    await write(target, name, clipStride, async () => filmOfClip(name, await makeClip(materials, seed)))
  }
}

interface Target {
  readonly out: string
  readonly threads: number
  readonly network: Network | null
}

async function write(
  { out, threads, network }: Target,
  name: string,
  stride: number,
  load: () => Promise<Film>,
): Promise<void> {
  if (existsSync(join(out, `${name}.json`))) return
  const started = performance.now()
  const film = await load()
  const truth = await film.truth(0)
  if (truth.filter((p) => p > 0.5).length < 150) return
  const episode = await episodeOf(film, threads)
  const planes: Uint8Array[] = []
  const keys: number[] = []
  const last = film.source.frameCount - 1
  for (const frame of [0, Math.round(last / 3), Math.round((2 * last) / 3), last]) {
    const key = await episode.key(frame)
    if (!key) continue
    planes.push(key.sight)
    keys.push(frame)
  }
  const steps: object[] = []
  const refine: Refine = network ? await refineWith(network, episode) : async (step) => step.forest
  for await (const { frame, prior, forest, crop, sight } of episode.steps(refine)) {
    if (frame % stride !== 1 && frame !== last) continue
    const truth = await film.truth(frame)
    const answer = new Uint8Array(cropLength)
    new CropReader(episode.frames.size, crop).read(truth, 0, 255, 0, answer, 0)
    planes.push(sight, answer)
    const at = {
      frame,
      side: Math.round(crop.side),
      prior: overlap(prior, truth),
      forest: overlap(forest, truth),
    }
    steps.push(at)
  }
  writeFileSync(join(out, `${name}.bin`), Buffer.concat(planes))
  // The list comes last and at once: who reads while this runs sees whole samples only.
  writeFileSync(join(out, `${name}.tmp`), JSON.stringify({ name, keys, steps }))
  renameSync(join(out, `${name}.tmp`), join(out, `${name}.json`))
  const mean =
    steps.reduce((sum: number, step) => sum + (step as { forest: number }).forest, 0) / steps.length
  console.log(
    `${name}: ${steps.length} steps, forest ${mean.toFixed(3)}, ${Math.round(performance.now() - started)} ms`,
  )
}

await main()
