/** Runs of the engine over a clip, from key masks to masks. */
import { rmSync } from 'node:fs'
import type { Rle } from '../main/core/mask/rle.ts'
import type { ObjectId } from '../main/core/records.ts'
import type { FrameSource } from '../main/host/media/frame-source.ts'
import { propagate } from '../main/host/propagation/propagate.ts'
import type {
  PropagatedFrame,
  PropagationObject,
  PropagationRequest,
} from '../main/host/propagation/request.ts'
import { benchFolder } from './bench-folder.ts'

/** Every frame as it comes, from all key masks of the objects, both ways, on two threads. */
export async function* engineFrames(
  source: FrameSource,
  objects: readonly PropagationObject[],
  more: Partial<PropagationRequest> = {},
): AsyncGenerator<PropagatedFrame> {
  const spillFolder = benchFolder()
  const range = { firstFrame: 0, lastFrame: source.frameCount - 1, direction: 'both' } as const
  const how = { playheadFrame: 0, seed: 1, threadCount: 2, spillFolder, isTaken: () => false }
  try {
    const events = propagate({ source, objects, ...range, ...how, ...more }, new AbortController().signal)
    for await (const event of events) if (event.type === 'frame') yield event
  } finally {
    rmSync(spillFolder, { recursive: true, force: true })
  }
}

export interface EngineRun {
  /** The last mask of each object on each frame; key frames are not among them. */
  readonly masks: ReadonlyMap<ObjectId, ReadonlyMap<number, Rle>>
  /** Until the first frame came, which is mostly learning; then until the last. */
  readonly learnMs: number
  readonly sweepMs: number
}

export async function engineRun(
  source: FrameSource,
  objects: readonly PropagationObject[],
  more: Partial<PropagationRequest> = {},
): Promise<EngineRun> {
  const masks = new Map<ObjectId, Map<number, Rle>>(objects.map(({ id }) => [id, new Map()]))
  const started = performance.now()
  let firstAt: number | null = null
  for await (const frame of engineFrames(source, objects, more)) {
    firstAt ??= performance.now()
    for (const mask of frame.masks) masks.get(mask.objectId)!.set(frame.frameIndex, mask.rle)
  }
  const ended = performance.now()
  return { masks, learnMs: (firstAt ?? ended) - started, sweepMs: ended - (firstAt ?? ended) }
}
