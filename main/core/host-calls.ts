import type { HostApi } from './api.ts'

/** Every call of HostApi, by name: the list of what may be called over a link. The type makes it complete. */
const calls: Record<keyof HostApi, true> = {
  info: true,
  settings: true,
  updateSettings: true,
  inference: true,
  probeProviders: true,
  recentProjects: true,
  createProject: true,
  openProject: true,
  openSample: true,
  closeProject: true,
  snapshot: true,
  events: true,
  commit: true,
  undo: true,
  redo: true,
  shapes: true,
  frameTable: true,
  relink: true,
  checkMedia: true,
  segment: true,
  startJob: true,
  cancelJob: true,
  resumeJob: true,
  dismissJob: true,
  estimate: true,
  planExport: true,
  browse: true,
  importClasses: true,
}

export const hostCalls = Object.keys(calls) as (keyof HostApi)[]
