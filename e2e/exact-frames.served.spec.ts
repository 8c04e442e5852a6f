/**
 * Every frame that the view shows is the frame that was asked for: the view's own provider and worker in a real browser, over
 * the bytes that the served app would answer, for every test clip, in order, backwards, at random and while scrubbing.
 */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCanvas } from '@napi-rs/canvas'
import { type Browser, chromium, expect, type Page, test } from '@playwright/test'
import { readFrameTable } from '../main/host/media/frame-table.ts'
import { probedFile, probeVideo } from '../main/host/media/probe-video.ts'
import { makeProxy } from '../main/host/media/proxy.ts'
import type { TestClip } from '../main/host/media/test-clip.ts'
import { makeTestClip } from '../main/host/media/test-clip-studio.ts'
import { testClips } from '../main/host/media/test-clips.ts'
import type { VideoFile } from '../main/host/media/video-file.ts'
import { openVideoFrames } from '../main/host/media/video-frame-source.ts'
import type { MediaDoor } from '../main/web/media-door.ts'
import { browserOptions } from './browser-options.ts'
import type { PageAnswer, PageClip } from './exact-frames-page.ts'
import { type FrameServer, startFrameServer } from './frame-server.ts'

/** What a Chromium decodes on every machine. */
const everywhere = new Set(['h264', 'vp8', 'vp9', 'av1'])

interface Served {
  readonly path: string
  readonly file: VideoFile
  readonly timesUs: Float64Array
}

const served = new Map<string, Served>()
const door: MediaDoor = {
  async mediaFile(mediaId) {
    const path = served.get(mediaId)?.path
    return path === undefined ? null : { path, contentType: 'video/mp4' }
  },
  async stillFrame(mediaId, frameIndex) {
    const media = served.get(mediaId)
    if (!media) return null
    const { width, height } = media.file
    const source = await openVideoFrames(media.file, media.timesUs, { width, height })
    try {
      return { bytes: png(await source.read(frameIndex), width, height), contentType: 'image/png' }
    } finally {
      await source.close()
    }
  },
}

let server: FrameServer
let browser: Browser
let page: Page
let folder: string

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inbetween-exact-'))
  server = await startFrameServer(join(import.meta.dirname, 'exact-frames-page.ts'), door)
  browser = await chromium.launch(await browserOptions())
  page = await browser.newPage()
  await page.goto(server.url)
  await page.waitForFunction(() => 'showFrames' in globalThis)
})

test.afterAll(async () => {
  await browser?.close()
  await server?.close()
  if (folder) await rm(folder, { recursive: true, force: true })
})

function png(rgb: Uint8Array, width: number, height: number): Uint8Array {
  const canvas = createCanvas(width, height)
  const context = canvas.getContext('2d')
  const image = context.createImageData(width, height)
  for (let at = 0; at < width * height; at++) {
    image.data.set(rgb.subarray(at * 3, at * 3 + 3), at * 4)
    image.data[at * 4 + 3] = 255
  }
  context.putImageData(image, 0, 0)
  return canvas.toBuffer('image/png')
}

/** Registers a clip, its proxy where the view needs one, and says how the page is to show it. */
async function serve(
  clip: TestClip,
  path: string,
): Promise<Omit<PageClip, 'order' | 'scrub'> & { numbers: readonly number[] }> {
  const probe = await probeVideo(path)
  const streamIndex = clip.streamIndex ?? probe.streamIndex
  const file = probedFile(probe, streamIndex)
  let timesUs = new Float64Array(0)
  let rendererMatches = false
  for await (const step of readFrameTable(probe, streamIndex)) ({ timesUs, rendererMatches } = step)
  const isDirect = rendererMatches && everywhere.has(probe.streams[streamIndex]?.codec ?? '')
  const id = `${clip.file.replace(/\W/g, '-')}-${streamIndex}`
  const proxy = join(folder, `${id}.mp4`)
  if (!isDirect) for await (const _ of makeProxy(file, timesUs, proxy));
  served.set(id, { path: isDirect ? path : proxy, file, timesUs })
  const numbers = clip.numbers ?? (await numbersByHost(file, timesUs))
  const { width, height, rotation } = file
  const shows = isDirect ? 'original' : 'proxy'
  return { id, shows, trackIndex: streamIndex, width, height, rotation, timesUs: [...timesUs], numbers }
}

/** For damaged clips, where the recipe cannot say which frames are left: the host's reading, which its own tests prove. */
async function numbersByHost(file: VideoFile, timesUs: Float64Array): Promise<readonly number[]> {
  const { readFrameNumber } = await import('../main/host/media/frame-number.ts')
  const source = await openVideoFrames(file, timesUs, { width: 160, height: 90 })
  const numbers: number[] = []
  for (let index = 0; index < timesUs.length; index++)
    numbers.push(readFrameNumber(await source.read(index), 160, 90))
  await source.close()
  return numbers
}

function show(clip: PageClip): Promise<PageAnswer> {
  return page.evaluate(
    (asked) =>
      (globalThis as unknown as { showFrames(clip: PageClip): Promise<PageAnswer> }).showFrames(asked),
    clip,
  )
}

for (const clip of testClips) {
  test(`the view shows exactly the frame asked for: ${clip.name}`, async () => {
    const path = await makeTestClip(clip)
    test.skip(path === null, `This ffmpeg has none of the encoders ${clip.encoders.join(', ')}.`)
    const { numbers, ...shown } = await serve(clip, path as string)
    const count = numbers.length
    const inOrder = Array.from({ length: count }, (_, index) => index)
    const atRandom = inOrder.map((index) => (index * 37 + 11) % count).slice(0, 40)
    for (const order of [inOrder, inOrder.toReversed(), atRandom]) {
      const answered = await show({ ...shown, order, scrub: false })
      expect(answered.problem).toBeNull()
      expect(answered.shows).toBe('video')
      expect(answered.numbers).toEqual(order.map((index) => numbers[index]))
    }
    const scrubbed = await show({ ...shown, order: atRandom, scrub: true })
    expect(scrubbed.numbers).toEqual([numbers[atRandom.at(-1) as number]])
  })
}

test('stills take over where the browser cannot decode the video', async () => {
  const clip = testClips.find(({ file }) => file === 'mpeg4.avi') as TestClip
  const path = (await makeTestClip(clip)) as string
  const { numbers, ...shown } = await serve(clip, path)
  const media = served.get(shown.id) as Served
  served.set(shown.id, { ...media, path })
  const order = [0, 50, 7]
  const answered = await show({ ...shown, shows: 'original', order, scrub: false })
  expect(answered.shows).toBe('stills')
  expect(answered.problem).not.toBeNull()
  expect(answered.numbers).toEqual(order.map((index) => numbers[index]))
})
