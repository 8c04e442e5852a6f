/**
 * A proxy: an H.264 mp4 that every renderer decodes, upright, in square pixels, whose frame i is frame i of the original's
 * table. Pictures come through the same verified reader as all others, one a row of the table, so the count and the order hold
 * by construction; the proxy's own times are i / 25 s and mean nothing. Short GOPs and no B-frames make its seeks fast.
 *
 * It is written in parts of a few hundred frames, each renamed when whole, so that an interrupted job goes on where it was; the
 * parts are then joined without encoding again.
 */
import { createReadStream, existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { proxyFrameUs } from '../../core/track/frame-table.ts'
import { UserError } from '../../core/user-error.ts'
import { type Ffmpeg, ffmpegComplaint, readAll, resolveFfmpeg, startFfmpeg, writeInput } from '../ffmpeg.ts'
import type { FrameSource } from './frame-source.ts'
import type { VideoFile } from './video-file.ts'
import { openVideoFrames } from './video-frame-source.ts'

/** One picture every proxyFrameUs, whole in the file's own units of a 25,000th of a second. */
const proxyFramesPerSecond = 1e6 / proxyFrameUs
const partFrames = 300
const gopFrames = 15

/** H.264 encoders in order of preference, with what makes them good enough to label on. */
const encoders: readonly (readonly [name: string, args: readonly string[]])[] = [
  ['libx264', ['-preset', 'veryfast', '-crf', '18', '-sc_threshold', '0']],
  ['libopenh264', ['-b:v', '12M']],
  ['h264_videotoolbox', ['-b:v', '12M']],
  ['h264_mf', ['-b:v', '12M']],
]

/** Writes the proxy to `target`; yields after every few frames. What is there of an earlier, interrupted run is used. */
export async function* makeProxy(
  file: VideoFile,
  timesUs: Float64Array,
  target: string,
  signal?: AbortSignal,
): AsyncGenerator<{ readonly done: number; readonly total: number }, void, undefined> {
  const ffmpeg = await resolveFfmpeg()
  const encoder = await h264Encoder(ffmpeg)
  // 4:2:0 wants even sides; the column or row too many is cut off again where the proxy is shown.
  const [width, height] = [file.width + (file.width % 2), file.height + (file.height % 2)]
  const folder = `${target}.parts`
  await mkdir(folder, { recursive: true })
  const source = await openVideoFrames(file, timesUs, {
    width: file.width,
    height: file.height,
    format: 'yuv420p',
  })
  const total = timesUs.length
  const parts: string[] = []
  try {
    for (let first = 0; first < total; first += partFrames) {
      const end = Math.min(total, first + partFrames)
      const part = join(folder, `${String(first).padStart(8, '0')}-${end}.h264`)
      parts.push(part)
      if (existsSync(part)) continue
      const temporary = `${part}.writing`
      const args = [
        ...rawInput(file),
        '-vf',
        `pad=${width}:${height}:0:0`,
        ...encoder,
        '-f',
        'h264',
        '-y',
        temporary,
      ]
      yield* encodePart(ffmpeg, args, source, [first, end, total], signal)
      await rename(temporary, part)
    }
  } finally {
    await source.close()
  }
  await joinParts(ffmpeg, parts, target, signal)
  await rm(folder, { recursive: true, force: true })
  yield { done: total, total }
}

function rawInput({ width, height }: VideoFile): string[] {
  const size = `${width}x${height}`
  const rate = String(proxyFramesPerSecond)
  return [
    '-v',
    'error',
    '-f',
    'rawvideo',
    '-pix_fmt',
    'yuv420p',
    '-s',
    size,
    '-framerate',
    rate,
    '-i',
    'pipe:0',
  ]
}

async function* encodePart(
  ffmpeg: Ffmpeg,
  args: readonly string[],
  source: FrameSource,
  [first, end, total]: readonly [first: number, end: number, total: number],
  signal: AbortSignal | undefined,
): AsyncGenerator<{ readonly done: number; readonly total: number }, void, undefined> {
  const run = startFfmpeg(ffmpeg, args, { signal })
  run.stdout.resume()
  try {
    for (let frameIndex = first; frameIndex < end; frameIndex++) {
      await writeInput(run.stdin, await source.read(frameIndex, signal))
      if (frameIndex % 10 === 0) yield { done: frameIndex, total }
    }
    run.stdin.end()
    const { exitCode, lines } = await run.ended
    if (exitCode !== 0) throw proxyFailed(lines)
  } finally {
    run.kill()
  }
}

async function joinParts(
  ffmpeg: Ffmpeg,
  parts: readonly string[],
  target: string,
  signal?: AbortSignal,
): Promise<void> {
  const rate = String(proxyFramesPerSecond)
  const temporary = `${target}.writing`
  const args = [
    '-v',
    'error',
    '-f',
    'h264',
    '-framerate',
    rate,
    '-i',
    'pipe:0',
    '-c',
    'copy',
    '-movflags',
    '+faststart',
  ]
  const run = startFfmpeg(
    ffmpeg,
    [...args, '-video_track_timescale', '25000', '-f', 'mp4', '-y', temporary],
    { signal },
  )
  run.stdout.resume()
  // A raw H.264 stream needs no container to be joined: parts follow one another byte by byte.
  for (const part of parts)
    for await (const bytes of createReadStream(part)) await writeInput(run.stdin, bytes as Buffer)
  run.stdin.end()
  const { exitCode, lines } = await run.ended
  if (exitCode !== 0) throw proxyFailed(lines)
  await rename(temporary, target)
}

function proxyFailed(lines: readonly string[]): UserError {
  const reason = ffmpegComplaint(lines) ?? lines[lines.length - 1]
  return new UserError(
    'proxy-failed',
    `The proxy could not be written${reason ? ` (${reason})` : ''}. Make room on the disk and start it again; what is done is kept.`,
  )
}

async function h264Encoder(ffmpeg: Ffmpeg): Promise<readonly string[]> {
  const run = startFfmpeg(ffmpeg, ['-v', 'error', '-encoders'])
  run.stdin.end()
  const text = (await readAll(run.stdout)).toString('utf8')
  const found = encoders.find(([name]) => text.includes(` ${name} `))
  if (!found) {
    throw new UserError(
      'no-h264-encoder',
      `The ffmpeg at ${ffmpeg.path} cannot write H.264. Install one with libx264 and set FFMPEG_PATH to it.`,
    )
  }
  const gop = String(gopFrames)
  return ['-c:v', found[0], ...found[1], '-g', gop, '-bf', '0', '-pix_fmt', 'yuv420p']
}
