/**
 * Clips for tests, one for every way a file can make a program show the wrong frame. Each picture carries its number, so the
 * truth is in the pixels. Made by the resolved ffmpeg, kept in the system's temporary folder for the next run.
 */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { type Ffmpeg, resolveFfmpeg, startFfmpeg } from '../ffmpeg.ts'
import { numberedPicture } from './frame-number.ts'
import { insertEditList } from './test-clip-edits.ts'

export interface TestClip {
  readonly name: string
  readonly file: string
  /** Numbers burnt in, in the order a correct player shows them. Null: only that every number is read right and they ascend. */
  readonly numbers: readonly number[] | null
  /** Size as shown. */
  readonly width: number
  readonly height: number
  readonly rotation?: 0 | 90 | 180 | 270
  readonly streamIndex?: number
  /** Presentation times expected, microseconds from the first frame on. */
  readonly shownUs?: (position: number) => number
  /** First presentation time in the file, microseconds. */
  readonly startUs?: number
  /** Whether a browser without HEVC should be able to show the file itself. */
  readonly direct: boolean
  /** Encoders that ffmpeg must have; the first that it has is put in place of `ENCODER`. */
  readonly encoders: readonly string[]
  readonly make: (studio: Studio) => Promise<void>
}

/** What a recipe has at hand. */
interface Studio {
  readonly encoder: string
  readonly target: string
  /** A file beside the target for what comes in between. */
  scratch(name: string): string
  /** Encodes numbered pictures into a file. */
  encode(pictures: Pictures, args: readonly string[], target?: string): Promise<void>
  ffmpeg(args: readonly string[]): Promise<void>
}

interface Pictures {
  readonly count: number
  readonly first?: number
  readonly width?: number
  readonly height?: number
}

const [width, height, count] = [320, 180, 90]
const x264 = ['-c:v', 'ENCODER', '-preset', 'veryfast', '-crf', '20', '-pix_fmt', 'yuv420p']
const longGop = [...x264, '-g', '30', '-bf', '3', '-x264-params', 'b-pyramid=normal:scenecut=0']
const openGop = [...x264, '-g', '12', '-bf', '3', '-x264-params', 'open-gop=1:scenecut=0']
const at25 = (position: number) => position * 40_000
const range = (first: number, length: number) => Array.from({ length }, (_, index) => first + index)
const usual = { numbers: range(0, count), width, height, direct: true, encoders: ['libx264'], shownUs: at25 }

/** A recipe that needs one run of the encoder. */
function encoded(args: readonly string[], pictures: Partial<Pictures> = {}): TestClip['make'] {
  return (studio) => studio.encode({ count, ...pictures }, args)
}

