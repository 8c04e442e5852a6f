import type { MediaDoor } from '../web/media-door.ts'

/** What to open when the host starts: a project again, or the sample. */
export type Opening = { readonly folder: string; readonly readOnly: boolean } | 'sample'

/** What the main process asks of the host process; the page's calls go past it, over a port of their own. */
export interface HostControl extends MediaDoor {
  open(opening: Opening): Promise<void>
  /** The project that is open, at once and at every change; null: none. */
  openingStream(signal?: AbortSignal): AsyncIterable<Opening | null>
  /** Ends jobs and closes the project, so that nothing is left to recover. */
  close(): Promise<void>
}

export const hostControlCalls: readonly (keyof HostControl)[] = [
  'mediaFile',
  'stillFrame',
  'open',
  'openingStream',
  'close',
]
