/**
 * The network in the walk, where each step starts from its own last mask: `closed-loop.ts --folder DIR --network DIR
 * [--only a,b] [--strength 1]`. Mean IoU at working size from the first frame, first and last frame not scored, with the
 * forest alone and with both.
 */
import { readdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Episode, episodeOf, type Film, overlap, type Refine } from './episode.ts'
import { filmOfFolder } from './films.ts'
import { openNetwork, refineWith } from './network.ts'

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    network: { type: 'string' },
    only: { type: 'string' },
    strength: { type: 'string', default: '1' },
    threads: { type: 'string', default: '2' },
  },
})

async function score(film: Film, episode: Episode, refine: Refine): Promise<{ j: number; ms: number }> {
  const last = film.source.frameCount - 1
  let sum = 0
  const started = performance.now()
  let looking = 0
  for await (const { frame, mask } of episode.steps(refine)) {
    const at = performance.now()
    if (frame < last) sum += overlap(mask, await film.truth(frame))
    looking += performance.now() - at
  }
  return { j: sum / (last - 1), ms: (performance.now() - started - looking) / last }
}

async function main(): Promise<void> {
  const { folder, network: from } = values
  if (!folder || !from)
    throw new Error('--folder DIR (films) and --network DIR (memorise.onnx, refine.onnx).')
  const network = await openNetwork(from, Number(values.threads))
  const names = values.only?.split(',') ?? readdirSync(folder).sort()
  const total = { forest: 0, both: 0, forestMs: 0, bothMs: 0 }
  for (const name of names) {
    const film = await filmOfFolder(folder, name)
    const episode = await episodeOf(film, Number(values.threads))
    const alone: Refine = async (step) => step.forest
    const corrected = await refineWith(network, episode, Number(values.strength))
    const trial = { forest: 0, both: 0 }
    for (const reach of [4, 12, 25]) {
      trial.forest += (await episode.cycle(alone, reach)) / 3
      trial.both += (await episode.cycle(corrected, reach)) / 3
    }
    const forest = await score(film, episode, alone)
    const both = await score(film, episode, corrected)
    total.forest += forest.j / names.length
    total.both += both.j / names.length
    total.forestMs += forest.ms / names.length
    total.bothMs += both.ms / names.length
    console.log(
      `${name.padEnd(20)} forest ${percent(forest.j)} both ${percent(both.j)} ${(both.j >= forest.j ? '+' : '') + percent(both.j - forest.j)}, away and back ${percent(trial.forest)} ${percent(trial.both)}`,
    )
  }
  console.log(
    `mean forest ${percent(total.forest)} both ${percent(total.both)}; ms a frame ${total.forestMs.toFixed(1)} ${total.bothMs.toFixed(1)}`,
  )
}

function percent(part: number): string {
  return (part * 100).toFixed(1)
}

if (import.meta.main) await main()
