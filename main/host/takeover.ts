/** Pure: when a new job does what is left of an older one, so that the older one need not go on. */
import type { JobSpec, PropagateSpec } from '../core/api.ts'

/**
 * A person who corrects again does not wait for the run after the last correction: a run over the stale frames of the
 * same objects takes over from an older one. Returns what the new run has to do: its own frames and those the older one
 * was still to do. Null: the two have nothing to do with each other.
 */
export function takenOver(newer: JobSpec, older: JobSpec): PropagateSpec | null {
  if (newer.type !== 'propagate' || older.type !== 'propagate') return null
  if (newer.reach !== 'stale' || older.reach !== 'stale') return null
  if (newer.mediaId !== older.mediaId || newer.direction !== older.direction) return null
  if (!sameObjects(newer.objectIds, older.objectIds)) return null
  return { ...newer, range: joined(newer.range, older.range) }
}

function sameObjects(a: PropagateSpec['objectIds'], b: PropagateSpec['objectIds']): boolean {
  if (a === null || b === null) return a === b
  const ids = new Set([...a, ...b])
  return ids.size === new Set(a).size && ids.size === new Set(b).size
}

/** From the first to the last frame of both; what lies between them is only computed where it is stale. */
function joined(a: PropagateSpec['range'], b: PropagateSpec['range']): PropagateSpec['range'] {
  return a && b && [Math.min(a[0], b[0]), Math.max(a[1], b[1])]
}
