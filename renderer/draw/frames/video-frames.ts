/**
 * Exact frames of a compressed video by WebCodecs. Packets are found by presentation time and decoded in file order; what comes
 * out carries its packet's time, which is looked up in the table, so nothing is counted. The decoder is kept where it is between
 * jobs: the next frame costs one packet, a jump costs the way from its key packet.
 */
import {
  type EncodedPacket,
  EncodedPacketSink,
  Input,
  type InputVideoTrack,
  MATROSKA,
  MP4,
  MPEG_TS,
  QTFF,
  UrlSource,
  WEBM,
} from 'mediabunny'
import { h264LengthSize, isUnreferenced } from '../../../main/core/formats/h264-units.ts'
import { frameWithTime, proxyTimesUs } from '../../../main/core/track/frame-table.ts'
import type { DecodeJob, OpenVideo } from './decode-messages.ts'
import type { DecodeSource, TakePicture } from './decode-source.ts'
import { ownPicture } from './own-picture.ts'

/** Packets given to the decoder ahead of what has come out: enough for its threads, few enough to change course quickly. */
const queueLimit = 6
/** Going backward, frames decoded on the way are worth sending when they lie this close before the wanted one. */
const besideCount = 8
const networkTries = 3

export async function openVideoFrames(source: OpenVideo, take: TakePicture): Promise<DecodeSource> {
  const input = new Input({
    formats: [MP4, QTFF, MATROSKA, WEBM, MPEG_TS],
    source: new UrlSource(source.url, {
      getRetryDelay: (tries) => (tries < networkTries ? 0.2 * 2 ** tries : null),
    }),
  })
  try {
    const track = (await input.getVideoTracks())[source.trackIndex]
    if (!track) throw new Error('The file has no such video stream')
    const decoderConfig = await track.getDecoderConfig()
    if (!decoderConfig) throw new Error('The codec is not known here')
    const {
      rotation: _,
      flip: __,
      ...config
    } = decoderConfig as VideoDecoderConfig & { rotation?: number; flip?: boolean }
    return new VideoFrames(input, track, await decodableConfig(config), source, take)
  } catch (error) {
    input.dispose()
    throw error
  }
}

/**
 * Software where there is any: it gives the same pixels on every machine.
 * Throws when neither it nor hardware decodes the codec.
 */
async function decodableConfig(config: VideoDecoderConfig): Promise<VideoDecoderConfig> {
  for (const hardwareAcceleration of ['prefer-software', 'no-preference'] as const) {
    const candidate: VideoDecoderConfig = { ...config, hardwareAcceleration }
    if ((await VideoDecoder.isConfigSupported(candidate)).supported) return candidate
  }
  throw new Error(`${config.codec} cannot be decoded here`)
}

class VideoFrames implements DecodeSource {
  readonly #input: Input
  readonly #sink: EncodedPacketSink
  readonly #config: VideoDecoderConfig
  readonly #crop: OpenVideo['crop']
  readonly #take: TakePicture
  /** Bytes of a unit's length in an H.264 packet, 0 for start codes; null: pictures cannot be told apart, decode all. */
  readonly #lengthSize: number | null
  readonly #isProxy: boolean
  #timesUs: Float64Array
  #decoder: VideoDecoder | null = null
  #failure: Error | null = null
  /** Next to be given to the decoder; null: all have been, or nothing is positioned. */
  #next: EncodedPacket | null = null
  #flushed = true
  /** Pictures before this came out without their references. */
  #trustedUs = Number.POSITIVE_INFINITY
  /** Position of the latest picture that came out; -1: none since the last seek. */
  #latest = -1
  /** Pictures before this frame are decoded only because others need them. */
  #firstWorthIt = 0
  #lastWanted = -1
  readonly #copies = new Set<Promise<void>>()
  #wake: () => void = () => {}

  constructor(
    input: Input,
    track: InputVideoTrack,
    config: VideoDecoderConfig,
    source: OpenVideo,
    take: TakePicture,
  ) {
    this.#input = input
    this.#sink = new EncodedPacketSink(track)
    this.#config = config
    this.#crop = source.crop
    this.#isProxy = source.isProxy
    this.#timesUs = this.#timesInFile(source.timesUs)
    this.#take = take
    this.#lengthSize = /^avc[13]/.test(config.codec) ? h264LengthSize(asBytes(config.description)) : null
  }

  takeTimes(timesUs: Float64Array): void {
    this.#timesUs = this.#timesInFile(timesUs)
  }

  dropJob(): void {
    this.#wake()
  }

