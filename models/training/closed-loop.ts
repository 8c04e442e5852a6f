/**
 * Networks in the walk, where each step starts from its own last mask: `closed-loop.ts --folder DIR --network NAME=DIR,...
 * [--only a,b]`. Mean IoU at working size from the first frame, first and last frame not scored, with the forest alone and
 * with each network (memorise.onnx, refine.onnx) after it. `npm run bench -- designs` keeps the same in a file.
 */
import { readdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Episode, episodeOf, type Film, overlap, type Refine } from './episode.ts'
import { filmOfFolder } from './films.ts'
import { type Network, openNetwork, refineWith } from './network.ts'

/** IoU in percent by engine: 'forest' and each network's name. */
export type WalkScores = Readonly<Record<string, number>>

/** Film by film. `networks`: name and folder. */
export async function* walkScores(
  folder: string,
  films: readonly string[],
  networks: readonly (readonly [string, string])[],
  threadCount: number,
): AsyncGenerator<{ readonly film: string; readonly scores: WalkScores }> {
  const open: [string, Network][] = []
  for (const [name, from] of networks) open.push([name, await openNetwork(from, threadCount)])
  for (const name of films) {
    const film = await filmOfFolder(folder, name)
    const episode = await episodeOf(film, threadCount)
    const scores: Record<string, number> = { forest: await score(film, episode, async (step) => step.forest) }
    for (const [engine, network] of open)
      scores[engine] = await score(film, episode, await refineWith(network, episode))
    yield { film: name, scores }
  }
}

export function meanOf(all: readonly WalkScores[]): WalkScores {
  const engines = Object.keys(all[0] ?? {})
  return Object.fromEntries(
    engines.map((engine) => [engine, all.reduce((sum, scores) => sum + scores[engine]!, 0) / all.length]),
  )
}

/** 'memory=DIR,nearest=DIR' to names and folders. */
export function namedFolders(text: string): (readonly [string, string])[] {
  return text.split(',').map((each) => {
    const [name, folder] = each.split('=')
    if (!name || !folder) throw new Error(`${each}: give a name and a folder, as in memory=DIR.`)
    return [name, folder]
  })
}

async function score(film: Film, episode: Episode, refine: Refine): Promise<number> {
  const last = film.source.frameCount - 1
  let sum = 0
  for await (const { frame, mask } of episode.steps(refine))
    if (frame < last) sum += overlap(mask, await film.truth(frame))
  return (100 * sum) / (last - 1)
}

function line(name: string, scores: WalkScores): string {
  const told = Object.entries(scores).map(([engine, j]) => `${engine} ${j.toFixed(1)}`)
  return `${name.padEnd(20)} ${told.join('  ')}`
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      folder: { type: 'string' },
      network: { type: 'string' },
      only: { type: 'string' },
      threads: { type: 'string', default: '2' },
    },
  })
  const { folder, network, only, threads } = values
  if (!folder || !network) throw new Error('--folder DIR (films) and --network NAME=DIR.')
  const films = only?.split(',') ?? readdirSync(folder).sort()
  const all: WalkScores[] = []
  for await (const { film, scores } of walkScores(folder, films, namedFolders(network), Number(threads))) {
    all.push(scores)
    console.log(line(film, scores))
  }
  console.log(line('mean', meanOf(all)))
}

if (import.meta.main) await main()
