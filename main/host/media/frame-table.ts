/**
 * Makes the table of presentation times: exactly the frames that a correct player shows, in order.
 *
 * Two ways. Where one packet is one picture (H.264, HEVC, VP9, AV1 and the intra codecs in mp4, mov, mkv, webm) the packets'
 * times are read without decoding, at the speed of the disk, with edit lists applied and their discarded packets left out;
 * then the two ends are decoded, since only there can a packet fail to become a picture (references cut off, a broken last
 * packet). Everything else (avi, ts, gif, VP8's hidden pictures) is decoded whole, and what comes out is the table.
 */
import { ascendingTimes, frameWithTime } from '../../core/track/frame-table.ts'
import { UserError } from '../../core/user-error.ts'
import { type Ffmpeg, ffmpegComplaint, resolveFfmpeg } from '../ffmpeg.ts'
import { decodeFrames } from './decode-frames.ts'
import { endsEarlySentence } from './ends-early.ts'
import { probedFile, type VideoProbe, type VideoStream } from './probe-video.ts'
import { type Packet, readPackets } from './read-packets.ts'
import { matchesRenderer } from './renderer-match.ts'
import type { VideoFile } from './video-file.ts'

export interface FrameTableStep {
  /** Every frame known so far, microseconds, ascending. Positions already given never move. */
  readonly timesUs: Float64Array<ArrayBuffer>
  readonly done: boolean
  /** 0 to 1, from the header's duration; null where there is none. */
  readonly progress: number | null
  /** Only when done: a sentence about a file that ends early, or null. */
  readonly note: string | null
  /**
   * Only when done: whether the renderer's own demuxer gives every frame the same time, so that it can seek in the original.
   * Else it needs a proxy.
   */
  readonly rendererMatches: boolean
}

const packetIsPicture = {
  containers: /\b(mov|mp4|matroska|webm)\b/,
  codecs: new Set(['h264', 'hevc', 'vp9', 'av1', 'prores', 'mjpeg', 'dnxhd', 'png', 'ffv1']),
}
/** How decoders say that a picture is not whole. */
const pictureDamage =
  /error while decoding|concealing|invalid nal unit size|left block unavailable|slice.*damaged|corrupt decoded frame/i
const editableContainer = /\b(mov|mp4)\b/
/** Time between two steps given to the caller. */
const stepMs = 400
/** How much is decoded at each end to check the packets' times. */
const headFrames = 24
const tailUs = 3_000_000

/** Yields the table as it grows; the last step is done. Throws a UserError when no frame can be read. */
export async function* readFrameTable(
  probe: VideoProbe,
  streamIndex: number = probe.streamIndex,
  signal?: AbortSignal,
): AsyncGenerator<FrameTableStep, void, undefined> {
  const ffmpeg = await resolveFfmpeg()
  const file = probedFile(probe, streamIndex)
  const stream = probe.streams[streamIndex] as VideoStream
  const quick = packetIsPicture.containers.test(probe.container) && packetIsPicture.codecs.has(stream.codec)
  const complaints: string[] = []
  const context: TableContext = {
    ffmpeg,
    file,
    durationUs: probe.durationUs,
    signal,
    complaints,
    damagedAtEnd: false,
    givenCount: 0,
  }
  let found = quick ? yield* tableFromPackets(context) : null
  found ??= yield* tableFromDecoding(context)
  if (found.timesUs.length === 0) throw nothingReadable(file, complaints)
  // Where packets did not tell the pictures of a container with edit lists, the renderer's demuxer would not either.
  const followable = found.packets !== null || !editableContainer.test(probe.container)
  const rendererMatches =
    followable && (await matchesRenderer(file, stream, found.timesUs, found.packets, signal))
  const note = endsEarlySentence(found.timesUs, probe.durationUs, [...probe.complaints, ...complaints])
  yield { timesUs: found.timesUs, done: true, progress: 1, note, rendererMatches }
}

