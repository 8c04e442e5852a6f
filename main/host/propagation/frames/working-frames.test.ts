import { expect, test } from 'vitest'
import * as native from '../../../../native/index.ts'
import { NoiseScene } from '../../../../native/noise-scene.ts'
import { flowOptions, WorkingFrames } from './working-frames.ts'

const [width, height, frameCount] = [40, 24, 160]
const film = new NoiseScene({
  width,
  height,
  frameCount,
  pan: [1, 0.5],
  discs: [{ radius: 6, at: (t) => [8 + (t % 24), 12], rgb: [190, 80, 70] }],
})
const pool = native.createPool(2)
const size = { width, height }
const pixels = width * height

/** Told without printing thousands of numbers. */
const isSame = (a: Float32Array, b: Float32Array) => a.length === b.length && a.every((x, i) => x === b[i])

/** As many pictures and flows as may be kept of so small a film would be all of them. */
const framesOf = (keep: number) =>
  new WorkingFrames(film, pool, width, new AbortController().signal, null, {
    pictures: keep * pixels * native.picturePlanes * 4,
    flows: keep * pixels * 2 * 4,
  })

async function step(frames: WorkingFrames, mask: Float32Array, frame: number): Promise<Float32Array> {
  if (frame + 1 < frameCount) frames.prepare(frame + 1, frame)
  await frames.isCut(frame, frame - 1)
  return frames.lendWarped(mask, frame, frame - 1, (warped) => warped.slice())
}

test('a long walk allocates nothing new once its window is full, and moves the mask as it ever did', async () => {
  const [frames, plain] = [framesOf(8), framesOf(8)]
  const start: Float32Array = Float32Array.from(film.truth(0, 0).data)
  let [mask, kept] = [start, start]
  let allocated = 0
  for (let frame = 1; frame < frameCount; frame++) {
    mask = await step(frames, mask, frame)
    kept = await plain.warped(kept, frame, frame - 1)
    expect(isSame(mask, kept), `frame ${frame}`).toBe(true)
    if (frame === 40) allocated = frames.allocatedCount
  }
  expect(allocated).toBeLessThan(32)
  expect(frames.allocatedCount).toBe(allocated)
})

test('a picture, a flow and a view that were asked for to keep are as they were after the whole film', async () => {
  const frames = framesOf(8)
  const view = await frames.view(2, 1, new Float32Array(native.colourBins))
  const held = [view.picture, view.neighbourPicture, view.flow, await frames.picture(5)]
  const copies = held.map((planes) => planes.slice())
  let mask: Float32Array = Float32Array.from(film.truth(0, 0).data)
  for (let frame = 1; frame < frameCount; frame++) mask = await step(frames, mask, frame)
  expect(held.map((planes, i) => isSame(planes, copies[i]!))).toEqual([true, true, true, true])
})

test('pictures, flow and moved masks come out the same in arrays that hold something else', async () => {
  const made = async (value: number) => {
    const filled = (planes: number) => new Float32Array(pixels * planes).fill(value)
    const [picture, neighbour] = [filled(native.picturePlanes), filled(native.picturePlanes)]
    const [flow, halfFlow, mask] = [filled(2), filled(2), filled(1)]
    await native.computePicture(pool, film.rgb(3), film, size, picture)
    await native.computePicture(pool, film.rgb(2), film, size, neighbour)
    await native.computeFlow(pool, size, picture, neighbour, flowOptions, flow)
    await native.computeFlow(pool, size, picture, neighbour, { ...flowOptions, finestLevel: 1 }, halfFlow)
    await native.warpMask(pool, size, Float32Array.from(film.truth(2, 0).data), flow, mask)
    return [picture, neighbour, flow, halfFlow, mask]
  }
  const [fresh, used] = [await made(0), await made(Number.NaN)]
  expect(used.map((planes, i) => isSame(planes, fresh[i]!))).toEqual([true, true, true, true, true])
})
