import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { showinfoParser } from './decode-frames.ts'
import { displaySize } from './display-size.ts'
import { parseProbe, probeVideo } from './probe-video.ts'
import { framecrcParser } from './read-packets.ts'

const folder = mkdtempSync(join(tmpdir(), 'inbetween-probe-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const phone = `Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'file:IMG_0001.MOV':
  Duration: 00:01:02.50, start: 0.000000, bitrate: 16000 kb/s
    Stream #0:0(und): Audio: aac (LC) (mp4a / 0x6134706D), 44100 Hz, mono, fltp, 96 kb/s (default)
    Stream #0:1(und): Video: h264 (High) (avc1 / 0x31637661), yuv420p(tv, bt709), 1920x1080, 15902 kb/s, 29.97 fps, 29.97 tbr, 600 tbn, 1200 tbc (default)
    Metadata:
      rotate          : 90
    Side data:
      displaymatrix: rotation of -90.00 degrees
    Stream #0:2: Video: png, rgba(pc), 600x600, 90k tbr, 90k tbn (attached pic)
At least one output file must be specified`

describe('reading what ffmpeg says of a file', () => {
  it('knows a phone video: which way up, how long, and that a cover is no stream', () => {
    expect(parseProbe(phone.split('\n'))).toMatchObject({
      container: 'mov,mp4,m4a,3gp,3g2,mj2',
      durationUs: 62_500_000,
      streamIndex: 0,
      streams: [
        {
          codec: 'h264',
          profile: 'High',
          pixelFormat: 'yuv420p',
          codedWidth: 1920,
          codedHeight: 1080,
          rotation: 90,
          width: 1080,
          height: 1920,
          framesPerSecond: 29.97,
          isDefault: true,
        },
      ],
    })
  })

  it("follows the container's pixel aspect where the codec's differs, and the first default stream", () => {
    const lines = [
      "Input #0, matroska,webm, from 'file:a.mkv':",
      '  Duration: N/A, start: 0.000000, bitrate: N/A',
      '  Stream #0:0: Video: vp9 (Profile 0), yuv420p(tv), 320x240, SAR 1:1 DAR 4:3, 1k fps, 1k tbn',
      '  Stream #0:1[0x2](eng): Video: mpeg2video (Main), yuv420p(tv, top first), 720x576 [SAR 16:15 DAR 4:3], SAR 64:45 DAR 16:9, 25 fps (default)',
    ]
    expect(parseProbe(lines)).toMatchObject({
      durationUs: null,
      streamIndex: 1,
      streams: [
        { codec: 'vp9', framesPerSecond: 1000, width: 320 },
        { codec: 'mpeg2video', pixelAspect: [64, 45], width: 1024, height: 576 },
      ],
    })
  })

  it('never trips over other text', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom(...phone.split('\n')))), (lines) => {
        const probe = parseProbe(lines)
        expect(probe === null || probe.streams.every(({ width, height }) => width > 0 && height > 0)).toBe(
          true,
        )
        const [frame, packet] = [showinfoParser(), framecrcParser()]
        for (const line of lines) {
          frame(line)
          packet(line)
        }
      }),
    )
  })
})

describe('a file that cannot be opened', () => {
  it.each([
    ['missing.mp4', null, /does not exist\. Relink it/],
    ['empty.mp4', '', /is empty\. Copy or record it again/],
    ['text.mp4', 'this is no video at all', /text\.mp4 is not a video that can be read/],
  ])('is refused with a sentence: %s', async (name, content, sentence) => {
    const path = join(folder, name)
    if (content !== null) writeFileSync(path, content)
    await expect(probeVideo(path)).rejects.toThrow(sentence)
  })

  it('says that the index is missing where recording was cut off', async () => {
    const path = join(folder, 'no-index.mp4')
    const head = Buffer.from('000000186674797069736f6d0000020069736f6d6d70343100000400', 'hex')
    writeFileSync(
      path,
      Buffer.concat([head.subarray(0, 24), Buffer.from('000004006d646174', 'hex'), Buffer.alloc(500)]),
    )
    await expect(probeVideo(path)).rejects.toThrow(/lacks its index \(the moov box\)/)
  })
})

describe('sizes as shown', () => {
  it('never shrinks a side, rounds halves up, then turns', () => {
    expect(displaySize(720, 576, [16, 11], 0)).toEqual({ width: 1047, height: 576 })
    expect(displaySize(320, 90, [1, 2], 0)).toEqual({ width: 320, height: 180 })
    expect(displaySize(241, 180, [3, 2], 90)).toEqual({ width: 180, height: 362 })
  })
})

describe("ffmpeg's lists", () => {
  it('gives times in microseconds, also below zero and missing', () => {
    const parse = showinfoParser()
    parse('[Parsed_showinfo_1 @ 0x1] config in time_base: 1/12800, frame_rate: 25/1')
    expect(
      parse(
        '[Parsed_showinfo_1 @ 0x1] n:   0 pts:   -512 pts_time:-0.04 pos: 48 fmt:rgb24 s:16x16 i:P iskey:1 type:I',
      ),
    ).toEqual({
      timeUs: -40_000,
      isKey: true,
    })
    const packet = framecrcParser()
    packet('#tb 0: 1/1000')
    expect(packet('0,        -80,          0,       40,     3331, 0xa7f61869')).toMatchObject({
      timeUs: 0,
      isDiscarded: false,
    })
    expect(packet('0, -5632, NOPTS, 512, 579, 0x471e1c0a, F=0x7')).toMatchObject({
      timeUs: null,
      isDiscarded: true,
      isCorrupt: true,
    })
  })
})
