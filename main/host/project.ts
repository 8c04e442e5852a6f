/**
 * An open project: its file, its records in memory and its history. Memory follows the disk and never runs ahead of
 * it: a change is settled, written, and only then applied and told.
 */
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { NewChange, ProjectInfo, UndoResult } from '../core/api.ts'
import { type Diff, emptyDiff, isEmptyDiff } from '../core/diff.ts'
import { type Change, type ChangeSource, type History, reversal } from '../core/history.ts'
import { shapeHash } from '../core/mask/shape-hash.ts'
import {
  type MaskRecord,
  type MediaId,
  type MediaRecord,
  type MediaSource,
  type ObjectRecord,
  type ProjectRecord,
  type RecordId,
  type ShapeHash,
  shapesOf,
} from '../core/records.ts'
import { Store } from '../core/store.ts'
import { UserError } from '../core/user-error.ts'
import type { JobRow, ProjectDatabase } from './database.ts'
import type { JobChange, NewFrameTable, NewShape, ProjectFolders } from './job-context.ts'
import { absoluteSource, recordPath, sourceLeftBehind } from './media-paths.ts'
import type { Migration } from './migrations/migration.ts'
import { makeProjectFile, makeProjectFolder, type OpenFolder, openProjectFolder } from './project-folder.ts'
import { settledJobDiff, settledReversal, settledUserDiff, writtenRecords } from './settled-diff.ts'
import { UndoLog } from './undo-log.ts'

export interface ProjectOptions {
  readonly readOnly?: boolean
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly newId: (word: string) => string
  /** Called after a change is on disk and in the store. */
  readonly onChange?: (change: Change) => void
  readonly migrations?: readonly Migration[]
}

/** How many steps of history go out with each change; undo itself has no limit. */
const shownStepCount = 100

export class Project {
  readonly folders: ProjectFolders
  readonly store: Store
  readonly readOnly: string | null
  readonly #file: OpenFolder
  readonly #options: ProjectOptions
  readonly #undoLog = new UndoLog()
  #savedAt = 0
  #seenSeq = 0
  #seenVersion = 0

