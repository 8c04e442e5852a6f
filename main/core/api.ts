/**
 * The only contract between the view and the program. The view calls HostApi over rpc.ts (MessagePort in Electron,
 * WebSocket in the browser) and ShellApi for what only a desktop shell can do. Everything that crosses is a JSON value
 * with Uint8Arrays and Float64Arrays beside it.
 *
 * A `PathRef` is what a person picked: an absolute path in the desktop app and on the command line; in served mode an
 * opaque id from `browse`, because a page is never trusted with a path.
 */

import type { Diff } from './diff.ts'
import type { Change, History } from './history.ts'
import type {
  AddStep,
  BenchStep,
  ChosenModels,
  InferenceStatus,
  ModelList,
  ModelRole,
  PlanStep,
  ProviderChoice,
  RanOn,
  VerifyStep,
} from './models.ts'
import type { AnyRecord, Box, ClassId, MediaId, ObjectId, ShapeHash } from './records.ts'

export type PathRef = string

export interface HostInfo {
  readonly version: string
  readonly mode: 'desktop' | 'served' | 'cli'
  readonly platform: string
  readonly threadCount: number
  /** `wasm`: where the fast kernels could not be built; one thread, several times slower. */
  readonly engine: { readonly name: string; readonly kernels: 'addon' | 'wasm' } | { readonly error: string }
  readonly ffmpeg: { readonly version: string; readonly origin: string } | { readonly error: string }
  /** Prefix of media URLs: `${mediaUrl}${mediaId}`; still frames: `${frameUrl}${mediaId}/${frameIndex}`. */
  readonly mediaUrl: string
  readonly frameUrl: string
}

export interface ProjectInfo {
  readonly name: string
  readonly folder: string
  /** Null when writable; else the sentence that says why it is not. */
  readonly readOnly: string | null
  /** Milliseconds since 1970 of the last change on disk. */
  readonly savedAt: number
}

export interface Snapshot {
  readonly project: ProjectInfo
  readonly records: readonly AnyRecord[]
  readonly history: History
  readonly jobs: readonly JobInfo[]
  readonly media: readonly MediaStatus[]
}

/** What is true of a media file now, and not part of the project's history. */
export interface MediaStatus {
  readonly mediaId: MediaId
  readonly state: 'ok' | 'missing' | 'changed'
  /** The sentence when not ok. */
  readonly problem: string | null
  /** How the view shows it: compressed bytes by URL, a proxy by URL (frame i of it is frame i), or stills by URL. */
  readonly shows: 'original' | 'proxy' | 'stills'
  /** URL of the original or proxy bytes. */
  readonly url: string
  readonly proxyNeeded: boolean
}

export type JobSpec =
  | PropagateSpec
  | ExportSpec
  | ImportMediaSpec
  | ImportAnnotationsSpec
  | ProxySpec
  | FrameTableSpec

export interface PropagateSpec {
  readonly type: 'propagate'
  readonly mediaId: MediaId
  /** Null: every unlocked, visible object that has a key mask. */
  readonly objectIds: readonly ObjectId[] | null
  readonly direction: 'forward' | 'backward' | 'both'
  /** Inclusive; null: as far as the direction and the key masks reach. */
  readonly range: readonly [firstFrame: number, lastFrame: number] | null
  /** 'next': stop at the next key mask; 'stale': only spans whose key masks changed since; 'all': everything. */
  readonly reach: 'all' | 'next' | 'stale'
  readonly playheadFrame: number
}

export interface ExportSpec {
  readonly type: 'export'
  readonly format: ExportFormat
  readonly target: PathRef
  /** Folder to make inside target. */
  readonly folderName: string
  readonly mediaIds: readonly MediaId[]
  readonly frames: FrameChoice
  readonly valShare: number
  readonly layout: 'train' | 'valid'
  readonly overwrite: boolean
  readonly includeFrames: boolean
}
export type ExportFormat =
  | 'davis'
  | 'youtube-vos'
  | 'viposeg'
  | 'youtube-vis'
  | 'coco'
  | 'overlay'
  | 'frame-table'
export type FrameChoice =
  | { readonly type: 'all' }
  | { readonly type: 'keyframes' }
  | { readonly type: 'confirmed' }
  | { readonly type: 'every'; readonly step: number }
  | { readonly type: 'range'; readonly firstFrame: number; readonly lastFrame: number }

export interface ExportPlan {
  /** Relative paths, in the order of writing, at most 200; `fileCount` says how many in all. */
  readonly files: readonly string[]
  readonly fileCount: number
  readonly byteLengthEstimate: number
  /** Sentences: what will be converted or dropped. */
  readonly warnings: readonly string[]
  /** Sentences: what forbids the export. */
  readonly problems: readonly string[]
}

export interface ImportMediaSpec {
  readonly type: 'import-media'
  readonly paths: readonly PathRef[]
}
export interface ImportAnnotationsSpec {
  readonly type: 'import-annotations'
  readonly mediaId: MediaId
  readonly path: PathRef
}
export interface ProxySpec {
  readonly type: 'proxy'
  readonly mediaId: MediaId
}
/** Finishes the table of presentation times in the background. */
export interface FrameTableSpec {
  readonly type: 'frame-table'
  readonly mediaId: MediaId
}

