/** Packets of one video stream without decoding them, through ffmpeg's `framecrc` lister, at the speed of the disk. */
import { createInterface } from 'node:readline'
import { type Ffmpeg, startFfmpeg } from '../ffmpeg.ts'
import { timeUsOf } from './decode-frames.ts'
import type { VideoFile } from './video-file.ts'

export interface Packet {
  /** Presentation time in microseconds; null where the container gives none. */
  readonly timeUs: number | null
  readonly decodeUs: number
  readonly byteLength: number
  /** Needed by others, but outside the edit list: never shown. */
  readonly isDiscarded: boolean
  /** Cut off by the end of the file. */
  readonly isCorrupt: boolean
}

const corruptFlag = 2
const discardFlag = 4

/** Packets in file order. Lines on stderr that may tell of damage are added to `complaints`. */
export async function* readPackets(
  ffmpeg: Ffmpeg,
  file: VideoFile,
  complaints: string[],
  signal?: AbortSignal,
): AsyncGenerator<Packet, void, undefined> {
  const args = ['-nostdin', '-nostats', '-v', 'warning', '-copyts', '-i', `file:${file.path}`]
  const output = ['-map', `0:V:${file.streamIndex}`, '-c', 'copy', '-copyinkf', '-f', 'framecrc', 'pipe:1']
  const run = startFfmpeg(ffmpeg, [...args, ...output], { signal, onLine: (line) => complaints.push(line) })
  run.stdin.end()
  const parse = framecrcParser()
  try {
    for await (const line of createInterface({ input: run.stdout, crlfDelay: Number.POSITIVE_INFINITY })) {
      const packet = parse(line)
      if (packet) yield packet
    }
    await run.ended
  } finally {
    run.kill()
  }
}

/** Reads framecrc's lines: `#tb 0: 1/12800`, then `0, dts, pts, duration, size, 0xcrc[, F=0xflags][, S=...]` a packet. */
export function framecrcParser(): (line: string) => Packet | null {
  let [numerator, denominator] = [0, 1]
  return (line) => {
    const base = /^#tb 0: (\d+)\/(\d+)/.exec(line)
    if (base) [numerator, denominator] = [Number(base[1]), Number(base[2])]
    if (line.startsWith('#')) return null
    const fields = line.split(',').map((field) => field.trim())
    if (fields.length < 6) return null
    const [decodeStamp, stamp, byteLength] = [fields[1] as string, fields[2] as string, Number(fields[4])]
    const flags = Number(fields.find((field) => field.startsWith('F='))?.slice(2) ?? 0)
    const timeUs = /^-?\d+$/.test(stamp) ? timeUsOf(Number(stamp), numerator, denominator) : null
    const decodeUs = /^-?\d+$/.test(decodeStamp)
      ? timeUsOf(Number(decodeStamp), numerator, denominator)
      : Number.NEGATIVE_INFINITY
    return {
      timeUs: unset(timeUs) ? null : timeUs,
      decodeUs,
      byteLength,
      isDiscarded: (flags & discardFlag) !== 0,
      isCorrupt: (flags & corruptFlag) !== 0,
    }
  }
}

/** ffmpeg's "no time stamp" is the smallest 64-bit number, and some builds print it. */
function unset(timeUs: number | null): boolean {
  return timeUs === null || timeUs < -9e15
}