  /** Makes the folder and the file of a new project and opens it. */
  static create(parent: string, name: string, options: ProjectOptions): Project {
    const folder = makeProjectFolder(parent, name)
    makeProjectFile(folder)
    const project = new Project(folder, options)
    const record: ProjectRecord = {
      kind: 'project',
      id: 'project',
      name: name.trim(),
      createdAt: options.now(),
    }
    project.#do({
      id: options.newId('change'),
      label: 'Create project',
      source: 'system',
      diff: { ...emptyDiff, added: { project: record } },
    })
    return project
  }

  /** Throws UserError 'project-locked', 'newer-project', 'no-project' or a disk's sentence. */
  static open(folder: string, options: ProjectOptions): Project {
    const project = new Project(folder, options)
    if (project.readOnly === null) project.#followMove()
    return project
  }

  private constructor(folder: string, options: ProjectOptions) {
    const { readOnly = false, migrations } = options
    this.#options = options
    this.#file = openProjectFolder(folder, {
      readOnly,
      now: options.now(),
      ...(migrations ? { migrations } : {}),
    })
    this.readOnly = this.#file.readOnly
    const path = this.#file.folder
    this.folders = { project: path, cache: join(path, 'cache'), proxies: join(path, 'proxies') }
    try {
      this.store = new Store(this.database.records())
      for (const change of this.database.log()) {
        this.#undoLog.add(change)
        this.#savedAt = Math.max(this.#savedAt, change.time)
      }
      this.#seenSeq = this.database.lastSeq()
      this.#seenVersion = this.database.dataVersion()
      if (this.readOnly === null)
        for (const name of [this.folders.cache, this.folders.proxies]) mkdirSync(name, { recursive: true })
    } catch (error) {
      this.#file.close()
      throw error
    }
  }

  get database(): ProjectDatabase {
    return this.#file.database
  }

  get savedAt(): number {
    return this.#savedAt
  }

  info(): ProjectInfo {
    const name = this.store.get('project')?.name ?? ''
    return { name, folder: this.folders.project, readOnly: this.readOnly, savedAt: this.#savedAt }
  }

  /** The newest steps; `undo` and `redo` reach further back. */
  history(): History {
    return this.#undoLog.history(shownStepCount)
  }

  nextUndo(): string | null {
    return this.#undoLog.nextUndo()?.step ?? null
  }

  nextRedo(): string | null {
    return this.#undoLog.nextRedo()?.step ?? null
  }

  /**
   * A gesture of the user: on disk when it returns. A change whose id is in the log already is not made twice, so a
   * view that lost its connection may send it again.
   */
  commit({ id, label, diff, shapes }: NewChange, source: ChangeSource = 'user'): void {
    this.#checkWritable()
    if (this.database.hasChange(id)) return
    const settled = settledUserDiff(this.store, diff)
    if (isEmptyDiff(settled)) return
    this.#do({ id, label, source, diff: settled, shapes: this.#neededShapes(settled, shapes) })
  }

  /** What a job yielded and where it stands, in one transaction; its step is the job's id. Returns how many records were left alone. */
  commitJob(
    source: ChangeSource,
    { label, diff, shapes = [], frameTables = [] }: JobChange,
    jobs: readonly JobRow[],
  ): number {
    this.#checkWritable()
    const step = jobs[0]?.info.id
    if (step === undefined) throw new Error('A job change needs its job')
    const settled = settledJobDiff(this.store, diff)
    const tables = frameTables.filter(
      (table) => this.store.has(table.mediaId) || settled.diff.added[table.mediaId],
    )
    this.#do({
      id: this.#options.newId('change'),
      step,
      label,
      source,
      diff: settled.diff,
      shapes: this.#neededShapes(settled.diff, shapes),
      frameTables: tables,
      jobs,
    })
    return settled.skippedCount
  }

  /** Job rows alone, without a change. */
  writeJobs(jobs: readonly JobRow[]): void {
    this.#checkWritable()
    this.database.write({ jobs })
  }

  /** Takes the last step back. `jobs`: rows to write with it. */
  undo(jobs: readonly JobRow[] = []): UndoResult {
    this.#checkWritable()
    const step = this.#undoLog.nextUndo()
    if (!step) return { label: null, skippedCount: 0 }
    return this.#reverse('undo', step.step, step.label, this.database.forwardDiffs(step.step), jobs)
  }

  redo(jobs: readonly JobRow[] = []): UndoResult {
    this.#checkWritable()
    const step = this.#undoLog.nextRedo()
    if (!step) return { label: null, skippedCount: 0 }
    return this.#reverse('redo', step.step, step.label, this.database.lastUndoDiffs(step.step), jobs)
  }

  /** Throws UserError 'missing-shape'. */
  readShape(hash: ShapeHash): Uint8Array {
    const bytes = this.database.shape(hash)
    if (!bytes)
      throw new UserError(
        'missing-shape',
        `The project ${this.folders.project} has no shape ${hash}. Restore it from a backup.`,
      )
    return bytes
  }

  /** Throws UserError 'no-frame-table'. */
  frameTable(mediaId: MediaId): Float64Array {
    const times = this.database.frameTable(mediaId)
    if (!times)
      throw new UserError(
        'no-frame-table',
        `The frames of ${this.store.get(mediaId)?.name ?? mediaId} are not known yet. Wait until it has been read, or import it again.`,
      )
    return times
  }

  mediaSource(media: MediaRecord): MediaSource {
    return absoluteSource(this.folders.project, media.source)
  }

  recordPath(absolutePath: string): string {
    return recordPath(this.folders.project, absolutePath)
  }

  /** What another process that has the project has written since: applied and told. For a project opened read-only. */
  follow(): void {
    const version = this.database.dataVersion()
    if (version === this.#seenVersion) return
    this.#seenVersion = version
    for (const { seq, change } of this.database.changesAfter(this.#seenSeq)) {
      this.#seenSeq = seq
      this.#applied(change)
    }
  }

  /** Forgets every step that could be undone, and gives its space back to the disk. */
  compact(): void {
    this.#checkWritable()
    this.database.forgetHistory()
    this.#undoLog.clear()
  }

  close(): void {
    this.#file.close()
  }

  #reverse(
    action: 'undo' | 'redo',
    step: string,
    label: string,
    diffs: readonly Diff[],
    jobs: readonly JobRow[],
  ): UndoResult {
    const back = reversal(this.store, diffs)
    const settled = settledReversal(this.store, back.diff)
    // Written even when every record was skipped: the step is taken back all the same.
    this.#do({
      id: this.#options.newId('change'),
      step,
      action,
      label,
      source: 'user',
      diff: settled.diff,
      jobs,
      evenIfEmpty: true,
    })
    return { label, skippedCount: back.skipped.length + settled.skippedCount }
  }

  #do(doing: {
    id: string
    label: string
    source: ChangeSource
    diff: Diff
    step?: string
    action?: Change['action']
    shapes?: readonly NewShape[]
    frameTables?: readonly NewFrameTable[]
    jobs?: readonly JobRow[]
    evenIfEmpty?: boolean
  }): void {
    const {
      id,
      label,
      source,
      diff,
      step = id,
      action = 'do',
      shapes = [],
      frameTables = [],
      jobs = [],
    } = doing
    if (isEmptyDiff(diff) && !doing.evenIfEmpty) {
      this.database.write({ frameTables, jobs })
      return
    }
    const change: Change = { id, step, label, source, action, time: this.#options.now(), diff }
    this.database.write({ change, shapes, frameTables, jobs })
    this.#applied(change)
  }

  #applied(change: Change): void {
    this.store.apply(change.diff)
    this.#undoLog.add(change)
    this.#savedAt = change.time
    this.#options.onChange?.(change)
  }

  #checkWritable(): void {
    if (this.readOnly !== null) throw new UserError('read-only', this.readOnly)
  }

  /** The given shapes that the diff names; every shape it names must be given or known, and be what its hash says. */
  #neededShapes(diff: Diff, given: readonly NewShape[]): NewShape[] {
    const byHash = new Map(given.map((shape) => [shape.hash, shape]))
    const needed = new Map<ShapeHash, NewShape>()
    for (const record of writtenRecords(diff)) {
      if (record.kind !== 'mask') continue
      for (const hash of shapesOf(record)) {
        if (needed.has(hash)) continue
        const shape = byHash.get(hash)
        if (shape) needed.set(hash, this.#checkedShape(diff, record, shape))
        else if (!this.database.hasShape(hash))
          throw new UserError(
            'missing-shape',
            `The change was not kept, because the pixels of ${record.id} did not come with it. Do it again.`,
          )
      }
    }
    return [...needed.values()]
  }

  #checkedShape(diff: Diff, record: MaskRecord, shape: NewShape): NewShape {
    const media = this.#mediaOf(diff, record.objectId)
    if (media && shapeHash(shape.bytes, media.width, media.height) !== shape.hash)
      throw new UserError(
        'broken-change',
        `The change was not kept, because the pixels of ${record.id} arrived damaged. Do it again.`,
      )
    return shape
  }

  #mediaOf(diff: Diff, objectId: ObjectRecord['id']): MediaRecord | undefined {
    const after = (id: RecordId) => diff.added[id] ?? diff.updated[id]?.[1] ?? this.store.get(id)
    const object = after(objectId)
    const media = object?.kind === 'object' ? after(object.mediaId) : undefined
    return media?.kind === 'media' ? media : undefined
  }

  /** Media that stayed where they were when the project's folder moved are found by the folder's former place. */
  #followMove(): void {
    const folder = this.folders.project
    const previous = this.database.meta('folder')
    if (previous === folder) return
    if (previous !== null) {
      const moved = [...this.store.ofKind('media')].flatMap((media) => {
        const source = sourceLeftBehind(folder, resolve(previous), media.source)
        return source ? [[media.id, { ...media, source }] as const] : []
      })
      const diff = this.store.diffTo(moved)
      if (moved.length > 0)
        this.#do({
          id: this.#options.newId('change'),
          label: 'Follow the moved project',
          source: 'system',
          diff,
        })
    }
    this.database.setMeta('folder', folder)
  }
}
