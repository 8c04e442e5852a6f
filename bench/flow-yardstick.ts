/** Our flow beside OpenCV's DIS on made-up films whose motion is known: time and mean end-point error of both. */
import * as native from '../native/index.ts'
import { type Disc, NoiseScene } from '../native/noise-scene.ts'
import { openCvFlow } from '../native/opencv-flow.ts'

const size = { width: 427, height: 240 }
const pixels = size.width * size.height
/** Pixels this near to the outline of a disc or the border have no one right answer. */
const unclear = 10
const repeats = 20

export interface FlowMeasure {
  readonly ms: number
  /** Of all threads: says more than `ms` on a machine that others use too. */
  readonly cpuMs: number
  /** Mean end-point error, pixels. */
  readonly error: number
}

interface Motion {
  readonly pan: readonly [number, number]
  readonly discs: readonly {
    readonly at: readonly [number, number]
    readonly by: readonly [number, number]
    readonly radius: number
  }[]
}

const motions: readonly Motion[] = [
  { pan: [1.5, -0.5], discs: [{ at: [120, 100], by: [5, 2], radius: 45 }] },
  { pan: [-4.3, 1.2], discs: [{ at: [300, 130], by: [-9, 4], radius: 60 }] },
  {
    pan: [0.4, 0.3],
    discs: [
      { at: [100, 120], by: [3.5, -2.5], radius: 50 },
      { at: [310, 110], by: [-12, 0], radius: 55 },
    ],
  },
]

/** What OpenCV's PRESET_MEDIUM does at each level. */
export const presetMedium = { patchStride: 3, descentSteps: 25, refineIterations: 5 }

/** Means over the films; both on two threads, one after the other on each film. */
export async function compareFlow(
  pool: native.Pool,
  options: native.FlowOptions,
): Promise<{ ours: FlowMeasure; openCv: FlowMeasure }> {
  const ours = { ms: 0, cpuMs: 0, error: 0 }
  const openCv = { ms: 0, cpuMs: 0, error: 0 }
  for (const [seed, motion] of motions.entries()) {
    const [from, to] = await greys(pool, motion, seed + 1)
    const flow = new Float32Array(2 * pixels)
    const once = () => native.computeFlow(pool, size, from, to, options, flow)
    await once()
    const [started, cpu] = [performance.now(), process.cpuUsage()]
    for (let i = 0; i < repeats; i++) await once()
    ours.ms += (performance.now() - started) / repeats / motions.length
    const { user, system } = process.cpuUsage(cpu)
    ours.cpuMs += (user + system) / 1000 / repeats / motions.length
    ours.error += errorOf(flow, motion) / motions.length
    const theirs = openCvFlow(from, to, size, options.finestLevel, repeats)
    openCv.ms += theirs.ms / motions.length
    openCv.cpuMs += theirs.cpuMs / motions.length
    openCv.error += errorOf(theirs.flow, motion) / motions.length
  }
  return { ours, openCv }
}

async function greys(
  pool: native.Pool,
  { pan, discs }: Motion,
  seed: number,
): Promise<[Float32Array, Float32Array]> {
  const scene = new NoiseScene({
    ...size,
    frameCount: 2,
    seed,
    pan: [-pan[0], -pan[1]],
    discs: discs.map(
      ({ at, by, radius }): Disc => ({
        radius,
        at: (t) => [at[0] + by[0] * t, at[1] + by[1] * t],
        rgb: [180, 90, 80],
      }),
    ),
  })
  const grey = async (t: number) => {
    const picture = new Float32Array(native.picturePlanes * pixels)
    await native.computePicture(pool, scene.rgb(t), scene, size, picture)
    return picture.slice(0, pixels)
  }
  return [await grey(0), await grey(1)]
}

function errorOf(flow: Float32Array, { pan, discs }: Motion): number {
  const { width, height } = size
  let [sum, count] = [0, 0]
  for (let y = unclear; y < height - unclear; y++)
    for (let x = unclear; x < width - unclear; x++) {
      const far = discs.map(({ at, radius }) => Math.hypot(x - at[0], y - at[1]) - radius)
      const later = discs.map(
        ({ at, by, radius }) => Math.hypot(x - at[0] - by[0], y - at[1] - by[1]) - radius,
      )
      const inside = far.findLastIndex((distance) => distance < -unclear)
      // What a disc is about to cover is nowhere on the next frame.
      const seen = inside >= 0 || [...far, ...later].every((distance) => distance > unclear)
      if (!seen) continue
      const [u, v] = inside >= 0 ? discs[inside]!.by : pan
      const i = y * width + x
      sum += Math.hypot(flow[i]! - u, flow[width * height + i]! - v)
      count++
    }
  return sum / count
}
