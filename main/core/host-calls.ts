import type { HostApi } from './api.ts'

/** Every call of HostApi, by name: the list of what may be called over a link. The type makes it complete. */
const calls: Record<keyof HostApi, true> = {
  info: true,
  settings: true,
  updateSettings: true,
  inference: true,
  probeProviders: true,
  models: true,
  planPack: true,
  addPack: true,
  verifyPack: true,
  benchPack: true,
  removePack: true,
  choosePack: true,
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

type StreamName = {
  [Name in keyof HostApi]: HostApi[Name] extends (...args: never[]) => AsyncIterable<unknown> ? Name : never
}[keyof HostApi]

/** Those that stream: rpc.ts has to know them by name. */
const streams: Record<StreamName, true> = {
  planPack: true,
  addPack: true,
  verifyPack: true,
  benchPack: true,
  events: true,
}

export const hostStreams = Object.keys(streams) as StreamName[]
export const hostCalls = Object.keys(calls) as (keyof HostApi)[]
