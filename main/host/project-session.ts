/** An open project with everything that works on it: its jobs, its decoders, what is true of its media. */

import { rm } from 'node:fs/promises'
import type {
  HostEvent,
  JobInfo,
  MediaStatus,
  NewChange,
  PathRef,
  Settings,
  Snapshot,
  UndoResult,
} from '../core/api.ts'
import { type Diff, diffIds, emptyDiff } from '../core/diff.ts'
import type { Change } from '../core/history.ts'
import type { MediaId, MediaRecord } from '../core/records.ts'
import { UserError } from '../core/user-error.ts'
import type { Inference } from './inference/inference.ts'
import type { JobBodies, JobContext, ProjectContext } from './job-context.ts'
import { openMediaFrames } from './jobs/media-frames.ts'
import { JobQueue } from './jobs.ts'
import { MediaPictures } from './media-pictures.ts'
import { type MediaUrls, mediaStatus, proxyPath } from './media-status.ts'
import type { ChosenPacks } from './models/chosen-packs.ts'
import type { Project } from './project.ts'
import { relinkedMedia } from './relinked-media.ts'
import { Segmenter } from './segment/segmenter.ts'
import { checkViewChange } from './view-change.ts'

export interface SessionOptions {
  readonly bodies: JobBodies
  readonly urls: MediaUrls
  readonly now: () => number
  readonly newId: (word: string) => string
  readonly settings: () => Settings
  readonly inference: Inference
  readonly packs: ChosenPacks
  readonly resolvePath: (ref: PathRef) => string
  readonly send: (event: HostEvent) => void
}

const followEveryMs = 500

export class ProjectSession {
  readonly project: Project
  readonly context: ProjectContext
  readonly jobs: JobQueue
  readonly pictures: MediaPictures
  readonly segments: Segmenter
  readonly #options: SessionOptions
  readonly #statuses = new Map<MediaId, MediaStatus>()
  readonly #unlisten: () => void
  readonly #following: NodeJS.Timeout | null
  /** Another file that was refused once for a media; offered again, it is taken. */
  readonly #refusedPaths = new Map<MediaId, string>()
  #closed = false

