import type { FrameChoice } from '../api.ts'
import { isKey } from '../records.ts'
import type { DatasetVideo } from './dataset.ts'

/**
 * The frames that a choice takes, ascending. `keyframes`: those where a person set or confirmed at least one mask.
 * `confirmed`: those where a person set or confirmed every mask, so that nothing on them is only propagated.
 */
export function chosenFrames(video: DatasetVideo, choice: FrameChoice): number[] {
  const frameCount = video.timesUs.length
  const all = (from: number, to: number, step: number) => {
    const frames: number[] = []
    for (let frame = Math.max(0, from); frame < Math.min(frameCount, to); frame += step) frames.push(frame)
    return frames
  }
  if (choice.type === 'all') return all(0, frameCount, 1)
  if (choice.type === 'every') return all(0, frameCount, Math.max(1, Math.floor(choice.step)))
  if (choice.type === 'range') return all(choice.firstFrame, choice.lastFrame + 1, 1)
  return all(0, frameCount, 1).filter((frame) => {
    const masks = video.masksAt(frame)
    return masks.length > 0 && (choice.type === 'keyframes' ? masks.some(isKey) : masks.every(isKey))
  })
}
