/** Makes test clips with the resolved ffmpeg and keeps them in the system's temporary folder for the next run. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { type Ffmpeg, resolveFfmpeg, startFfmpeg, writeInput } from '../ffmpeg.ts'
import { numberedPicture } from './frame-number.ts'
import type { Pictures, TestClip } from './test-clip.ts'
import { height as clipHeight, width as clipWidth } from './test-clip-recipes.ts'

/** Makes the clip unless it is there; null when this ffmpeg lacks every encoder for it. Returns its path. */
export async function makeTestClip(clip: TestClip): Promise<string | null> {
  const ffmpeg = await resolveFfmpeg()
  const available = await encodersOf(ffmpeg)
  const encoder = clip.encoders.find((name) => available.has(name))
  if (!encoder) return null
  const folder = clipFolder(ffmpeg)
  const target = join(folder, clip.file)
  if (existsSync(target)) return target
  const working = join(folder, `${process.pid}-${Math.trunc(performance.now() * 1000)}`)
  mkdirSync(working, { recursive: true })
  const run = async (args: readonly string[], feed?: Pictures) => {
    const process = startFfmpeg(ffmpeg, [
      '-v',
      'error',
      '-y',
      ...args.map((arg) => (arg === 'ENCODER' ? encoder : arg)),
    ])
    process.stdout.resume()
    if (feed) await feedPictures(process.stdin, feed)
    process.stdin.end()
    const { exitCode, lines } = await process.ended
    if (exitCode !== 0) throw new Error(`${clip.name}: ${lines.join('\n')}`)
  }
  const temporary = join(working, clip.file)
  await clip.make({
    encoder,
    target: temporary,
    scratch: (name) => join(working, `scratch-${name}`),
    ffmpeg: run,
    encode: (pictures, args, to = temporary) => run([...pictureInput(pictures), ...args, to], pictures),
  })
  renameSync(temporary, target)
  rmSync(working, { recursive: true, force: true })
  return target
}

function pictureInput({ width = clipWidth, height = clipHeight }: Pictures): string[] {
  return ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${width}x${height}`, '-r', '25', '-i', 'pipe:0']
}

async function feedPictures(stdin: Writable, pictures: Pictures): Promise<void> {
  const { count, first = 0, width = clipWidth, height = clipHeight } = pictures
  for (let index = 0; index < count; index++) {
    await writeInput(stdin, numberedPicture(first + index, width, height))
  }
}

const recipeFiles = ['frame-number.ts', 'test-clips.ts', 'test-clip-recipes.ts', 'test-clip-edits.ts']

/** A folder that changes with the recipes and with ffmpeg. */
function clipFolder(ffmpeg: Ffmpeg): string {
  const hash = createHash('sha256').update(ffmpeg.version)
  for (const file of recipeFiles) hash.update(readFileSync(join(import.meta.dirname, file)))
  const folder = join(tmpdir(), `inbetween-clips-${hash.digest('hex').slice(0, 12)}`)
  mkdirSync(folder, { recursive: true })
  return folder
}

const encoderLists = new Map<string, Promise<ReadonlySet<string>>>()

function encodersOf(ffmpeg: Ffmpeg): Promise<ReadonlySet<string>> {
  let list = encoderLists.get(ffmpeg.path)
  if (!list) {
    list = listEncoders(ffmpeg)
    encoderLists.set(ffmpeg.path, list)
  }
  return list
}

/** Names of the encoders that this ffmpeg was built with. */
async function listEncoders(ffmpeg: Ffmpeg): Promise<ReadonlySet<string>> {
  const run = startFfmpeg(ffmpeg, ['-encoders'])
  let text = ''
  for await (const part of run.stdout.setEncoding('utf8')) text += part
  return new Set([...text.matchAll(/^ [VASFXBD.]{6} (\S+)/gm)].map((match) => match[1] as string))
}
