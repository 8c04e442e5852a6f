import { describe, expect, test } from 'vitest'
import * as native from './index.ts'
import { NoiseScene } from './noise-scene.ts'

const pool = native.createPool(2)

async function pictureOf(rgb: Uint8Array, full: native.Size, size: native.Size): Promise<Float32Array> {
  const picture = new Float32Array(native.picturePlanes * size.width * size.height)
  await native.computePicture(pool, rgb, full, size, picture)
  return picture
}

describe('a picture', () => {
  test.each([
    ['white', [255, 255, 255], [100, 0, 0]],
    ['red', [255, 0, 0], [53.24, 80.09, 67.2]],
    ['green', [0, 255, 0], [87.73, -86.18, 83.18]],
    ['blue', [0, 0, 255], [32.3, 79.19, -107.86]],
    ['grey', [119, 119, 119], [50.03, 0, 0]],
  ] as const)('%s has the Lab values of the standard, and no texture', async (_name, rgb, lab) => {
    const full = { width: 48, height: 40 }
    const size = { width: 24, height: 20 }
    const bytes = Uint8Array.from({ length: full.width * full.height * 3 }, (_, i) => rgb[i % 3]!)
    const picture = await pictureOf(bytes, full, size)
    const plane = size.width * size.height
    // Sharp, and both blurred.
    for (const first of [1, 4, 7])
      lab.forEach((value, c) => {
        expect(Math.abs(picture[(first + c) * plane + 100]! - value)).toBeLessThan(0.6)
      })
    for (let texture = 10; texture < 16; texture++)
      expect(Math.abs(picture[texture * plane + 200]!)).toBeLessThan(0.6)
  })

  test('averages areas when it gets smaller', async () => {
    const full = { width: 4, height: 2 }
    const rgb = new Uint8Array(24)
    rgb.fill(200, 0, 3).fill(100, 3, 6)
    const picture = await pictureOf(rgb, full, { width: 2, height: 1 })
    expect(picture[0]).toBeCloseTo(75, 3)
    expect(picture[1]).toBeCloseTo(0, 3)
  })

  test('tells texture by its direction', async () => {
    const size = { width: 64, height: 64 }
    const stripes = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) =>
      (Math.floor(i / 3) % 64) % 8 < 4 ? 60 : 200,
    )
    const picture = await pictureOf(stripes, size, size)
    const at = (plane: number) => picture[plane * 64 * 64 + 32 * 64 + 32]!
    expect(at(12)).toBeGreaterThan(20 * Math.max(1e-3, at(14)))
    expect(at(13)).toBeCloseTo(at(15), 1)
    expect(at(11)).toBeGreaterThan(20)
  })

  test('refuses to be larger than the frame', async () => {
    await expect(
      pictureOf(new Uint8Array(12), { width: 2, height: 2 }, { width: 3, height: 3 }),
    ).rejects.toThrow()
  })
})

describe('the shot-cut score', () => {
  const size = { width: 160, height: 96 }
  const disc = { radius: 20, at: (t: number) => [60 + 6 * t, 50] as const, rgb: [180, 80, 60] as const }
  const film = new NoiseScene({ ...size, frameCount: 8, pan: [4, 1], discs: [disc], cutFrame: 5 })

  test('is low within a shot and high across a cut', async () => {
    const scores: number[] = []
    for (let t = 1; t < 8; t++) {
      const from = await pictureOf(film.rgb(t), size, size)
      const to = await pictureOf(film.rgb(t - 1), size, size)
      const flow = new Float32Array(2 * size.width * size.height)
      await native.computeFlow(
        pool,
        size,
        from,
        to,
        { finestLevel: 1, patchStride: 3, descentSteps: 25, refineIterations: 3 },
        flow,
      )
      scores.push(await native.cutScore(size, from, to, flow))
    }
    scores.forEach((score, i) => {
      if (i + 1 === 5) expect(score).toBeGreaterThan(0.7)
      else expect(score).toBeLessThan(0.35)
    })
  })
})