  constructor(project: Project, options: SessionOptions) {
    this.project = project
    this.#options = options
    this.context = projectContext(project, options)
    this.pictures = new MediaPictures((media) => openMediaFrames(this.context, media))
    this.segments = new Segmenter(this.context, (media, frameIndex) =>
      this.pictures.pixels(media, frameIndex),
    )
    const { bodies, now, newId } = options
    const context = (jobId: string): JobContext => ({ ...this.context, jobId })
    this.jobs = new JobQueue({ project, bodies, context, now, newId, onJob: (job) => this.#heardOf(job) })
    this.#unlisten = project.store.listen((diff) => this.#mediaChanged(diff))
    this.#following =
      project.readOnly === null ? null : setInterval(() => this.#follow(), followEveryMs).unref()
  }

  /** What goes out when a change is on disk. */
  changed(change: Change): void {
    const { project } = this
    this.#options.send({ type: 'changed', change, history: project.history(), savedAt: project.savedAt })
  }

  async snapshot(): Promise<Snapshot> {
    await this.#learnStatuses()
    const { project, jobs } = this
    // Read in one go, after the last wait: a snapshot is of one moment.
    const media = [...this.#statuses.values()]
    return {
      project: project.info(),
      records: [...project.store.all()],
      history: project.history(),
      jobs: jobs.list(),
      media,
    }
  }

  commit(change: NewChange): { readonly savedAt: number } {
    checkViewChange(this.project.store, change.diff)
    this.project.commit(change)
    return { savedAt: this.project.savedAt }
  }

  /** Taking back what a job is doing ends the job first. */
  async travel(action: 'undo' | 'redo'): Promise<UndoResult> {
    const next = () => (action === 'undo' ? this.project.nextUndo() : this.project.nextRedo())
    for (;;) {
      const step = next()
      const rows = step === null ? [] : await this.jobs.rowsForTravel(step, action)
      if (next() !== step) continue
      const result = this.project[action](rows)
      this.jobs.travelled(rows)
      return result
    }
  }

  /** Looks at every media file again and tells what differs. */
  async checkMedia(): Promise<readonly MediaStatus[]> {
    for (const media of this.project.store.ofKind('media')) await this.#learnStatus(media)
    return [...this.#statuses.values()]
  }

  /**
   * Takes the media from another place. Another file than the imported one is refused with 'media-differs' and a sentence
   * that says how; asked for again with the same path, it is taken, and its frames are read anew.
   */
  async relink(mediaId: MediaId, path: string): Promise<MediaStatus> {
    const media = this.media(mediaId)
    const force = this.#refusedPaths.get(mediaId) === path
    const relinked = await relinkedMedia(this.context, media, path, force).catch((error: unknown) => {
      if (error instanceof UserError && error.code === 'media-differs') this.#refusedPaths.set(mediaId, path)
      throw error
    })
    this.#refusedPaths.delete(mediaId)
    await this.#forgetPictures(mediaId)
    const diff = this.project.store.diffTo([[mediaId, relinked.media]])
    const id = this.#options.newId('change')
    this.project.commit(
      { id, label: `Find ${media.name}`, diff: { ...emptyDiff, ...diff }, shapes: [] },
      'system',
    )
    if (relinked.isOther) {
      await rm(proxyPath(this.context.folders, mediaId), { force: true })
      this.jobs.start({ type: 'frame-table', mediaId })
    }
    return this.#learnStatus(this.media(mediaId))
  }

  media(mediaId: MediaId): MediaRecord {
    const media = this.project.store.get(mediaId)
    if (!media) throw new UserError('no-media', `The project has no media ${mediaId}: it was deleted.`)
    return media
  }

  status(mediaId: MediaId): Promise<MediaStatus> {
    const known = this.#statuses.get(mediaId)
    return known ? Promise.resolve(known) : this.#learnStatus(this.media(mediaId))
  }

  /** Ends the jobs and lets another process have the project. */
  async close(): Promise<void> {
    this.#closed = true
    if (this.#following) clearInterval(this.#following)
    await this.jobs.close()
    this.#unlisten()
    await this.pictures.close()
    this.project.close()
  }

  #heardOf(job: JobInfo): void {
    this.#options.send({ type: 'job', job })
    const { spec, state } = job
    if (spec.type !== 'proxy' || this.#closed || state === 'running') return
    const media = this.project.store.get(spec.mediaId)
    if (!media) return
    void this.#forgetPictures(media.id)
    this.#learnLater(media)
  }

  #forgetPictures(mediaId: MediaId): Promise<void> {
    this.segments.forget(mediaId)
    return this.pictures.forget(mediaId)
  }

  #mediaChanged(diff: Diff): void {
    for (const id of diffIds(diff)) {
      const mediaId = id as MediaId
      const media = this.project.store.get(mediaId)
      if (media?.kind === 'media') {
        void this.#forgetPictures(mediaId)
        this.#learnLater(media)
      } else this.#statuses.delete(mediaId)
    }
  }

  #learnLater(media: MediaRecord): void {
    this.#learnStatus(media).catch((error: unknown) => this.#trouble(error))
  }

  async #learnStatuses(): Promise<void> {
    for (const media of this.project.store.ofKind('media'))
      if (!this.#statuses.has(media.id)) await this.#learnStatus(media)
  }

  async #learnStatus(media: MediaRecord): Promise<MediaStatus> {
    const wantsProxy = this.jobs
      .list()
      .some(({ spec, state }) => spec.type === 'proxy' && spec.mediaId === media.id && state !== 'done')
    const status = await mediaStatus(this.context, media, this.#options.urls, wantsProxy)
    if (!this.project.store.has(media.id) || this.#closed) return status
    const before = this.#statuses.get(media.id)
    this.#statuses.set(media.id, status)
    if (JSON.stringify(before) !== JSON.stringify(status))
      this.#options.send({ type: 'media', media: status })
    return status
  }

  #follow(): void {
    try {
      this.project.follow()
    } catch (error) {
      this.#trouble(error)
    }
  }

  #trouble(error: unknown): void {
    if (!this.#closed)
      this.#options.send({
        type: 'trouble',
        sentence: error instanceof Error ? error.message : String(error),
      })
  }
}

function projectContext(
  project: Project,
  { settings, inference, packs, resolvePath, now, newId }: SessionOptions,
): ProjectContext {
  return {
    store: project.store,
    folders: project.folders,
    readShape: (hash) => project.readShape(hash),
    mediaSource: (media) => project.mediaSource(media),
    frameTable: (mediaId) => project.frameTable(mediaId),
    recordPath: (path) => project.recordPath(path),
    resolvePath,
    settings,
    inference,
    packs,
    now,
    newId,
  }
}
