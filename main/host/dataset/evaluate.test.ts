import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { boundaryF, boundaryIou } from '../../core/mask/score.ts'
import { runEvaluate } from './dataset-commands.ts'
import type { DavisScores } from './evaluate-davis.ts'
import type { ViposegScores } from './evaluate-viposeg.ts'
import { madeBox } from './made-dataset.ts'
import { writeMaskPng } from './write-mask-png.ts'

const width = 60
const height = 40
type Boxes = readonly (readonly [id: number, x: number, y: number, w: number, h: number])[]

let root = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'inbetween-'))
})
afterEach(async () => {
  await rm(root, { recursive: true, force: true })
})

/** Writes a folder of masks, one a frame, each drawn as boxes. */
async function sequence(path: string, frames: readonly Boxes[], names?: readonly string[]): Promise<void> {
  await mkdir(join(root, path), { recursive: true })
  for (const [index, boxes] of frames.entries()) {
    const plane = new Uint8Array(width * height)
    for (const [id, ...box] of boxes)
      for (const [i, set] of madeBox(width, height, ...box).data.entries()) if (set) plane[i] = id
    await writeMaskPng(
      join(root, path, `${names?.[index] ?? String(index).padStart(5, '0')}.png`),
      width,
      height,
      plane,
    )
  }
}

const davis = async () =>
  (await runEvaluate({ result: join(root, 'result'), truth: join(root, 'truth') })).json as DavisScores
const viposeg = async () =>
  (await runEvaluate({ result: join(root, 'result'), truth: join(root, 'truth'), metric: 'viposeg' }))
    .json as ViposegScores

describe('DAVIS', () => {
  test('first and last frame are not scored; means are over objects; statistics as published', async () => {
    const truth: Boxes[] = Array.from({ length: 10 }, () => [
      [1, 5, 5, 20, 20],
      [2, 35, 5, 10, 10],
    ])
    // Object 1 loses half from frame 5 on, object 2 is never found; frames 0 and 9 are wrong altogether.
    const result: Boxes[] = truth.map((boxes, i) =>
      i === 0 || i === 9 ? [] : i < 5 ? [boxes[0]!] : [[1, 5, 5, 20, 10]],
    )
    await sequence('truth/Annotations/480p/dog', truth)
    await sequence('result/dog', result)
    const scores = await davis()
    const [one, two] = scores.objects
    expect(one!.J.mean).toBeCloseTo((4 * 1 + 4 * 0.5) / 8, 12)
    // Exactly one half is not above one half.
    expect(one!.J.recall).toBe(0.5)
    expect(one!.J.decay).toBeCloseTo(1 - 0.5, 12)
    expect(two).toMatchObject({
      object: 2,
      J: { mean: 0, recall: 0, decay: 0 },
      F: { mean: 0, recall: 0, decay: 0 },
    })
    const half = boundaryF(madeBox(width, height, 5, 5, 20, 10), madeBox(width, height, 5, 5, 20, 20))
    expect(one!.F.mean).toBeCloseTo((4 + 4 * half) / 8, 12)
    expect(scores.global['J&F']).toBeCloseTo((one!.J.mean + one!.F.mean) / 4, 12)
    expect(scores.sequences).toHaveLength(1)
  })

  test('objects that come later do not count, nor does void', async () => {
    await sequence('truth/dog', [
      [[1, 5, 5, 9, 9]],
      [
        [1, 5, 5, 9, 9],
        [2, 30, 5, 9, 9],
      ],
      [
        [1, 5, 5, 9, 9],
        [255, 30, 5, 9, 9],
      ],
      [[1, 5, 5, 9, 9]],
    ])
    await sequence('result/dog', [[], [[1, 5, 5, 9, 9]], [[1, 5, 5, 9, 9]], []])
    const { global } = await davis()
    expect(global).toMatchObject({ objectCount: 1, 'J&F': 1 })
  })

  test('the table has a line a sequence and one for all', async () => {
    await sequence(
      'truth/dog',
      [0, 1, 2].map(() => [[1, 5, 5, 9, 9]]),
    )
    await sequence(
      'truth/cat',
      [0, 1, 2].map(() => [[1, 15, 5, 9, 9]]),
    )
    await sequence(
      'result/dog',
      [0, 1, 2].map(() => [[1, 5, 5, 9, 9]]),
    )
    await sequence(
      'result/cat',
      [0, 1, 2].map(() => [[1, 40, 25, 9, 9]]),
    )
    const { text } = await runEvaluate({ result: join(root, 'result'), truth: join(root, 'truth') })
    const lines = text.split('\n').map((line) => line.split(/\s{2,}/))
    expect(lines[1]!.slice(0, 4)).toEqual(['cat', '1', '0.0', '0.0'])
    expect(lines[2]!.slice(0, 4)).toEqual(['dog', '1', '100.0', '100.0'])
    expect(lines[3]!.slice(0, 3)).toEqual(['all objects', '2', '50.0'])
  })

  test('missing frames, missing sequences, other sizes and unknown numbers are named', async () => {
    await sequence(
      'truth/dog',
      [0, 1, 2, 3].map(() => [[1, 5, 5, 9, 9]]),
    )
    await sequence(
      'truth/cat',
      [0, 1, 2, 3].map(() => [[1, 5, 5, 9, 9]]),
    )
    await sequence(
      'result/cat',
      [0, 1, 2, 3].map(() => [[1, 5, 5, 9, 9]]),
    )
    await expect(davis()).rejects.toThrow('has no folder of masks called dog')
    await sequence(
      'result/dog',
      [0, 1, 2, 3].map(() => [[1, 5, 5, 9, 9]]),
    )
    await rm(join(root, 'result/dog/00002.png'))
    await expect(davis()).rejects.toThrow(/dog.00002\.png is missing/)
    await writeMaskPng(join(root, 'result/dog/00002.png'), 3, 2, new Uint8Array(6))
    await expect(davis()).rejects.toThrow('dog/00002.png is 3x2, the true mask 60x40')
    await sequence(
      'result/dog',
      [0, 1, 2, 3].map(() => [[7, 5, 5, 9, 9]]),
    )
    await expect(davis()).rejects.toThrow(
      "dog/00001.png has the number 7, but the sequence's first frame has only 1 objects",
    )
    await expect(runEvaluate({ result: root, truth: root, metric: 'mota' })).rejects.toThrow(
      'mota is no metric',
    )
  })
})