interface TableContext {
  readonly ffmpeg: Ffmpeg
  readonly file: VideoFile
  readonly durationUs: number | null
  readonly signal: AbortSignal | undefined
  /** What ffmpeg complained of on the way. */
  readonly complaints: string[]
  /** Whether the decoder complained about one of the last pictures. */
  damagedAtEnd: boolean
  /** How many frames the caller has been told of. */
  givenCount: number
}

interface FoundTable {
  readonly timesUs: Float64Array<ArrayBuffer>
  /** Of the shown packets, where they were read: lets the renderer's demuxer be checked for more than times. */
  readonly packets: readonly Packet[] | null
}

type TableGenerator<T> = AsyncGenerator<FrameTableStep, T, undefined>

/** A step, unless as much has been given already: decoding begins anew where packets turned out not to be pictures. */
function* growing(context: TableContext, timesUs: Float64Array<ArrayBuffer>): Generator<FrameTableStep> {
  if (timesUs.length <= context.givenCount) return
  context.givenCount = timesUs.length
  const last = timesUs[timesUs.length - 1] ?? 0
  const { durationUs } = context
  const progress = durationUs ? Math.min(1, Math.max(0, last - (timesUs[0] ?? 0)) / durationUs) : null
  yield { timesUs, done: false, progress, note: null, rendererMatches: false }
}

/** Null when decoding the ends shows that packets and pictures do not correspond. */
async function* tableFromPackets(context: TableContext): TableGenerator<FoundTable | null> {
  const head = await decodeHead(context)
  if (!head) return null
  const shown: Packet[] = []
  const brokenUs = new Set<number>()
  let sentAt = performance.now()
  let untimed = false
  let latestDecodeUs = Number.NEGATIVE_INFINITY
  for await (const packet of readPackets(context.ffmpeg, context.file, context.complaints, context.signal)) {
    if (packet.timeUs === null) untimed = true
    if (untimed) break
    latestDecodeUs = packet.decodeUs
    if (packet.isCorrupt && packet.timeUs !== null) brokenUs.add(packet.timeUs)
    else if (isShown(packet, head)) shown.push(packet)
    if (performance.now() - sentAt > stepMs && shown.length > headFrames) {
      // Packets still to come have presentation times from their decoding time on, so what lies before is final.
      const settled = ascendingTimes(timesOf(shown).filter((timeUs) => timeUs < latestDecodeUs))
      if (containsHead(settled, head)) yield* growing(context, settled)
      sentAt = performance.now()
    }
  }
  const timesUs = ascendingTimes(timesOf(shown))
  if (untimed || timesUs.length === 0 || !containsHead(timesUs, head)) return null
  const lostUs = await lostAtTail(context, timesUs, brokenUs)
  if (!lostUs) return null
  const kept = timesUs.filter((timeUs) => !lostUs.has(timeUs))
  return { timesUs: kept, packets: shown }
}

function timesOf(packets: readonly Packet[]): Float64Array<ArrayBuffer> {
  return Float64Array.from(packets, (packet) => packet.timeUs as number)
}

async function* tableFromDecoding(context: TableContext): TableGenerator<FoundTable> {
  const found: number[] = []
  let sentAt = performance.now()
  for await (const timeUs of playedTimes(context)) {
    found.push(timeUs)
    if (performance.now() - sentAt > stepMs) {
      yield* growing(context, Float64Array.from(found))
      sentAt = performance.now()
    }
  }
  const brokenUs = context.damagedAtEnd ? await lastPacketUs(context) : null
  const timesUs = Float64Array.from(found.filter((timeUs) => timeUs !== brokenUs))
  return { timesUs, packets: null }
}

/** Time of the last packet in the file: where decoding ends in damage, it is the one cut off. */
async function lastPacketUs({ ffmpeg, file, signal, complaints }: TableContext): Promise<number | null> {
  let timeUs: number | null = null
  for await (const packet of readPackets(ffmpeg, file, [], signal)) timeUs = packet.timeUs
  complaints.push('The last packet is truncated')
  return timeUs
}

/**
 * Times that come out of decoding the whole file, ascending. Pictures before the first key picture are left out: their
 * references are not in the file. (Unless an edit list hides that key picture; then they are whole.)
 */