const h264Clips: readonly TestClip[] = [
  { ...usual, name: 'B-frames in mp4', file: 'bframes.mp4', startUs: 0, make: encoded(longGop) },
  { ...usual, name: 'B-frames in mov', file: 'bframes.mov', make: encoded(longGop) },
  { ...usual, name: 'B-frames in mkv', file: 'bframes.mkv', make: encoded(longGop) },
  { ...usual, name: 'B-frames in ts', file: 'bframes.ts', make: encoded(longGop) },
  { ...usual, name: 'B-frames in avi', file: 'bframes.avi', direct: false, make: encoded(longGop) },
  { ...usual, name: 'open GOP in mp4', file: 'open-gop.mp4', make: encoded(openGop) },
  { ...usual, name: 'open GOP in mkv', file: 'open-gop.mkv', make: encoded(openGop) },
  { ...usual, name: 'open GOP in ts', file: 'open-gop.ts', make: encoded(openGop) },
  {
    ...usual,
    name: 'five frames a second with open GOP',
    file: 'slow-open-gop.mp4',
    shownUs: (position) => position * 200_000,
    make: encoded([...openGop, '-vf', 'setpts=N/(5*TB)', '-r', '5']),
  },
  {
    ...usual,
    name: 'variable frame rate',
    file: 'variable.mp4',
    shownUs: (position) => variableMs(position) * 1000,
    make: encoded(variableRate([...longGop, '-video_track_timescale', '1000'])),
  },
  {
    ...usual,
    name: 'variable frame rate in mkv',
    file: 'variable.mkv',
    shownUs: (position) => variableMs(position) * 1000,
    make: encoded(variableRate(longGop)),
  },
  {
    ...usual,
    name: 'NTSC rate',
    file: 'ntsc.mp4',
    shownUs: (position) => Math.round((position * 1001e6) / 30000),
    make: encoded([
      ...longGop,
      '-vf',
      'settb=1/30000,setpts=N*1001',
      '-enc_time_base',
      '1:30000',
      '-video_track_timescale',
      '30000',
      '-vsync',
      '0',
    ]),
  },
  {
    ...usual,
    name: 'start above zero in mp4',
    file: 'late.mp4',
    make: encoded([...longGop, '-output_ts_offset', '5']),
  },
  {
    ...usual,
    name: 'start above zero in mkv',
    file: 'late.mkv',
    startUs: 5_000_000,
    make: encoded([...x264, '-bf', '0', '-output_ts_offset', '5']),
  },
  {
    ...usual,
    name: 'start above zero in ts',
    file: 'late.ts',
    make: encoded([...longGop, '-output_ts_offset', '3600']),
  },
  {
    ...usual,
    name: 'negative composition offsets',
    file: 'negative-offsets.mp4',
    make: encoded([...longGop, '-movflags', '+negative_cts_offsets']),
  },
  { ...usual, name: 'no edit list', file: 'no-edits.mp4', make: encoded([...longGop, '-use_editlist', '0']) },
  {
    ...usual,
    name: 'negative time stamps',
    file: 'negative.nut',
    direct: false,
    startUs: -1_000_000,
    make: encoded([...x264, '-bf', '0', '-output_ts_offset', '-1', '-avoid_negative_ts', 'disabled']),
  },
  {
    ...usual,
    name: 'edit list that begins inside a GOP',
    file: 'cut.mp4',
    numbers: range(33, count - 33),
    make: cutAt('1.3', openGop),
  },
  {
    ...usual,
    name: 'edit list with a delay',
    file: 'delayed.mp4',
    make: edited([
      [1000, -1],
      [3600, 0],
    ]),
  },
  {
    ...usual,
    name: 'edit list of two pieces',
    file: 'pieces.mp4',
    numbers: [...range(35, 15), ...range(5, 10)],
    direct: false,
    make: edited([
      [600, 35],
      [400, 5],
    ]),
  },
  {
    ...usual,
    name: 'fragmented',
    file: 'fragmented.mp4',
    make: encoded([...longGop, '-movflags', 'frag_keyframe+empty_moov']),
  },
  {
    ...usual,
    name: 'no duration, no index',
    file: 'live.mkv',
    make: encoded([...longGop, '-f', 'matroska', '-live', '1']),
  },
  {
    ...usual,
    name: 'key frame only at the start',
    file: 'one-key.mp4',
    make: encoded([...x264, '-g', '9999', '-bf', '2', '-x264-params', 'scenecut=0']),
  },
  {
    ...usual,
    name: 'interlaced',
    file: 'interlaced.ts',
    make: encoded([...longGop, '-flags', '+ilme+ildct']),
  },
]

const shapeClips: readonly TestClip[] = [
  turned(90, 'transpose=cclock', 'clockwise.mp4'),
  turned(180, 'hflip,vflip', 'upside-down.mp4'),
  turned(270, 'transpose=clock', 'counter-clockwise.mov'),
  {
    ...usual,
    name: 'wide pixels',
    file: 'wide-pixels.mp4',
    make: encoded([...longGop, '-vf', 'scale=240:180,setsar=4/3']),
  },
  {
    ...usual,
    name: 'tall pixels in mkv',
    file: 'tall-pixels.mkv',
    make: encoded([...longGop, '-vf', 'scale=320:90,setsar=1/2']),
  },
  {
    ...usual,
    name: 'odd size',
    file: 'odd.webm',
    width: 321,
    height: 181,
    encoders: ['libvpx-vp9'],
    make: encoded(
      [
        '-c:v',
        'ENCODER',
        '-b:v',
        '500k',
        '-g',
        '20',
        '-cpu-used',
        '8',
        '-deadline',
        'realtime',
        '-pix_fmt',
        'yuv420p',
      ],
      { width: 321, height: 181 },
    ),
  },
  {
    ...usual,
    name: 'second of two video streams',
    file: 'two-streams.mp4',
    numbers: range(1000, count),
    streamIndex: 1,
    make: twoStreams,
  },
  { ...usual, name: 'first of two video streams', file: 'two-streams.mp4', streamIndex: 0, make: twoStreams },
]

const damagedClips: readonly TestClip[] = [
  {
    ...usual,
    name: 'truncated mp4',
    file: 'truncated.mp4',
    numbers: null,
    make: truncated('mp4', ['-movflags', '+faststart']),
  },
  { ...usual, name: 'truncated mkv', file: 'truncated.mkv', numbers: null, make: truncated('mkv', []) },
  { ...usual, name: 'truncated ts', file: 'truncated.ts', numbers: null, make: truncated('ts', []) },
  {
    ...usual,
    name: 'ts that begins inside an open GOP',
    file: 'joined-late.ts',
    numbers: null,
    make: beheaded,
  },
]

