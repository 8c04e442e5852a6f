/**
 * What a job body may see and what it may say. A body is an async generator in `jobs/`: it reads through its context,
 * yields what it has made, and never writes to the project itself. The queue (jobs.ts) commits each yielded change and
 * cursor in one transaction, so that resuming is calling the body again with the last cursor.
 */

import type { JobReport, JobSpec, PathRef, Settings } from '../core/api.ts'
import type { Diff } from '../core/diff.ts'
import type { RanOn } from '../core/models.ts'
import type { MediaId, MediaRecord, MediaSource, ShapeHash } from '../core/records.ts'
import type { Store } from '../core/store.ts'
import type { Inference } from './inference/inference.ts'
import type { ChosenPacks } from './models/chosen-packs.ts'

/** The project's present records, live: what the user changes while a job runs is seen by it. */
export type ReadableStore = Pick<Store, 'get' | 'has' | 'all' | 'ofKind' | 'track' | 'size'>

/** Bytes of a shape (COCO's compressed string in ASCII) under their content hash. */
export interface NewShape {
  readonly hash: ShapeHash
  readonly bytes: Uint8Array
}

export interface NewFrameTable {
  readonly mediaId: MediaId
  /** Presentation times in microseconds, ascending. */
  readonly timesUs: Float64Array
}

export interface ProjectFolders {
  /** Absolute. `cache` may be deleted at any time; `proxies` holds one file a media, named by its id. */
  readonly project: string
  readonly cache: string
  readonly proxies: string
}

/** What reads of a project need: job bodies, estimates and export plans. Every path in and out is absolute. */
export interface ProjectContext {
  readonly store: ReadableStore
  readonly folders: ProjectFolders
  /** Throws UserError 'missing-shape' when the project has no such shape. */
  readShape(hash: ShapeHash): Uint8Array
  /** The media's source with absolute paths (images: `folder` absolute, `files` names inside it). */
  mediaSource(media: MediaRecord): MediaSource
  /** Presentation times as far as they are known. Throws UserError 'no-frame-table' when there is none yet. */
  frameTable(mediaId: MediaId): Float64Array
  /** What a person picked, as an absolute path. Refuses, in served mode, what `browse` never offered. */
  resolvePath(ref: PathRef): string
  /** How a path is written into a record: relative to the project folder, with `/`, where that is possible. */
  recordPath(absolutePath: string): string
  /** The process that runs networks; started by its first run. */
  readonly inference: Inference
  /** Networks by the job they do. */
  readonly packs: ChosenPacks
  /** The user's settings at this moment. */
  settings(): Settings
  /** Milliseconds since 1970. */
  now(): number
  /** A new unique id beginning with the word: `newId('object')`. */
  newId(word: string): string
}

export interface JobContext extends ProjectContext {
  /** Also the step of every change it makes: undo takes the whole job back. */
  readonly jobId: string
}

export interface JobChange {
  /** What the whole step has done so far, for the undo menu: 'Propagate 118 frames'. The last one stands. */
  readonly label: string
  readonly diff: Diff
  /** Bytes of every shape in the diff that the project may not have yet. */
  readonly shapes?: readonly NewShape[]
  readonly frameTables?: readonly NewFrameTable[]
}

/** One yield. What is left out stays as it was. */
export interface JobStep {
  readonly done: number
  readonly total: number
  /** What it is at: 'dog, frame 118'. */
  readonly at?: string
  readonly frameIndex?: number
  readonly msPerFrame?: number
  /** Name of the pack that does the work; null: none. */
  readonly network?: string | null
  readonly ranOn?: RanOn
  /** A sentence worth knowing; every one is kept and shown once. */
  readonly note?: string
  /** First frames of new shots; all that were ever given are kept. */
  readonly cuts?: readonly number[]
  /**
   * Written before the next value is asked for. Masks that meanwhile became key masks, locked objects and objects
   * deleted meanwhile are left out of it at that moment.
   */
  readonly change?: JobChange
  /** Any JSON value; written with the change. A body resumed later begins from it. */
  readonly cursor?: unknown
  /** Jobs to put into the queue, written with the change. */
  readonly follow?: readonly JobSpec[]
}

/** What a body returns at its end. */
export interface JobResult {
  /** Why nothing was produced, or what came out; null: nothing to say. */
  readonly sentence?: string | null
  readonly report?: JobReport | null
}

/**
 * `cursor` is null at the first start. When `signal` aborts, the body ends soon (return or throw, both are taken as
 * cancelled); after 2 seconds it is abandoned and whatever it yields later is dropped. A UserError thrown is the
 * sentence of the failed job.
 */
export type JobBody<Spec extends JobSpec> = (
  context: JobContext,
  spec: Spec,
  cursor: unknown,
  signal: AbortSignal,
) => AsyncGenerator<JobStep, JobResult | undefined, undefined>

export type JobSpecOf<Type extends JobSpec['type']> = Extract<JobSpec, { type: Type }>

/** One body a kind of job. `host.ts` names them all. */
export type JobBodies = { readonly [Type in JobSpec['type']]: JobBody<JobSpecOf<Type>> }
