import { murmur128 } from '../mask/shape-hash.ts'

export type Split = 'train' | 'val'

/**
 * Train or val a video, whole videos only, so that no clip is on both sides. `valShare` of the videos (rounded, at
 * least one and not all where there are two or more and the share is above 0) are val: those whose names hash lowest,
 * so that the same videos are split the same way on any machine and adding a video moves few others.
 */
export function splitVideos(names: readonly string[], valShare: number): Split[] {
  if (valShare <= 0 || names.length === 0) return names.map(() => 'train')
  if (valShare >= 1) return names.map(() => 'val')
  const wanted = Math.round(valShare * names.length)
  const valCount = names.length < 2 ? wanted : Math.min(names.length - 1, Math.max(1, wanted))
  const ranked = names
    .map((name, index) => ({
      index,
      hash: murmur128(
        Uint8Array.from(name, (c) => c.charCodeAt(0) & 255),
        1,
      ),
    }))
    .sort((a, b) => (a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : a.index - b.index))
  const val = new Set(ranked.slice(0, valCount).map(({ index }) => index))
  return names.map((_, index) => (val.has(index) ? 'val' : 'train'))
}
