/**
 * Whether the renderer may seek in the original by the table's times. It demuxes with mediabunny, which knows edit lists only as
 * an offset; so the same library reads the file here, and every frame of the table must be one packet with that very time and,
 * where they are known, that very size. And places from which its decoder can start must be close enough for a seek to be quick.
 */
import {
  ALL_FORMATS,
  type EncodedPacket,
  EncodedPacketSink,
  FilePathSource,
  Input,
  type InputVideoTrack,
} from 'mediabunny'
import { h264LengthSize, isIdr } from '../../core/formats/h264-units.ts'
import { frameWithTime } from '../../core/track/frame-table.ts'
import type { VideoStream } from './probe-video.ts'
import type { Packet } from './read-packets.ts'
import type { VideoFile } from './video-file.ts'

const codecsOfBrowsers = new Set(['h264', 'hevc', 'vp8', 'vp9', 'av1'])
/** What every renderer uploads as a texture without loss or surprise. */
const pixelFormatsOfBrowsers = new Set(['yuv420p', 'yuvj420p', ''])
/** Frames from one start to the next: about a second of decoding. */
const startGapLimit = 300

export async function matchesRenderer(
  file: VideoFile,
  { codec, pixelFormat }: VideoStream,
  timesUs: Float64Array,
  packets: readonly Packet[] | null,
  signal?: AbortSignal,
): Promise<boolean> {
  if (!codecsOfBrowsers.has(codec) || !pixelFormatsOfBrowsers.has(pixelFormat)) return false
  const byteLengths = packets ? byteLengthsByFrame(timesUs, packets) : null
  const seen = new Uint8Array(timesUs.length)
  const input = new Input({ source: new FilePathSource(file.path), formats: ALL_FORMATS })
  try {
    const track = (await input.getVideoTracks())[file.streamIndex]
    if (!track) return false
    const sink = new EncodedPacketSink(track)
    const isStart = await startTest(sink, track, codec)
    const starts: number[] = []
    for await (const packet of sink.packets(undefined, undefined, { metadataOnly: true })) {
      signal?.throwIfAborted()
      const index = frameWithTime(timesUs, Math.round(packet.timestamp * 1e6))
      if (index < 0) continue
      if (byteLengths && byteLengths[index] !== packet.byteLength) return false
      seen[index] = 1
      if (await isStart(packet)) starts.push(index)
    }
    return seen.every((count) => count === 1) && startsAreClose(starts, timesUs.length)
  } catch (error) {
    signal?.throwIfAborted()
    if (error instanceof Error) return false
    throw error
  } finally {
    input.dispose()
  }
}

/** Containers mark more H.264 pictures as keys than Chromium starts from, so their bytes are looked at. */
async function startTest(
  sink: EncodedPacketSink,
  track: InputVideoTrack,
  codec: string,
): Promise<(packet: EncodedPacket) => boolean | Promise<boolean>> {
  if (codec !== 'h264') return (packet) => packet.type === 'key'
  const description = (await track.getDecoderConfig())?.description
  const lengthSize = h264LengthSize(description ? new Uint8Array(description as ArrayBuffer) : null)
  return async ({ type, timestamp }) => {
    if (type !== 'key') return false
    const packet = await sink.getPacket(timestamp)
    return packet !== null && isIdr(packet.data, lengthSize)
  }
}

function startsAreClose(starts: readonly number[], frameCount: number): boolean {
  const sorted = [...starts.toSorted((a, b) => a - b), frameCount]
  return (
    sorted[0] === 0 &&
    sorted.every((start, index) => index === 0 || start - (sorted[index - 1] as number) <= startGapLimit)
  )
}

/** Size of the packet that each frame is, by position in the table. */
function byteLengthsByFrame(timesUs: Float64Array, packets: readonly Packet[]): Float64Array {
  const byteLengths = new Float64Array(timesUs.length)
  for (const { timeUs, byteLength } of packets) {
    const index = timeUs === null ? -1 : frameWithTime(timesUs, timeUs)
    if (index >= 0 && byteLengths[index] === 0) byteLengths[index] = byteLength
  }
  return byteLengths
}
