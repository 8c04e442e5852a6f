import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readFrameNumber } from './frame-number.ts'
import { type FrameTableStep, readFrameTable } from './frame-table.ts'
import { probedFile, probeVideo, type VideoProbe } from './probe-video.ts'
import { makeProxy } from './proxy.ts'
import type { TestClip } from './test-clip.ts'
import { makeTestClip } from './test-clip-studio.ts'
import { testClips } from './test-clips.ts'
import { openVideoFrames } from './video-frame-source.ts'

const size = { width: 160, height: 90 }

interface Opened {
  readonly probe: VideoProbe
  readonly streamIndex: number
  readonly table: FrameTableStep
}

async function open(clip: TestClip): Promise<Opened | null> {
  const path = await makeTestClip(clip)
  if (path === null) return null
  const probe = await probeVideo(path)
  const streamIndex = clip.streamIndex ?? probe.streamIndex
  let table: FrameTableStep | null = null
  for await (const step of readFrameTable(probe, streamIndex)) {
    if (table) expect([...step.timesUs.slice(0, table.timesUs.length)]).toEqual([...table.timesUs])
    table = step
  }
  if (!table?.done) throw new Error('The table did not come to its end')
  return { probe, streamIndex, table }
}

async function numbersRead(
  { probe, streamIndex, table }: Opened,
  order: readonly number[],
): Promise<number[]> {
  const source = await openVideoFrames(probedFile(probe, streamIndex), table.timesUs, size)
  try {
    const numbers: number[] = []
    for (const index of order)
      numbers.push(readFrameNumber(await source.read(index), size.width, size.height))
    return numbers
  } finally {
    await source.close()
  }
}

describe.each(testClips)('$name', (clip) => {
  let opened: Opened | null
  beforeAll(async () => {
    opened = await open(clip)
  })

  it('has the table and the size that a correct player has', (context) => {
    if (!opened) return context.skip(`This ffmpeg has none of ${clip.encoders.join(', ')}.`)
    const { probe, streamIndex, table } = opened
    const { timesUs } = table
    expect(probe.streams[streamIndex]).toMatchObject({
      width: clip.width,
      height: clip.height,
      rotation: clip.rotation ?? 0,
    })
    if (clip.numbers) expect(timesUs).toHaveLength(clip.numbers.length)
    if (clip.startUs !== undefined) expect(timesUs[0]).toBe(clip.startUs)
    const first = timesUs[0] as number
    for (const [index, timeUs] of timesUs.entries()) {
      expect(Number.isInteger(timeUs)).toBe(true)
      if (clip.shownUs) expect(Math.abs(timeUs - first - clip.shownUs(index))).toBeLessThanOrEqual(1000)
    }
    expect(table.rendererMatches).toBe(clip.direct)
    if (clip.file.startsWith('truncated'))
      expect(table.note).toMatch(/^Readable up to frame \d+ \(0:0\d\.\d{3}\)/)
    else expect(table.note).toBeNull()
  })

  it('gives the right frame forward, backward and at random', async (context) => {
    if (!opened) return context.skip(`This ffmpeg has none of ${clip.encoders.join(', ')}.`)
    const count = opened.table.timesUs.length
    const inOrder = Array.from({ length: count }, (_, index) => index)
    const forward = await numbersRead(opened, inOrder)
    const expected = clip.numbers ?? inOrder.map((index) => (forward[0] as number) + index)
    expect(forward[0]).toBeGreaterThanOrEqual(0)
    expect(forward).toEqual(expected)
    expect(await numbersRead(opened, inOrder.toReversed())).toEqual(expected.toReversed())
    const atRandom = inOrder.map((index) => (index * 37 + 11) % count).slice(0, 10)
    expect(await numbersRead(opened, atRandom)).toEqual(atRandom.map((index) => expected[index]))
  })
})

describe('a proxy', () => {
  const folder = mkdtempSync(join(tmpdir(), 'inbetween-proxy-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.each(['variable.mkv', 'mpeg4.avi', 'odd.webm', 'clockwise.mp4', 'pieces.mp4'])(
    'has frame i of %s as its own frame i, upright and evenly timed',
    async (file) => {
      const clip = testClips.find((candidate) => candidate.file === file) as TestClip
      const opened = await open(clip)
      if (!opened) return
      const target = join(folder, `${file}.mp4`)
      const steps = []
      for await (const step of makeProxy(probedFile(opened.probe), opened.table.timesUs, target))
        steps.push(step)
      const total = opened.table.timesUs.length
      expect(steps.at(-1)).toEqual({ done: total, total })
      const probe = await probeVideo(target)
      expect(probe.streams[0]).toMatchObject({
        codec: 'h264',
        pixelFormat: 'yuv420p',
        rotation: 0,
        width: clip.width + (clip.width % 2),
        height: clip.height + (clip.height % 2),
      })
      let table: FrameTableStep | null = null
      for await (const step of readFrameTable(probe)) table = step
      expect([...(table as unknown as FrameTableStep).timesUs]).toEqual(
        Array.from({ length: total }, (_, i) => i * 40_000),
      )
      const order = Array.from({ length: total }, (_, index) => index)
      const numbers = await numbersRead(
        { probe, streamIndex: 0, table: table as unknown as FrameTableStep },
        order,
      )
      expect(numbers).toEqual(clip.numbers)
    },
  )

  it('goes on where it was interrupted', async () => {
    const clip = { ...(testClips[0] as TestClip), file: 'long.mp4', make: longClip, name: 'long' }
    const path = (await makeTestClip(clip)) as string
    const probe = await probeVideo(path)
    let timesUs = new Float64Array(0)
    for await (const step of readFrameTable(probe)) timesUs = step.timesUs
    const target = join(folder, 'resumed.mp4')
    for await (const { done } of makeProxy(probedFile(probe), timesUs, target)) if (done >= 320) break
    expect(existsSync(target)).toBe(false)
    const resumed = []
    for await (const { done } of makeProxy(probedFile(probe), timesUs, target)) resumed.push(done)
    expect(resumed[0]).toBe(300)
    expect(existsSync(`${target}.parts`)).toBe(false)
    const proxy = await probeVideo(target)
    let table: FrameTableStep | null = null
    for await (const step of readFrameTable(proxy)) table = step
    const order = [0, 299, 300, 301, 339]
    expect(
      await numbersRead({ probe: proxy, streamIndex: 0, table: table as unknown as FrameTableStep }, order),
    ).toEqual(order)
  })
})

const longClip: TestClip['make'] = (studio) =>
  studio.encode({ count: 340 }, [
    '-c:v',
    'ENCODER',
    '-preset',
    'ultrafast',
    '-pix_fmt',
    'yuv420p',
    '-g',
    '50',
  ])
