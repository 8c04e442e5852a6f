/**
 * Networks in the walk, where each step starts from its own last mask: `closed-loop.ts --folder DIR --network NAME=DIR,...
 * [--only a,b] [--out FILE.json]`. Mean IoU at working size from the first frame, first and last frame not scored, with the
 * forest alone and with each network after it.
 */
import { readdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Episode, episodeOf, type Film, overlap, type Refine } from './episode.ts'
import { filmOfFolder } from './films.ts'
import { type Network, openNetwork, refineWith } from './network.ts'

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    network: { type: 'string' },
    only: { type: 'string' },
    out: { type: 'string' },
    threads: { type: 'string', default: '2' },
  },
})

async function score(film: Film, episode: Episode, refine: Refine): Promise<number> {
  const last = film.source.frameCount - 1
  let sum = 0
  for await (const { frame, mask } of episode.steps(refine))
    if (frame < last) sum += overlap(mask, await film.truth(frame))
  return (100 * sum) / (last - 1)
}

async function main(): Promise<void> {
  const { folder, network: given, out } = values
  if (!folder || !given)
    throw new Error('--folder DIR (films) and --network NAME=DIR (memorise.onnx, refine.onnx).')
  const threadCount = Number(values.threads)
  const networks: [string, Network][] = []
  for (const each of given.split(',')) {
    const [name, from] = each.split('=')
    if (!name || !from) throw new Error(`--network ${each}: give a name and a folder, as in memory=DIR.`)
    networks.push([name, await openNetwork(from, threadCount)])
  }
  const films: { film: string; [engine: string]: string | number }[] = []
  for (const name of values.only?.split(',') ?? readdirSync(folder).sort()) {
    const film = await filmOfFolder(folder, name)
    const episode = await episodeOf(film, threadCount)
    const scores: Record<string, number> = { forest: await score(film, episode, async (step) => step.forest) }
    for (const [engine, network] of networks)
      scores[engine] = await score(film, episode, await refineWith(network, episode))
    films.push({ film: name, ...rounded(scores) })
    console.log(line(name, scores))
  }
  const means = Object.fromEntries(
    ['forest', ...networks.map(([name]) => name)].map((engine) => [
      engine,
      films.reduce((sum, film) => sum + Number(film[engine]), 0) / films.length,
    ]),
  )
  console.log(line('mean', means))
  const told = { what: 'IoU in percent of the bare walk, first frame given', mean: rounded(means), films }
  if (out) writeFileSync(out, `${JSON.stringify(told, null, 1)}\n`)
}

function rounded(scores: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(scores).map(([name, value]) => [name, Number(value.toFixed(2))]))
}

function line(name: string, scores: Readonly<Record<string, number>>): string {
  return `${name.padEnd(20)} ${Object.entries(scores)
    .map(([engine, j]) => `${engine} ${j.toFixed(1)}`)
    .join('  ')}`
}

if (import.meta.main) await main()