async function* playedTimes(context: TableContext): AsyncGenerator<number, void, undefined> {
  const { ffmpeg, file, signal } = context
  const early: number[] = []
  let [started, last] = [await beginsWithDiscarded(context), Number.NEGATIVE_INFINITY]
  const onLine = (line: string) => {
    if (pictureDamage.test(line)) context.damagedAtEnd = true
  }
  const options = { seekUs: null, pixels: null, signal, onLine }
  let sinceDamage = 0
  for await (const { timeUs, isKey } of decodeFrames(ffmpeg, file, options)) {
    sinceDamage = context.damagedAtEnd ? sinceDamage + 1 : 0
    if (sinceDamage > headFrames) context.damagedAtEnd = false
    started ||= isKey
    if (!started) early.push(timeUs)
    if (!started || !(timeUs > last)) continue
    last = timeUs
    yield timeUs
  }
  // A stream without any key picture (gradual refresh) still shows something.
  if (!started) yield* ascendingTimes(early)
}

async function beginsWithDiscarded({ ffmpeg, file, signal }: TableContext): Promise<boolean> {
  for await (const packet of readPackets(ffmpeg, file, [], signal)) return packet.isDiscarded
  return false
}

interface Head {
  /** Times of the first pictures shown. */
  readonly timesUs: readonly number[]
}

async function decodeHead(context: TableContext): Promise<Head | null> {
  const timesUs: number[] = []
  for await (const timeUs of playedTimes(context)) {
    timesUs.push(timeUs)
    if (timesUs.length >= headFrames) break
  }
  return timesUs.length > 0 ? { timesUs } : null
}

/** A packet before the first picture shown belongs to none; from there on every packet counts that is not discarded. */
function isShown(packet: Packet, head: Head): boolean {
  return !packet.isDiscarded && packet.timeUs !== null && packet.timeUs >= (head.timesUs[0] as number) - 1
}

function containsHead(timesUs: Float64Array, head: Head): boolean {
  const first = frameWithTime(timesUs, head.timesUs[0] as number)
  return (
    first === 0 &&
    head.timesUs.every((timeUs, index) => index >= timesUs.length || frameWithTime(timesUs, timeUs) === index)
  )
}

/** Times at the end of the table that decoding does not bring out; null when it brings out others instead. */
async function lostAtTail(
  context: TableContext,
  timesUs: Float64Array,
  brokenUs: ReadonlySet<number>,
): Promise<ReadonlySet<number> | null> {
  const { ffmpeg, file, signal } = context
  const firstUs = timesUs[0] as number
  const lastUs = timesUs[timesUs.length - 1] as number
  for (let backUs = tailUs; ; backUs *= 4) {
    const seekUs = lastUs - backUs
    const fromStart = seekUs <= firstUs
    const played: number[] = []
    let trusted = fromStart
    for await (const { timeUs, isKey } of decodeFrames(ffmpeg, file, {
      seekUs: fromStart ? null : seekUs,
      pixels: null,
      signal,
    })) {
      trusted ||= isKey
      if (trusted) played.push(timeUs)
    }
    if (played.length === 0 && !fromStart) continue
    return comparedTail(timesUs, ascendingTimes(played.filter((timeUs) => !brokenUs.has(timeUs))), fromStart)
  }
}

function comparedTail(
  timesUs: Float64Array,
  played: Float64Array,
  fromStart: boolean,
): ReadonlySet<number> | null {
  const lost = new Set<number>()
  const from = fromStart ? (timesUs[0] as number) : (played[0] ?? Number.POSITIVE_INFINITY)
  for (const timeUs of timesUs) if (timeUs >= from && frameWithTime(played, timeUs) < 0) lost.add(timeUs)
  const foreign = played.some((timeUs) => timeUs >= from && frameWithTime(timesUs, timeUs) < 0)
  return foreign ? null : lost
}

function nothingReadable(file: VideoFile, complaints: readonly string[]): UserError {
  const reason = ffmpegComplaint(complaints)
  return new UserError(
    'media-undecodable',
    `No frame of ${file.path} can be decoded${reason ? ` (${reason})` : ''}. Convert it to another format and import that.`,
  )
}