describe('VIPOSeg', () => {
  const names = ['00000003', '00000006', '00000009']

  async function truth(classIds: object | null): Promise<void> {
    await sequence(
      'truth/Annotations_gt/v',
      [
        [[1, 5, 5, 9, 9]],
        [
          [1, 5, 5, 9, 9],
          [2, 30, 5, 20, 20],
        ],
        [
          [1, 5, 5, 9, 9],
          [2, 30, 5, 20, 20],
        ],
      ],
      names,
    )
    await sequence('truth/Annotations/v', [[[1, 5, 5, 9, 9]]], names)
    await sequence('truth/Annotations/v', [[[2, 30, 5, 20, 20]]], ['00000006'])
    if (classIds) await writeFile(join(root, 'truth/obj_class.json'), JSON.stringify({ v: classIds }))
  }

  test('objects are scored after their reference frame, in the subset of their class', async () => {
    await truth({ 1: 60, 2: '9' })
    await sequence('result/v', [[], [[1, 5, 5, 9, 9]], [[2, 30, 5, 20, 10]]], names)
    const scores = await viposeg()
    expect(scores.subsets.thingSeen).toEqual({ maskIou: 0.5, boundaryIou: 0.5, iou: 0.5, count: 2 })
    const half = boundaryIou(madeBox(width, height, 30, 5, 20, 10), madeBox(width, height, 30, 5, 20, 20))
    expect(scores.subsets.stuffUnseen).toMatchObject({ maskIou: 0.5, boundaryIou: half, count: 1 })
    expect(scores.subsets.thingUnseen).toBeNull()
    expect(scores.overall).toBeNull()
    expect(scores.all.count).toBe(3)
    // One object: score 1. Two objects: 0 and a mean of a half and the boundary.
    const two = (0 + (0.5 + half) / 2) / 2
    expect(scores.decay).toBeCloseTo((0.02 * -Math.log(two)) / (0.01 ** 2 + 0.02 ** 2), 9)
  })

  test('without class numbers there is still a whole; a reference that repeats an object counts it twice', async () => {
    await truth(null)
    await sequence(
      'result/v',
      [
        [],
        [[1, 5, 5, 9, 9]],
        [
          [1, 5, 5, 9, 9],
          [2, 30, 5, 20, 20],
        ],
      ],
      names,
    )
    const scores = await viposeg()
    expect(Object.values(scores.subsets)).toEqual([null, null, null, null])
    expect(scores.all).toMatchObject({ iou: 1, count: 3 })
    expect(scores.decay).toBe(0)
    await sequence(
      'truth/Annotations/v',
      [
        [
          [1, 5, 5, 9, 9],
          [2, 30, 5, 20, 20],
        ],
      ],
      ['00000006'],
    )
    expect((await viposeg()).all.count).toBe(4)
  })

  test('counts that differ are refused, and empty subsets are shown as a dash', async () => {
    await truth({ 1: 60, 2: 9 })
    await sequence('result/v', [[], []], names)
    await expect(viposeg()).rejects.toThrow(/has 2 masks, the truth 3/)
    await sequence('result/v', [[], [], []], names)
    const { text } = await runEvaluate({
      result: join(root, 'result'),
      truth: join(root, 'truth'),
      metric: 'viposeg',
    })
    expect(text).toMatch(/things, unseen classes\s+0\s+-\s+-\s+-/)
    expect(text).toMatch(/overall \(G\)\s+-/)
  })
})