  #timesInFile(timesUs: Float64Array): Float64Array {
    return this.#isProxy ? proxyTimesUs(timesUs.length) : timesUs
  }

  close(): void {
    this.#dropDecoder()
    this.#input.dispose()
  }

  async decode(job: DecodeJob, isCurrent: () => boolean): Promise<void> {
    const back = this.#lastWanted - job.first
    this.#firstWorthIt = job.first - (back > 0 && back <= besideCount * 2 ? besideCount : 0)
    this.#lastWanted = job.first
    try {
      for (let attempt = 0; ; attempt++) {
        this.#failure = null
        await this.#moveTo(job, attempt)
        if (!isCurrent()) return
        const problem = await this.#feed(job, isCurrent)
        if (problem === null || !isCurrent()) return
        this.#dropDecoder()
        if (attempt >= 2) throw problem
      }
    } finally {
      await Promise.all(this.#copies)
    }
  }

  /** Gives packets until the job's last frame is out. Null: done or replaced; else why it cannot be. */
  async #feed(job: DecodeJob, isCurrent: () => boolean): Promise<Error | null> {
    while (this.#latest < job.last) {
      if (!isCurrent()) return null
      const decoder = this.#decoder
      if (this.#failure || !decoder) return this.#failure ?? new Error('The decoder was taken away')
      if (this.#flushed) return new Error(`Frame ${job.last} does not come out of the decoder`)
      if (decoder.decodeQueueSize >= queueLimit) {
        await this.#somethingHappened(decoder)
        continue
      }
      const packet = this.#next
      if (packet) {
        const next = await this.#sink.getNextPacket(packet)
        if (this.#decoder !== decoder) continue
        if (!this.#isNeedless(packet, next === null)) decoder.decode(packet.toEncodedVideoChunk())
        this.#next = next
      } else {
        this.#flushed = true
        await decoder.flush().catch(() => {})
      }
    }
    return null
  }

  /** Brings the decoder to a place from which the job's first frame comes out next or soon. */
  async #moveTo(job: DecodeJob, attempt: number): Promise<void> {
    const firstUs = this.#timesUs[job.first]
    if (firstUs === undefined) throw new Error(`There is no frame ${job.first}`)
    // Half a microsecond is less than any gap and more than any rounding.
    let key = await this.#keyPacket(firstUs)
    for (let back = 0; back < attempt && key; back++)
      key = (await this.#keyPacket(key.microsecondTimestamp - 2)) ?? key
    if (!key) throw new Error(`Frame ${job.first} has no key frame before it`)
    const isOnTheWay =
      attempt === 0 &&
      this.#decoder?.state === 'configured' &&
      !this.#flushed &&
      this.#latest >= 0 &&
      this.#latest < job.first
    if (isOnTheWay && this.#next && this.#next.sequenceNumber >= key.sequenceNumber) return
    if (isOnTheWay && this.#next === null) return
    this.#restart(key)
  }

  /** Key packets are looked at, not believed: containers mark pictures as keys that a decoder cannot start from. */
  async #keyPacket(timeUs: number): Promise<EncodedPacket | null> {
    const options = { verifyKeyPackets: true }
    const key = await this.#sink.getKeyPacket((timeUs + 0.5) / 1e6, options)
    return key ?? (await this.#sink.getFirstKeyPacket(options))
  }

  #restart(key: EncodedPacket): void {
    if (this.#decoder?.state === 'configured') this.#decoder.reset()
    else this.#decoder = this.#newDecoder()
    this.#decoder.configure(this.#config)
    this.#next = key
    this.#flushed = false
    this.#latest = -1
    this.#trustedUs = key.microsecondTimestamp
  }

  #newDecoder(): VideoDecoder {
    const decoder: VideoDecoder = new VideoDecoder({
      output: (frame) => {
        if (this.#decoder === decoder) this.#receive(frame)
        else frame.close()
      },
      error: (error) => {
        if (this.#decoder === decoder) this.#failure = error
        this.#wake()
      },
    })
    decoder.ondequeue = () => this.#wake()
    return decoder
  }

  #receive(frame: VideoFrame): void {
    const frameIndex = frame.timestamp >= this.#trustedUs ? frameWithTime(this.#timesUs, frame.timestamp) : -1
    if (frameIndex >= 0) this.#latest = Math.max(this.#latest, frameIndex)
    if (frameIndex >= 0 && frameIndex >= this.#firstWorthIt) this.#send(frameIndex, frame)
    else frame.close()
    this.#wake()
  }

  #send(frameIndex: number, frame: VideoFrame): void {
    const copy = ownPicture(frame, this.#crop)
      .then((image) => this.#take(frameIndex, image))
      .catch((error: Error) => {
        this.#failure = error
      })
      .finally(() => this.#copies.delete(copy))
    this.#copies.add(copy)
  }

  /** The last packet is nobody's reference; where the table does not have it, it is cut short, and a decoder may choke on it. */
  #isNeedless(packet: EncodedPacket, isLast: boolean): boolean {
    const frameIndex = frameWithTime(this.#timesUs, packet.microsecondTimestamp)
    if (isLast && frameIndex < 0) return true
    if (this.#lengthSize === null) return false
    return frameIndex < this.#firstWorthIt && isUnreferenced(packet.data, this.#lengthSize)
  }

  #somethingHappened(decoder: VideoDecoder): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
      if (this.#failure || decoder.decodeQueueSize < queueLimit) resolve()
    })
  }

  #dropDecoder(): void {
    const decoder = this.#decoder
    this.#decoder = null
    this.#next = null
    this.#latest = -1
    if (decoder && decoder.state !== 'closed') decoder.close()
  }
}

function asBytes(source: AllowSharedBufferSource | undefined): Uint8Array | null {
  if (!source) return null
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source)
}
