/**
 * What a video file is, from what `ffmpeg -i` says of it: the one description that every build of ffmpeg gives (the npm builds
 * come without ffprobe). Reads the file's head only, so it takes well under a second for any length.
 */
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { UserError } from '../../core/user-error.ts'
import { ffmpegComplaint, resolveFfmpeg, startFfmpeg } from '../ffmpeg.ts'
import { displaySize } from './display-size.ts'
import type { VideoFile } from './video-file.ts'

export interface VideoProbe {
  readonly path: string
  readonly byteLength: number
  /** ffmpeg's names of the demuxer: 'mov,mp4,m4a,3gp,3g2,mj2', 'matroska,webm', 'mpegts', 'avi', 'gif'. */
  readonly container: string
  /** As the header says; null when it says nothing. The table of presentation times knows better. */
  readonly durationUs: number | null
  /** Video streams that are not cover pictures, in file order; at least one. */
  readonly streams: readonly VideoStream[]
  /** Position in `streams` of the one to take unless the user says otherwise: the first default one, else the first. */
  readonly streamIndex: number
  /** Problems that ffmpeg saw in the head, such as a file that ends early; empty for most files. */
  readonly complaints: readonly string[]
}

export interface VideoStream {
  /** 'h264', 'hevc', 'vp8', 'vp9', 'av1', 'mpeg4', 'mjpeg', 'prores', ... */
  readonly codec: string
  /** 'High', 'Main 10', ...; empty where unknown. */
  readonly profile: string
  /** 'yuv420p', 'yuv420p10le', ...; empty where unknown. */
  readonly pixelFormat: string
  readonly codedWidth: number
  readonly codedHeight: number
  readonly pixelAspect: readonly [numerator: number, denominator: number]
  readonly rotation: 0 | 90 | 180 | 270
  readonly width: number
  readonly height: number
  /** As the header says, for estimates shown to the user only. */
  readonly framesPerSecond: number | null
  readonly isDefault: boolean
}

/** Describes a video. Throws a UserError when the file is missing, empty, no video, or not understood. */
export async function probeVideo(path: string, signal?: AbortSignal): Promise<VideoProbe> {
  const byteLength = fileByteLength(path)
  const ffmpeg = await resolveFfmpeg()
  const run = startFfmpeg(ffmpeg, ['-nostdin', '-noautorotate', '-i', `file:${path}`], { signal })
  run.stdin.end()
  run.stdout.resume()
  const { lines } = await run.ended
  const probe = parseProbe(lines)
  if (!probe) throw new UserError('media-unreadable', unreadableSentence(path, lines))
  if (probe.streams.length === 0) {
    throw new UserError(
      'media-no-video',
      `${basename(path)} has no video stream. Choose a file with pictures.`,
    )
  }
  return { path, byteLength, ...probe }
}

/** The stream of the probe as something decoders take. */
export function probedFile(probe: VideoProbe, streamIndex: number = probe.streamIndex): VideoFile {
  const stream = probe.streams[streamIndex]
  if (!stream) {
    throw new UserError(
      'media-no-stream',
      `${basename(probe.path)} has ${probe.streams.length} video streams; number ${streamIndex} is not one of them.`,
    )
  }
  const { rotation, width, height } = stream
  return { path: probe.path, streamIndex, rotation, width, height }
}

function fileByteLength(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) throw new UserError('media-missing', `${path} does not exist. Relink it or choose another file.`)
  if (!stat.isFile()) throw new UserError('media-not-a-file', `${path} is not a file. Choose a video file.`)
  if (stat.size === 0) throw new UserError('media-empty', `${path} is empty. Copy or record it again.`)
  return stat.size
}

function unreadableSentence(path: string, lines: readonly string[]): string {
  const name = basename(path)
  if (lines.some((line) => line.includes('moov atom not found')) && beginsAsMp4(path)) {
    return `${name} lacks its index (the moov box), probably because recording or copying stopped early. Copy it again, or repair it with a tool that rebuilds the index.`
  }
  const reason = ffmpegComplaint(lines.map((line) => line.replace(`file:${path}: `, '')))
  return `${name} is not a video that can be read${reason ? ` (${reason})` : ''}. Convert it to mp4 and import that.`
}

/** ffmpeg goes by the name where the content says nothing, so a text called .mp4 would lack an index too. */
function beginsAsMp4(path: string): boolean {
  const file = openSync(path, 'r')
  try {
    const head = Buffer.alloc(8)
    readSync(file, head, 0, 8, 0)
    return ['ftyp', 'mdat', 'wide', 'free', 'skip', 'pnot'].includes(head.toString('latin1', 4))
  } finally {
    closeSync(file)
  }
}