export type JobState = 'queued' | 'running' | 'interrupted' | 'cancelled' | 'failed' | 'done'

export interface JobInfo {
  readonly id: string
  readonly spec: JobSpec
  /** 'Propagate 3 objects' */
  readonly label: string
  readonly state: JobState
  readonly done: number
  readonly total: number
  /** What it is at: 'dog, frame 118'. */
  readonly at: string
  readonly frameIndex: number | null
  readonly msPerFrame: number | null
  readonly startedAt: number | null
  readonly endedAt: number | null
  /** Why it failed, why nothing was produced, or the report. */
  readonly sentence: string | null
  /** Things worth knowing, in words: a cut stopped an object, a file was skipped. */
  readonly notes: readonly string[]
  /** Of a propagation: name of the pack that makes the masks. Null or absent: Inbetween's own engine does. */
  readonly network?: string | null
  /** Of a propagation: what made its last frame, or before that what will. Absent in those of earlier versions. */
  readonly ranOn?: RanOn
  /** Of a propagation: first frames of new shots that it has met, ascending. Absent: none. */
  readonly cuts?: readonly number[]
  readonly report: JobReport | null
}

export interface JobReport {
  readonly title: string
  readonly folder: string | null
  readonly written: readonly string[]
  readonly converted: readonly string[]
  readonly dropped: readonly string[]
}

export interface Estimate {
  readonly objectCount: number
  readonly frameCount: number
  readonly msPerFrame: number
  readonly seconds: number
  /** When nothing would be produced: why. */
  readonly sentence: string | null
}

export interface NewChange {
  readonly id: string
  readonly label: string
  readonly diff: Diff
  /** Bytes of every shape in the diff that the host may not have yet. */
  readonly shapes: readonly { readonly hash: ShapeHash; readonly bytes: Uint8Array }[]
}

export interface UndoResult {
  /** Null: nothing to undo. */
  readonly label: string | null
  readonly skippedCount: number
}

/** One object on one frame, from a few marks: answered at once, nothing is written. */
export interface SegmentRequest {
  readonly mediaId: MediaId
  readonly frameIndex: number
  /** Whose key masks teach what it looks like; null: only the marks are known. */
  readonly objectId: ObjectId | null
  /** The mask to correct (encodeShape), or null when there is none yet. */
  readonly mask: Uint8Array | null
  /** Around the object, or null. */
  readonly box: Box | null
  /** In the order made: a later one wins where two meet. */
  readonly marks: readonly Mark[]
}

/** A click (one point) or a stroke. */
export interface Mark {
  /** Whether it says "the object" or "not the object". */
  readonly inside: boolean
  /** x0, y0, x1, y1, ... in image space. */
  readonly points: readonly number[]
  /** Of the round tip, pixels of the media. */
  readonly radius: number
}

export interface SegmentAnswer {
  /** The whole object (encodeShape). */
  readonly mask: Uint8Array
  /** The pixels that the marks touched (encodeShape): what alone may teach. Null without marks. */
  readonly marked: Uint8Array | null
  readonly ms: number
  /** Name of the pack that found it; null or left out: what comes with the app did. */
  readonly answeredBy?: string | null
  readonly ranOn: RanOn
  /** Milliseconds since 1970, by the host's clock as those of jobs are. */
  readonly answeredAt: number
}

export type HostEvent =
  | { readonly type: 'changed'; readonly change: Change; readonly history: History; readonly savedAt: number }
  | { readonly type: 'job'; readonly job: JobInfo }
  | { readonly type: 'media'; readonly media: MediaStatus }
  /** A project was opened or closed (null): take a new snapshot. */
  | { readonly type: 'project'; readonly project: ProjectInfo | null }
  /** What is true of networks and their process changed: at most ten times a second. */
  | { readonly type: 'inference'; readonly status: InferenceStatus }
  /** A pack was added, removed, checked, or chosen for a role. */
  | { readonly type: 'models'; readonly models: ModelList }
  | { readonly type: 'trouble'; readonly sentence: string }

export interface RecentProject {
  readonly folder: string
  readonly name: string
  readonly openedAt: number
  /** data: URL of a small picture, or null. */
  readonly thumbnail: string | null
  readonly missing: boolean
}

export interface FolderListing {
  readonly ref: PathRef
  readonly name: string
  readonly parent: PathRef | null
  readonly entries: readonly {
    readonly ref: PathRef
    readonly name: string
    readonly folder: boolean
    readonly byteLength: number
  }[]
}

/** Where a pack is to be had: a folder, archive or manifest that a person picked, or an address of one of the latter two. */
export type PackRef =
  | { readonly type: 'path'; readonly path: PathRef }
  | { readonly type: 'url'; readonly url: string }