const codecClips: readonly TestClip[] = [
  {
    ...usual,
    name: 'HEVC',
    file: 'hevc.mp4',
    direct: false,
    encoders: ['libx265'],
    make: encoded([
      '-c:v',
      'ENCODER',
      '-preset',
      'ultrafast',
      '-crf',
      '22',
      '-pix_fmt',
      'yuv420p',
      '-x265-params',
      'keyint=24:bframes=3:open-gop=1:log-level=error',
      '-tag:v',
      'hvc1',
    ]),
  },
  {
    ...usual,
    name: 'HEVC in mkv',
    file: 'hevc.mkv',
    direct: false,
    encoders: ['libx265'],
    make: encoded([
      '-c:v',
      'ENCODER',
      '-preset',
      'ultrafast',
      '-crf',
      '22',
      '-pix_fmt',
      'yuv420p',
      '-x265-params',
      'keyint=24:bframes=3:open-gop=1:log-level=error',
    ]),
  },
  {
    ...usual,
    name: 'VP8 with hidden frames',
    file: 'vp8.webm',
    encoders: ['libvpx'],
    make: encoded([
      '-c:v',
      'ENCODER',
      '-b:v',
      '500k',
      '-g',
      '40',
      '-auto-alt-ref',
      '1',
      '-lag-in-frames',
      '16',
      '-pix_fmt',
      'yuv420p',
    ]),
  },
  {
    ...usual,
    name: 'VP9 with hidden frames',
    file: 'vp9.webm',
    encoders: ['libvpx-vp9'],
    make: encoded([
      '-c:v',
      'ENCODER',
      '-b:v',
      '500k',
      '-g',
      '40',
      '-auto-alt-ref',
      '1',
      '-lag-in-frames',
      '16',
      '-cpu-used',
      '5',
      '-pix_fmt',
      'yuv420p',
    ]),
  },
  {
    ...usual,
    name: 'AV1',
    file: 'av1.mkv',
    numbers: range(0, 24),
    encoders: ['libsvtav1', 'libaom-av1'],
    make: encoded(
      ['-c:v', 'ENCODER', '-g', '12', '-b:v', '300k', '-pix_fmt', 'yuv420p', '-strict', 'experimental'],
      { count: 24 },
    ),
  },
  {
    ...usual,
    name: 'MPEG-4 in avi',
    file: 'mpeg4.avi',
    direct: false,
    encoders: ['mpeg4'],
    make: encoded(['-c:v', 'ENCODER', '-q:v', '3', '-bf', '2', '-g', '24']),
  },
  {
    ...usual,
    name: 'MPEG-4 in avi without B-frames',
    file: 'mpeg4-p.avi',
    direct: false,
    encoders: ['mpeg4'],
    make: encoded(['-c:v', 'ENCODER', '-q:v', '3', '-g', '24']),
  },
  {
    ...usual,
    name: 'MPEG-4 in mp4',
    file: 'mpeg4.mp4',
    direct: false,
    encoders: ['mpeg4'],
    make: encoded(['-c:v', 'ENCODER', '-q:v', '3', '-bf', '2', '-g', '24']),
  },
  {
    ...usual,
    name: 'MPEG-2 in ts',
    file: 'mpeg2.ts',
    direct: false,
    encoders: ['mpeg2video'],
    make: encoded(['-c:v', 'ENCODER', '-q:v', '3', '-bf', '2', '-g', '15']),
  },
  {
    ...usual,
    name: 'Motion JPEG in mov',
    file: 'mjpeg.mov',
    direct: false,
    encoders: ['mjpeg'],
    make: encoded(['-c:v', 'ENCODER', '-q:v', '3', '-pix_fmt', 'yuvj420p']),
  },
  {
    ...usual,
    name: 'Motion JPEG in avi',
    file: 'mjpeg.avi',
    direct: false,
    encoders: ['mjpeg'],
    make: encoded(['-c:v', 'ENCODER', '-q:v', '3', '-pix_fmt', 'yuvj420p']),
  },
  {
    ...usual,
    name: 'ProRes',
    file: 'prores.mov',
    direct: false,
    encoders: ['prores_ks'],
    make: encoded(['-c:v', 'ENCODER', '-pix_fmt', 'yuv422p10le']),
  },
  {
    ...usual,
    name: 'H.264 4:4:4',
    file: 'chroma-444.mp4',
    encoders: ['libx264'],
    make: encoded([...x264.slice(0, -1), 'yuv444p', '-g', '20']),
  },
  {
    ...usual,
    name: 'gif',
    file: 'numbers.gif',
    direct: false,
    encoders: ['gif'],
    make: encoded(['-c:v', 'ENCODER', '-pix_fmt', 'rgb8']),
  },
]

export const testClips: readonly TestClip[] = [...h264Clips, ...shapeClips, ...damagedClips, ...codecClips]

/** Gaps of 20, 33, 47 and 100 ms in turn. */
function variableMs(position: number): number {
  return Math.floor(position / 4) * 200 + ([0, 20, 53, 100][position % 4] as number)
}

