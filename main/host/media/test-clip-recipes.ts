/** How test clips are made: what is asked of the encoder, and what is done to the file afterwards. */
import { copyFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import type { Pictures, Studio, TestClip } from './test-clip.ts'
import { insertEditList } from './test-clip-edits.ts'

export const [width, height, count] = [320, 180, 90]
export const x264 = ['-c:v', 'ENCODER', '-preset', 'veryfast', '-crf', '20', '-pix_fmt', 'yuv420p']
export const longGop = [...x264, '-g', '30', '-bf', '3', '-x264-params', 'b-pyramid=normal:scenecut=0']
export const openGop = [...x264, '-g', '12', '-bf', '3', '-x264-params', 'open-gop=1:scenecut=0']
export const at25 = (position: number) => position * 40_000
export const range = (first: number, length: number) => Array.from({ length }, (_, index) => first + index)
export const usual = {
  numbers: range(0, count),
  width,
  height,
  direct: true,
  encoders: ['libx264'],
  shownUs: at25,
}

/** A recipe that needs one run of the encoder. */
export function encoded(args: readonly string[], pictures: Partial<Pictures> = {}): TestClip['make'] {
  return (studio) => studio.encode({ count, ...pictures }, args)
}

/** Gaps of 20, 33, 47 and 100 ms in turn. */
export function variableMs(position: number): number {
  return Math.floor(position / 4) * 200 + ([0, 20, 53, 100][position % 4] as number)
}

export function variableRate(args: readonly string[]): string[] {
  const stamps =
    'settb=1/1000,setpts=floor(N/4)*200+eq(mod(N\\,4)\\,1)*20+eq(mod(N\\,4)\\,2)*53+eq(mod(N\\,4)\\,3)*100'
  return [...args, '-vf', stamps, '-enc_time_base', '1:1000', '-vsync', '0']
}

export function cutAt(seconds: string, args: readonly string[]): TestClip['make'] {
  return async (studio) => {
    const whole = studio.scratch('whole.mp4')
    await studio.encode({ count }, args, whole)
    await studio.ffmpeg(['-ss', seconds, '-i', whole, '-c', 'copy', studio.target])
  }
}

/** Pieces of [duration in ms, first frame shown or -1 for nothing] over a clip of 25 frames a second without B-frames. */
export function edited(
  pieces: readonly (readonly [durationMs: number, firstFrame: number])[],
): TestClip['make'] {
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
export function turned(rotation: 90 | 180 | 270, filter: string, file: string): TestClip {
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

export async function twoStreams(studio: Studio): Promise<void> {
  const [first, second] = [studio.scratch('first.mp4'), studio.scratch('second.mp4')]
  await studio.encode({ count }, longGop, first)
  await studio.encode({ count, first: 1000 }, openGop, second)
  await studio.ffmpeg(['-i', first, '-i', second, '-map', '0', '-map', '1', '-c', 'copy', studio.target])
}

export function truncated(extension: string, args: readonly string[]): TestClip['make'] {
  return async (studio) => {
    const whole = studio.scratch(`to-truncate.${extension}`)
    await studio.encode({ count }, [...longGop, ...args], whole)
    copyFileSync(whole, studio.target)
    truncateSync(studio.target, Math.floor(statSync(whole).size * 0.6))
  }
}

export async function beheaded(studio: Studio): Promise<void> {
  const whole = studio.scratch('to-behead.ts')
  await studio.encode({ count }, openGop, whole)
  const bytes = readFileSync(whole)
  writeFileSync(studio.target, bytes.subarray(Math.floor((bytes.length * 0.3) / 188) * 188))
}