/** Reads what `ffmpeg -i` wrote. Null when it names no input. */
export function parseProbe(lines: readonly string[]): Omit<VideoProbe, 'path' | 'byteLength'> | null {
  const start = lines.findIndex((line) => /^Input #0, /.test(line))
  if (start < 0) return null
  const container = /^Input #0, (.+?), from '/.exec(lines[start] ?? '')?.[1] ?? 'unknown'
  let durationUs: number | null = null
  const streams: VideoStream[] = []
  let details: string[] | null = null
  const finish = () => {
    const stream = details && parseStream(details)
    if (stream) streams.push(stream)
    details = null
  }
  for (const line of lines.slice(start + 1)) {
    if (/^(Output #|At least one output|Stream mapping)/.test(line)) break
    durationUs ??= parseDuration(line)
    if (/^\s*Stream #0:\d+/.test(line)) {
      finish()
      if (/: Video: /.test(line) && !line.includes('(attached pic)')) details = [line]
    } else if (details) details.push(line)
  }
  finish()
  const firstDefault = streams.findIndex((stream) => stream.isDefault)
  const complaints = lines.slice(0, start).filter((line) => line.startsWith('['))
  return { container, durationUs, streams, streamIndex: Math.max(0, firstDefault), complaints }
}

function parseDuration(line: string): number | null {
  const match = /^\s*Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)/.exec(line)
  if (!match) return null
  return Math.round((Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3])) * 1e6)
}

function parseStream(details: readonly string[]): VideoStream | null {
  const line = details[0] ?? ''
  const codec = /: Video: ([^\s,(]+)(?: \(([^)/]+)\))?/.exec(line)
  const size = /, (\d+)x(\d+)(?=[\s,]|$)/.exec(line)
  if (!codec || !size) return null
  const [codedWidth, codedHeight] = [Number(size[1]), Number(size[2])]
  if (codedWidth === 0 || codedHeight === 0) return null
  const rotation = parseRotation(details)
  const pixelAspect = parsePixelAspect(line)
  const rate = /, ([\d.]+)(k?) fps/.exec(line)
  return {
    codec: codec[1] ?? '',
    profile: codec[2] ?? '',
    pixelFormat: pixelFormatOf(line),
    codedWidth,
    codedHeight,
    pixelAspect,
    rotation,
    ...displaySize(codedWidth, codedHeight, pixelAspect, rotation),
    framesPerSecond: rate ? Number(rate[1]) * (rate[2] ? 1000 : 1) : null,
    isDefault: line.includes('(default)'),
  }
}

/** The word before the size, as in `h264 (High) (avc1 / 0x31637661), yuv420p(tv, bt709), 1280x720`. */
function pixelFormatOf(line: string): string {
  const beforeSize = line.replace(/, \d+x\d+(?=[\s,]|$).*/, '').replace(/\([^()]*\)/g, '')
  const word = beforeSize.split(',').slice(1).join(',').trim().split(/[\s,]/)[0] ?? ''
  return word === 'none' ? '' : word
}

/** The container's aspect, printed last and without brackets where it differs from the codec's, is the one players follow. */
function parsePixelAspect(line: string): readonly [number, number] {
  const all = [...line.matchAll(/SAR (\d+):(\d+)/g)]
  const last = all[all.length - 1]
  const [numerator, denominator] = [Number(last?.[1] ?? 1), Number(last?.[2] ?? 1)]
  return numerator > 0 && denominator > 0 ? [numerator, denominator] : [1, 1]
}

/** ffmpeg prints the matrix's angle counter-clockwise; older builds print only the `rotate` tag, clockwise. */
function parseRotation(details: readonly string[]): 0 | 90 | 180 | 270 {
  for (const line of details) {
    const matrix = /displaymatrix: rotation of (-?[\d.]+) degrees/.exec(line)
    if (matrix) return quarterTurns(-Number(matrix[1]))
  }
  for (const line of details) {
    const tag = /^\s*rotate\s*: (-?\d+)/.exec(line)
    if (tag) return quarterTurns(Number(tag[1]))
  }
  return 0
}

function quarterTurns(degrees: number): 0 | 90 | 180 | 270 {
  const turns = ((Math.round(degrees / 90) % 4) + 4) % 4
  return ([0, 90, 180, 270] as const)[turns] ?? 0
}
