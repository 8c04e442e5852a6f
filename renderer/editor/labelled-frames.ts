import type { Track } from '../../main/core/track/track.ts'

/** Frames on which at least one of the tracks has a mask that is in view. */
export function labelledFrameCount(tracks: readonly Track[]): number {
  const end = Math.max(0, ...tracks.map((track) => (track.masks.at(-1)?.frameIndex ?? -1) + 1))
  const labelled = new Uint8Array(end)
  for (const track of tracks) for (const mask of track.masks) if (!mask.outside) labelled[mask.frameIndex] = 1
  return labelled.reduce((sum, value) => sum + value, 0)
}