/** The user's own settings, on this machine, whatever the project. */
export interface Settings {
  readonly theme: 'system' | 'dark' | 'light'
  readonly textScale: number
  readonly cacheMegabytes: number
  readonly threadCount: number
  /** What networks run on; 'auto': the fastest that a probe finds right. */
  readonly provider: ProviderChoice
  /** What the process that runs networks may take. */
  readonly modelMegabytes: number
  /** The pack that fills each role; null: what comes with the app does. Set by `choosePack`. */
  readonly models: ChosenModels
  /** Action id to key strings, only where they differ from the preset. */
  readonly keys: Readonly<Record<string, readonly string[]>>
  readonly keyPreset: 'inbetween' | 'cvat' | 'labelme' | 'video-editor'
  /** Whether the spans that a correction made stale are propagated again by themselves. */
  readonly repropagate: boolean
  /** Sizes and open state of panels. */
  readonly layout: Readonly<Record<string, number | boolean | string>>
}

export interface HostApi {
  info(): Promise<HostInfo>
  settings(): Promise<Settings>
  /** With `provider` in it, even the one that was: what failed on it may be tried once more. */
  updateSettings(patch: Partial<Settings>): Promise<Settings>

  /** Starts nothing. Changes come as events. */
  inference(): Promise<InferenceStatus>
  /** Runs a small graph on every provider of this machine and holds its numbers against the CPU's. */
  probeProviders(): Promise<InferenceStatus>

  /** Starts nothing. Changes come as events. */
  models(): Promise<ModelList>
  /** What adding would do, with the licence: reads the manifest and nothing beyond it. */
  planPack(source: PackRef, signal?: AbortSignal): AsyncIterable<PlanStep>
  /**
   * Adds what was planned: `manifestHash` is the plan's, and a manifest that changed since is refused. What was fetched
   * before a break or a cancel is kept, and the next try goes on from there. Ends with a report; nothing is added that failed
   * a check.
   */
  addPack(source: PackRef, manifestHash: string, signal?: AbortSignal): AsyncIterable<AddStep>
  /** Hashes, graphs and golden samples once more. */
  verifyPack(id: string, signal?: AbortSignal): AsyncIterable<VerifyStep>
  /** Times every graph on this machine. */
  benchPack(id: string, signal?: AbortSignal): AsyncIterable<BenchStep>
  /** Roles that it filled go back to what comes with the app. */
  removePack(id: string): Promise<ModelList>
  /** Null: back to what comes with the app. Refused for a pack of another role, or one that is broken. */
  choosePack(role: ModelRole, id: string | null): Promise<ModelList>

  recentProjects(): Promise<readonly RecentProject[]>
  createProject(parent: PathRef, name: string): Promise<ProjectInfo>
  /** Refused by name when another process has it (open read-only then), when it is newer, when it is none. */
  openProject(folder: PathRef, options: { readonly readOnly: boolean }): Promise<ProjectInfo>
  /** Makes the sample project where it is not there yet, and opens it. */
  openSample(): Promise<ProjectInfo>
  closeProject(): Promise<void>
  /** Null: no project is open. */
  snapshot(): Promise<Snapshot | null>
  events(signal?: AbortSignal): AsyncIterable<HostEvent>

  /** Returns when the change is on disk. Refused whole when the project is read-only. */
  commit(change: NewChange): Promise<{ readonly savedAt: number }>
  undo(): Promise<UndoResult>
  redo(): Promise<UndoResult>
  /** In the order asked; null where the project has no such shape. */
  shapes(hashes: readonly ShapeHash[]): Promise<readonly (Uint8Array | null)[]>

  /** Presentation times in microseconds, ascending; a frame is a position in it. */
  frameTable(mediaId: MediaId): Promise<Float64Array>
  relink(mediaId: MediaId, path: PathRef): Promise<MediaStatus>
  /** Recomputes what is true of every media file. */
  checkMedia(): Promise<readonly MediaStatus[]>

  /**
   * A mask from marks on one frame. Refused with 'superseded' when a newer request for the same object and frame came
   * before it was begun.
   */
  segment(request: SegmentRequest): Promise<SegmentAnswer>

  startJob(spec: JobSpec): Promise<JobInfo>
  cancelJob(id: string): Promise<void>
  resumeJob(id: string): Promise<JobInfo>
  /** Takes a finished job off the list. */
  dismissJob(id: string): Promise<void>
  estimate(spec: PropagateSpec): Promise<Estimate>
  planExport(spec: ExportSpec): Promise<ExportPlan>

  /** Folders to pick from, by opaque reference; null is the top. In the desktop app the shell's own dialogs are used. */
  browse(ref: PathRef | null): Promise<FolderListing>
  /** Puts uploaded bytes into the project's media folder (served mode) and returns what to import. */
  importClasses(path: PathRef): Promise<{ readonly classIds: readonly ClassId[]; readonly sentence: string }>
}

/** What only the desktop shell can do. Absent in the browser. */
export interface ShellApi {
  /** Null: the user cancelled. */
  pick(options: PickOptions): Promise<readonly PathRef[] | null>
  /** The path of a dropped file. */
  pathOf(file: unknown): PathRef
  showInFolder(folder: string): Promise<void>
  setTitle(title: string): Promise<void>
}

export interface PickOptions {
  readonly kind: 'files' | 'folder' | 'new-folder'
  readonly title: string
  readonly filters?: readonly { readonly name: string; readonly extensions: readonly string[] }[]
}
