import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, describe, expect, test } from 'vitest'
import { type LoggedPack, packHere, testManifest } from '../../../../models/test-graphs/run-here.ts'
import { sam2Preprocessing, sam2VideoGraphs } from '../../../../models/test-graphs/sam2-video-graphs.ts'
import { decodeRle, type Rle, rleArea, rleIou, rleOverlap, unionRle } from '../../../core/mask/rle.ts'
import { propagate } from '../propagate.ts'
import type { PropagatedFrame, PropagatedMask, PropagationObject, PropagationRequest } from '../request.ts'
import { disc, discKeys, discObject, type FilmFacts, testFilm } from './test-film.ts'

const folder = mkdtempSync(join(tmpdir(), 'inbetween-network-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let runCount = 0

const facts = { role: 'segment-video', contract: 'sam2-video', preprocessing: sam2Preprocessing } as const
const pack = () => packHere(sam2VideoGraphs(), facts)

type More = Partial<PropagationRequest>

function request(
  objects: readonly PropagationObject[],
  film: FilmFacts,
  more: More = {},
): PropagationRequest {
  return {
    source: testFilm(film),
    objects,
    firstFrame: 0,
    lastFrame: film.frameCount - 1,
    direction: 'both',
    playheadFrame: 0,
    seed: 1,
    threadCount: 1,
    spillFolder: join(folder, `${++runCount}`),
    isTaken: () => false,
    videoNetwork: pack(),
    ...more,
  }
}

interface Made {
  readonly frames: readonly PropagatedFrame[]
  readonly notes: readonly string[]
  /** The last masks of a frame. */
  at(frame: number, name?: string): PropagatedMask | undefined
}

async function made(asked: PropagationRequest, stopAfter = Number.POSITIVE_INFINITY): Promise<Made> {
  const frames: PropagatedFrame[] = []
  const notes: string[] = []
  for await (const event of propagate(asked, new AbortController().signal)) {
    if (event.type === 'note') notes.push(event.sentence)
    else if (frames.push(event) === stopAfter) break
  }
  const at = (frame: number, name?: string) =>
    frames
      .findLast(({ frameIndex }) => frameIndex === frame)
      ?.masks.find(({ objectId }) => name === undefined || objectId === name)
  return { frames, notes, at }
}

function centre(rle: Rle): [x: number, y: number] {
  let [x, y] = [0, 0]
  decodeRle(rle).data.forEach((v, i) => {
    if (!v) return
    x += (i % rle.width) + 0.5
    y += Math.floor(i / rle.width) + 0.5
  })
  const area = rleArea(rle)
  return [Math.round(x / area), Math.round(y / area)]
}

const near = (a: readonly number[], b: readonly number[]) => Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!) < 2.5

describe('a video network', () => {
  test('makes every frame from one key mask, forward and backward, sure as it says itself', async () => {
    const { at, frames } = await made(request([discObject('disc', 0, [5, 20, 40])], { frameCount: 10 }))
    expect(new Set(frames.map(({ frameIndex }) => frameIndex))).toEqual(new Set([0, 1, 2, 3, 4, 6, 7, 8, 9]))
    for (const frame of [0, 4, 6, 9]) {
      const mask = at(frame)!
      expect(rleIou(mask.rle, disc(20, 40)), `frame ${frame}`).toBeGreaterThan(0.8)
      expect(mask).toMatchObject({ proposed: false, hidden: false, sides: null, doubt: null })
      expect(mask.confidence).toBeCloseTo(0.9)
      expect([mask.leftKeyFrame, mask.rightKeyFrame]).toEqual(frame < 5 ? [null, 5] : [5, null])
    }
  })

  test('goes one way only where it is asked to, and needs the key masks behind it alone', async () => {
    const used = pack()
    const object = discObject('disc', 0, [3, 20, 20], [8, 44, 44])
    const { frames, at } = await made(
      request([object], { frameCount: 12 }, { direction: 'backward', playheadFrame: 11, videoNetwork: used }),
    )
    expect(frames.map(({ frameIndex }) => frameIndex)).toEqual([7, 6, 5, 4, 2, 1, 0])
    expect(near(centre(at(4)!.rle), [44, 44])).toBe(true)
    expect(near(centre(at(2)!.rle), [20, 20])).toBe(true)
  })

  test('joins what leads from both key masks, and gives out both where they disagree', async () => {
    const object = discObject('disc', 0, [0, 24, 30], [10, 40, 30])
    const { at, frames } = await made(request([object], { frameCount: 11 }))
    const first = frames.find(({ frameIndex }) => frameIndex === 9)!.masks[0]!
    expect(near(centre(first.rle), [24, 30])).toBe(true)
    expect(near(centre(at(1)!.rle), [24, 30])).toBe(true)
    expect(near(centre(at(9)!.rle), [40, 30])).toBe(true)
    const { sides, leftKeyFrame, rightKeyFrame, doubt } = at(5)!
    expect([leftKeyFrame, rightKeyFrame]).toEqual([0, 10])
    expect(near(centre(sides!.left), [24, 30])).toBe(true)
    expect(near(centre(sides!.right), [40, 30])).toBe(true)
    expect(doubt).toMatch(/lead to different masks/)
  })

  test('knows how well a side arrives: it is not shown the key mask that it comes to', async () => {
    const used = pack()
    const object = discObject('disc', 0, [0, 24, 30], [6, 24, 30])
    const seen: (number | null | undefined)[] = []
    const { at } = await made(
      request(
        [object],
        { frameCount: 7 },
        {
          videoNetwork: used,
          observe: (_id, _frame, { left }) => void seen.push(left?.arrivalIou),
        },
      ),
    )
    expect(seen.at(-1)).toBeGreaterThan(0.8)
    expect(at(3)).toMatchObject({ leftKeyFrame: 0, rightKeyFrame: 6, sides: null })
    expect(at(3)!.confidence).toBeCloseTo(0.9)
    // Six frames from either side, the far key frame among them, each with its own key mask at its back.
    const attended = used.runs('memory-attention').map(({ outputs }) => [...outputs.memory_frames!.data][0])
    expect(attended.filter((frame) => frame === 0)).toHaveLength(6)
    expect(attended.filter((frame) => frame === 6)).toHaveLength(6)
  })

  test('follows a corrected frame from there on, and what lies before it keeps to its own key mask', async () => {
    const before = await made(request([discObject('disc', 0, [0, 20, 20])], { frameCount: 12 }))
    expect(near(centre(before.at(8)!.rle), [20, 20])).toBe(true)
    const object = discObject('disc', 0, [0, 20, 20], [6, 44, 44])
    const { at } = await made(request([object], { frameCount: 12 }, { playheadFrame: 6 }))
    expect(near(centre(at(1)!.rle), [20, 20])).toBe(true)
    for (const frame of [7, 8, 11]) expect(near(centre(at(frame)!.rle), [44, 44])).toBe(true)
  })

  test('an object that is added later changes nobody else, and begins where it is drawn', async () => {
    const first = discObject('first', 0, [0, 16, 16])
    const alone = await made(request([first], { frameCount: 12 }))
    const both = await made(
      request(
        [first, discObject('later', 1, [5, 46, 46])],
        { frameCount: 12 },
        {
          direction: 'forward',
        },
      ),
    )
    for (let frame = 1; frame < 12; frame++)
      expect(both.at(frame, 'first')!.rle).toEqual(alone.at(frame, 'first')!.rle)
    expect(both.at(4, 'later')).toBeUndefined()
    expect(near(centre(both.at(6, 'later')!.rle), [46, 46])).toBe(true)
  })

  test('many objects: one owner a pixel, the nearer before the farther, locked and key masks keep theirs', async () => {
    const places = [16, 24, 32, 40, 48]
    const objects = places.map((x, i) => discObject(`disc ${i}`, i, [0, x, 32]))
    const locked = { ...discObject('locked', 9, [2, 32, 50]), locked: true }
    const { at, frames } = await made(request([...objects, locked], { frameCount: 4 }))
    const last = frames.findLast(({ frameIndex }) => frameIndex === 2)!.masks
    expect(last.map(({ objectId }) => objectId).sort()).toEqual(objects.map(({ id }) => id))
    const union = last.map(({ rle }) => rle).reduce(unionRle)
    expect(rleArea(union)).toBe(last.reduce((sum, { rle }) => sum + rleArea(rle), 0))
    expect(last.every(({ rle }) => rleOverlap(rle, disc(32, 50)) === 0)).toBe(true)
    expect(rleArea(at(3, 'disc 2')!.rle)).toBeGreaterThan(0)
    expect(last.some(({ doubt }) => /Claims the same place as disc/.test(doubt ?? ''))).toBe(true)
  })

  test('leaves out frames that are taken, and what is marked as not in view', async () => {
    const keys = [...discKeys([0, 20, 20]), { frameIndex: 6, rle: disc(0, 0, 0), outside: true }]
    const object = { ...discObject('disc', 0), keys }
    const { frames } = await made(
      request([object], { frameCount: 10 }, { isTaken: (_id, frame) => frame === 3 }),
    )
    expect(frames.map(({ frameIndex }) => frameIndex)).toEqual([1, 2, 4, 5])
  })

  test('invents no mask while the object is hidden, and proposes it where it is found again', async () => {
    const film = { frameCount: 10, hidden: [4, 5] }
    const { at, notes } = await made(request([discObject('disc', 0, [0, 20, 20])], film))
    expect(at(3)).toMatchObject({ hidden: false, proposed: false })
    for (const frame of [4, 5]) {
      expect(at(frame)).toMatchObject({ hidden: true, proposed: false })
      expect(rleArea(at(frame)!.rle)).toBe(0)
    }
    for (const frame of [6, 9]) {
      expect(at(frame)).toMatchObject({ hidden: false, proposed: true })
      expect(near(centre(at(frame)!.rle), [20, 20])).toBe(true)
    }
    expect(notes.join()).toMatch(/found again at frame 6/)
  })

  test('beyond a cut it only proposes, and what fills the ground ends there', async () => {
    const film = { frameCount: 10, cut: 5 }
    const ground = { ...discObject('ground', 0, [0, 44, 44]), stuff: true }
    const { at, frames } = await made(request([ground, discObject('disc', 1, [0, 20, 20])], film))
    expect(frames.at(-1)!.cuts).toEqual([5])
    expect(at(4, 'disc')!.proposed).toBe(false)
    expect(at(5, 'disc')!.proposed).toBe(true)
    expect(at(4, 'ground')).toBeDefined()
    expect(at(5, 'ground')).toBeUndefined()
  })

  test('of a contract that nobody knows is refused by name', async () => {
    const odd = packHere(sam2VideoGraphs(), { ...facts, contract: 'sam2-image' })
    const asked = request([discObject('disc', 0, [0, 20, 20])], { frameCount: 3 }, { videoNetwork: odd })
    await expect(made(asked)).rejects.toMatchObject({
      code: 'no-tracker',
      message: expect.stringContaining('“Stand-in”: it does not know the contract sam2-image'),
    })
  })
})

describe('a run that was stopped', () => {
  // Cut off by the border, what is seen of a disc has its middle further in: the stand-in's disc creeps from frame to frame,
  // and a run that forgot the frames before would set it back.
  const objects = [discObject('a', 0, [0, 2, 16], [12, 62, 16]), discObject('b', 1, [4, 44, 62], [9, 20, 2])]
  const film = { frameCount: 15, hidden: [2] }

  test.each([1, 6, 12, 20])('after %i frames goes on to the same bits', async (count) => {
    const whole = await made(request(objects, film, { playheadFrame: 6 }))
    const asked = request(objects, film, { playheadFrame: 6 })
    const begun = await made(asked, count)
    const rest = await made({ ...asked, videoNetwork: pack(), resume: begun.frames.at(-1)!.cursor })
    const content = ({ frames }: Made) => frames.map(({ frameIndex, masks }) => ({ frameIndex, masks }))
    expect([...content(begun), ...content(rest)]).toEqual(content(whole))
    expect(readdirSync(asked.spillFolder)).toEqual([])
  })

  test('finds no frame a second time that was found before', async () => {
    const [all, first, second] = [pack(), pack(), pack()]
    await made(request(objects, film, { videoNetwork: all }))
    const asked = request(objects, film, { videoNetwork: first })
    const begun = await made(asked, 7)
    await made({ ...asked, videoNetwork: second, resume: begun.frames.at(-1)!.cursor })
    const found = (used: LoggedPack) => used.runs('memory-attention').length
    // But for what was made ahead of the last frame that was given out.
    expect(found(first) + found(second)).toBeLessThanOrEqual(found(all) + 3)
  })

  test('that begins anew remembers nothing of the one before', async () => {
    const asked = request([discObject('disc', 0, [0, 20, 20])], { frameCount: 40 })
    await made(asked, 30)
    const shelf = join(asked.spillFolder, 'round-0-0-left')
    expect(readdirSync(shelf).length).toBeGreaterThan(20)
    await made(asked, 2)
    expect(readdirSync(shelf).length).toBeLessThanOrEqual(8)
  })

  test('goes the way again where its memory is torn, to the same bits', async () => {
    const whole = await made(request(objects, film))
    const asked = request(objects, film)
    const begun = await made(asked, 6)
    const shelf = join(asked.spillFolder, 'round-0-0-left')
    expect(readdirSync(shelf).length).toBeGreaterThan(4)
    for (const name of readdirSync(shelf)) writeFileSync(join(shelf, name), 'torn in the middle of it')
    const rest = await made({ ...asked, resume: begun.frames.at(-1)!.cursor })
    expect(rest.frames.map(({ masks }) => masks)).toEqual(whole.frames.slice(6).map(({ masks }) => masks))
  })

  test('by another pack begins anew', async () => {
    const asked = request(objects, film)
    const begun = await made(asked, 6)
    const other = packHere(sam2VideoGraphs(), { ...facts, version: '2.0.0' })
    const rest = await made({ ...asked, videoNetwork: other, resume: begun.frames.at(-1)!.cursor })
    expect(rest.frames[0]!.frameIndex).toBe(begun.frames[0]!.frameIndex)
  })
})

test('a long clip takes no more memory than a short one, nor more of the disk', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const own = packHere(sam2VideoGraphs(), facts)
  const tensors: WeakRef<object>[] = []
  const graphs: typeof own.graphs = {
    run: async (part, inputs, signal) => {
      const outputs = await own.graphs.run(part, inputs, signal)
      own.log.length = 0
      tensors.push(...Object.values(outputs).map(({ data }) => new WeakRef<object>(data)))
      return outputs
    },
  }
  const network = { manifest: testManifest(sam2VideoGraphs(), facts), graphs }
  const asked = request(
    [discObject('disc', 0, [0, 20, 20])],
    { frameCount: 420 },
    {
      direction: 'forward',
      videoNetwork: network,
    },
  )
  const held = new Map<number, readonly [tensors: number, bytes: number]>()
  for await (const event of propagate(asked, new AbortController().signal)) {
    if (event.type === 'note' || ![100, 400].includes(event.frameIndex)) continue
    await new Promise((resolve) => setTimeout(resolve, 20))
    collect()
    const alive = tensors.filter((tensor) => tensor.deref() !== undefined).length
    const shelf = join(asked.spillFolder, 'round-0-0-left')
    const bytes = readdirSync(shelf).reduce((sum, name) => sum + statSync(join(shelf, name)).size, 0)
    held.set(event.frameIndex, [alive, bytes])
  }
  const [[early, earlyBytes], [late, lateBytes]] = [held.get(100)!, held.get(400)!]
  expect(tensors.length).toBeGreaterThan(4000)
  expect(late).toBeLessThan(early + 20)
  expect(lateBytes).toBeLessThan(1.05 * earlyBytes)
}, 60_000)