function variableRate(args: readonly string[]): string[] {
  const stamps =
    'settb=1/1000,setpts=floor(N/4)*200+eq(mod(N\\,4)\\,1)*20+eq(mod(N\\,4)\\,2)*53+eq(mod(N\\,4)\\,3)*100'
  return [...args, '-vf', stamps, '-enc_time_base', '1:1000', '-vsync', '0']
}

function cutAt(seconds: string, args: readonly string[]): TestClip['make'] {
  return async (studio) => {
    const whole = studio.scratch('whole.mp4')
    await studio.encode({ count }, args, whole)
    await studio.ffmpeg(['-ss', seconds, '-i', whole, '-c', 'copy', studio.target])
  }
}

/** Pieces of [duration in ms, first frame shown or -1 for nothing] over a clip of 25 frames a second without B-frames. */
function edited(pieces: readonly (readonly [durationMs: number, firstFrame: number])[]): TestClip['make'] {
  return async (studio) => {
    const plain = studio.scratch('plain.mp4')
    await studio.encode({ count }, [...x264, '-bf', '0', '-g', '12', '-use_editlist', '0'], plain)
    const edits = pieces.map(([durationMs, firstFrame]) => ({
      durationMs,
      startMs: firstFrame < 0 ? -1 : firstFrame * 40,
    }))
    writeFileSync(studio.target, insertEditList(readFileSync(plain), edits))
  }
}

/** Encodes the picture turned the other way and says so in the file, so that it is upright where the note is obeyed. */
function turned(rotation: 90 | 180 | 270, filter: string, file: string): TestClip {
  const make: TestClip['make'] = async (studio) => {
    const plain = studio.scratch(`turned-${file}`)
    await studio.encode({ count }, [...longGop, '-vf', filter], plain)
    writeFileSync(studio.target, withRotation(readFileSync(plain), rotation))
  }
  return { ...usual, name: `turned by ${rotation} degrees`, file, rotation, make }
}

/** Writes a rotation matrix into the track header: the one way that means the same to every version of ffmpeg. */
function withRotation(mp4: Buffer, rotation: 90 | 180 | 270): Buffer {
  const at = mp4.indexOf('tkhd') + 4 + 4 + 20 + 8 + 8
  const one = 0x10000
  const [a, b, c, d] =
    rotation === 90 ? [0, one, -one, 0] : rotation === 180 ? [-one, 0, 0, -one] : [0, -one, one, 0]
  const matrix = [a, b, 0, c, d, 0, 0, 0, 0x40000000] as number[]
  matrix.forEach((value, index) => {
    mp4.writeInt32BE(value, at + index * 4)
  })
  return mp4
}

async function twoStreams(studio: Studio): Promise<void> {
  const [first, second] = [studio.scratch('first.mp4'), studio.scratch('second.mp4')]
  await studio.encode({ count }, longGop, first)
  await studio.encode({ count, first: 1000 }, openGop, second)
  await studio.ffmpeg(['-i', first, '-i', second, '-map', '0', '-map', '1', '-c', 'copy', studio.target])
}

function truncated(extension: string, args: readonly string[]): TestClip['make'] {
  return async (studio) => {
    const whole = studio.scratch(`to-truncate.${extension}`)
    await studio.encode({ count }, [...longGop, ...args], whole)
    copyFileSync(whole, studio.target)
    truncateSync(studio.target, Math.floor(statSync(whole).size * 0.6))
  }
}

async function beheaded(studio: Studio): Promise<void> {
  const whole = studio.scratch('to-behead.ts')
  await studio.encode({ count }, openGop, whole)
  const bytes = readFileSync(whole)
  writeFileSync(studio.target, bytes.subarray(Math.floor((bytes.length * 0.3) / 188) * 188))
}

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

function pictureInput({ width: w = width, height: h = height }: Pictures): string[] {
  return ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${w}x${h}`, '-r', '25', '-i', 'pipe:0']
}

async function feedPictures(stdin: NodeJS.WritableStream, pictures: Pictures): Promise<void> {
  const { first = 0, width: w = width, height: h = height } = pictures
  let broken = false
  stdin.once('error', () => {
    broken = true
  })
  for (let index = 0; index < pictures.count && !broken; index++) {
    if (!stdin.write(numberedPicture(first + index, w, h)))
      await Promise.race([once(stdin, 'drain'), once(stdin, 'close')]).catch(() => {})
  }
}

/** A folder that changes with the recipes and with ffmpeg. */
function clipFolder(ffmpeg: Ffmpeg): string {
  const hash = createHash('sha256')
    .update(ffmpeg.version)
    .update(readFileSync(import.meta.filename))
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

/** The clip's name without its folder, for test titles. */
export function clipTitle(clip: TestClip): string {
  return `${clip.name} (${basename(clip.file)})`
}
