import { useSyncExternalStore } from 'react'
import type { ShownFrames } from '../../draw/shown-frames.ts'

let shownFrames: ShownFrames | null = null

/** The canvas says whose frames are on screen. */
export function setShownFrames(frames: ShownFrames | null): void {
  shownFrames = frames
}

/** Decoded frames at hand, in whole MB; looked at once a second. */
export function useCacheMegabytes(): number {
  return useSyncExternalStore(everySecond, () =>
    Math.round((shownFrames?.cacheByteLength ?? 0) / (1024 * 1024)),
  )
}

function everySecond(changed: () => void): () => void {
  const timer = setInterval(changed, 1000)
  return () => clearInterval(timer)
}
