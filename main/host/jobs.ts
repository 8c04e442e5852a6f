/**
 * The queue. A job is a row; its body says what it has made, and the queue commits that with the cursor in one
 * transaction. One heavy job at a time, light ones beside it. What was running when the program died is found
 * interrupted and may be resumed, under the same step of history; so is what lost the process of networks under it.
 */
import type { JobInfo, JobSpec, JobState } from '../core/api.ts'
import type { ChangeSource } from '../core/history.ts'
import { UserError } from '../core/user-error.ts'
import type { JobRow } from './database.ts'
import type { JobBodies, JobBody, JobContext, JobStep } from './job-context.ts'
import { jobLabel } from './job-label.ts'
import { type JobEnd, JobRun, type StopReason } from './job-run.ts'
import type { Project } from './project.ts'
import { takenOver } from './takeover.ts'

export interface JobQueueOptions {
  readonly project: Project
  readonly bodies: JobBodies
  readonly context: (jobId: string) => JobContext
  readonly now: () => number
  readonly newId: (word: string) => string
  readonly onJob: (job: JobInfo) => void
}

interface Job {
  info: JobInfo
  cursor: unknown
  run: JobRun | null
  /** A newer job does what is left of this one. */
  isTakenOver: boolean
  toldAt: number
  tellTimer: NodeJS.Timeout | null
}

const heavy: ReadonlySet<JobSpec['type']> = new Set(['propagate', 'proxy', 'export'])
/** At most ten progress events a second and job. */
const tellEveryMs = 100
const keptNoteCount = 200

/** Only what a person may want to take back is a step of history. */
const sources: Readonly<Record<JobSpec['type'], ChangeSource>> = {
  propagate: 'job',
  'import-media': 'import',
  'import-annotations': 'import',
  proxy: 'system',
  'frame-table': 'system',
  export: 'system',
}

export class JobQueue {
  readonly #options: JobQueueOptions
  readonly #jobs = new Map<string, Job>()
  #closed = false

  constructor(options: JobQueueOptions) {
    this.#options = options
    for (const { info, cursor } of options.project.database.jobs()) this.#know({ info, cursor })
    if (options.project.readOnly !== null) return
    const cutOff = [...this.#jobs.values()].filter(
      ({ info }) => info.state === 'running' || info.state === 'queued',
    )
    for (const job of cutOff) job.info = { ...job.info, state: 'interrupted', endedAt: options.now() }
    if (cutOff.length > 0) options.project.writeJobs(cutOff.map(rowOf))
  }

  list(): JobInfo[] {
    return [...this.#jobs.values()].map((job) => job.info)
  }

  get(id: string): JobInfo | undefined {
    return this.#jobs.get(id)?.info
  }

  /**
   * Puts a job into the queue; it may be running when this returns. A run after a correction takes over from the one after
   * the correction before: that one ends, keeps what it made, and its frames are added to the new one's.
   */
  start(asked: JobSpec): JobInfo {
    this.#checkAllowed(asked)
    const { spec, olds } = this.#takingOver(asked)
    const job = this.#know({ info: this.#newInfo(spec), cursor: null })
    try {
      this.#save(job)
    } catch (error) {
      this.#jobs.delete(job.info.id)
      throw error
    }
    for (const old of olds) {
      old.isTakenOver = true
      void this.#stop(old, 'cancelled')
    }
    this.#tell(job)
    this.#pump()
    return job.info
  }

  /** Goes on from the last cursor, under the same step. */
  resume(id: string): JobInfo {
    const job = this.#known(id)
    if (job.run || !['interrupted', 'cancelled', 'failed'].includes(job.info.state))
      throw new UserError('not-resumable', `“${job.info.label}” is ${job.info.state} and cannot be resumed.`)
    this.#checkAllowed(job.info.spec)
    this.#set(job, { state: 'queued', sentence: null, endedAt: null })
    this.#save(job)
    this.#tell(job)
    this.#pump()
    return job.info
  }

  /** What it has finished is kept. Resolves when the job no longer runs, after 2 seconds at most. */
  async cancel(id: string): Promise<void> {
    await this.#stop(this.#known(id), 'cancelled')
  }

  /** Takes a job that does not run off the list. */
  dismiss(id: string): void {
    const job = this.#known(id)
    if (job.run || job.info.state === 'queued')
      throw new UserError('job-running', `“${job.info.label}” is still ${job.info.state}. Cancel it first.`)
    if (this.#options.project.readOnly === null) this.#options.project.database.deleteJob(id)
    this.#jobs.delete(id)
  }

  /**
   * The row to write with the undo or redo of a step, where the step is a job's. A job that was taken back would begin
   * anew; one that was done again has nothing left to resume.
   */
  async rowsForTravel(step: string, action: 'undo' | 'redo'): Promise<JobRow[]> {
    const job = this.#jobs.get(step)
    if (!job) return []
    await this.#stop(job, 'cancelled')
    if (action === 'redo')
      return job.info.state === 'done' ? [] : [{ info: { ...job.info, state: 'done' }, cursor: null }]
    const info = {
      ...job.info,
      state: 'cancelled',
      done: 0,
      frameIndex: null,
      at: '',
      sentence: 'Undone.',
    } as const
    return [{ info, cursor: null }]
  }

  /** Takes over rows that were written with an undo or redo. */
  travelled(rows: readonly JobRow[]): void {
    for (const { info, cursor } of rows) {
      const job = this.#jobs.get(info.id)
      if (!job) continue
      job.info = info
      job.cursor = cursor
      this.#tell(job)
    }
  }

  /** Ends every run; each is offered for resuming at the next opening. */
  async close(): Promise<void> {
    this.#closed = true
    await Promise.all([...this.#jobs.values()].map((job) => this.#stop(job, 'interrupted')))
    for (const job of this.#jobs.values()) if (job.tellTimer) clearTimeout(job.tellTimer)
  }

  /** An export only reads, so it may be made of a project that cannot be changed. */
  #checkAllowed(spec: JobSpec): void {
    const { readOnly } = this.#options.project
    if (readOnly !== null && spec.type !== 'export') throw new UserError('read-only', readOnly)
  }

  #takingOver(asked: JobSpec): { readonly spec: JobSpec; readonly olds: readonly Job[] } {
    let spec = asked
    const olds: Job[] = []
    for (const job of this.#jobs.values()) {
      const isOpen = job.run !== null || job.info.state === 'queued'
      const joined = isOpen && !job.isTakenOver ? takenOver(spec, job.info.spec) : null
      if (!joined) continue
      spec = joined
      olds.push(job)
    }
    return { spec, olds }
  }

  async #stop(job: Job, reason: StopReason): Promise<void> {
    if (job.run) await job.run.stop(reason)
    else if (job.info.state === 'queued') this.#end(job, { state: reason })
  }

  #pump(): void {
    if (this.#closed) return
    let heavyRuns = [...this.#jobs.values()].some((job) => job.run && heavy.has(job.info.spec.type))
    for (const job of [...this.#jobs.values()]) {
      if (job.run || job.info.state !== 'queued') continue
      const isHeavy = heavy.has(job.info.spec.type)
      if (isHeavy && heavyRuns) continue
      heavyRuns ||= isHeavy
      this.#run(job)
    }
  }

  #run(job: Job): void {
    const { bodies, context, now } = this.#options
    this.#set(job, { state: 'running', startedAt: job.info.startedAt ?? now(), endedAt: null })
    const { id, spec } = job.info
    // The table of bodies is indexed by the spec's own type, which TypeScript cannot see through the union.
    const body = bodies[spec.type] as JobBody<JobSpec>
    const run = new JobRun(
      (signal) => body(context(id), spec, job.cursor, signal),
      (step) => this.#take(job, step),
    )
    job.run = run
    this.#trySave(job)
    this.#tell(job)
    void run.ended.then((end) => {
      job.run = null
      this.#end(job, end)
      this.#pump()
    })
  }

  #take(job: Job, step: JobStep): void {
    const { done, total, at, frameIndex, msPerFrame, note, cuts = [], change, cursor, follow = [] } = step
    const notes =
      note && !job.info.notes.includes(note)
        ? [...job.info.notes, note].slice(-keptNoteCount)
        : job.info.notes
    const info: JobInfo = {
      ...job.info,
      done,
      total,
      notes,
      ...withCuts(job.info, cuts),
      ...(step.network === undefined ? {} : { network: step.network }),
      ...(step.ranOn === undefined ? {} : { ranOn: step.ranOn }),
      at: at ?? job.info.at,
      frameIndex: frameIndex ?? job.info.frameIndex,
      msPerFrame: msPerFrame ?? job.info.msPerFrame,
    }
    const row: JobRow = { info, cursor: cursor === undefined ? job.cursor : cursor }
    const followers = follow.map((spec): JobRow => ({ info: this.#newInfo(spec), cursor: null }))
    if (change) this.#options.project.commitJob(sources[info.spec.type], change, [row, ...followers])
    else if ((cursor !== undefined || note || followers.length > 0) && this.#isKept())
      this.#options.project.writeJobs([row, ...followers])
    job.info = row.info
    job.cursor = row.cursor
    for (const follower of followers) this.#tell(this.#know(follower))
    this.#tellSoon(job)
    if (followers.length > 0) this.#pump()
  }

  #end(job: Job, ended: JobEnd): void {
    const end: JobEnd =
      job.isTakenOver && ended.state === 'cancelled'
        ? { state: 'done', result: { sentence: 'A newer correction took over what was left of it.' } }
        : ended
    const sentence =
      end.state === 'done' ? (end.result.sentence ?? null) : 'sentence' in end ? end.sentence : null
    const report = end.state === 'done' ? (end.result.report ?? null) : null
    this.#set(job, { state: end.state, endedAt: this.#options.now(), sentence, report })
    if (end.state === 'done') job.cursor = null
    this.#trySave(job)
    this.#tell(job)
  }

  #newInfo(spec: JobSpec): JobInfo {
    const { project, newId } = this.#options
    const state: JobState = 'queued'
    const label = jobLabel(project.store, spec)
    const nothingYet = {
      frameIndex: null,
      msPerFrame: null,
      startedAt: null,
      endedAt: null,
      sentence: null,
      report: null,
    }
    return { id: newId('job'), spec, label, state, done: 0, total: 0, at: '', notes: [], ...nothingYet }
  }

  #know({ info, cursor }: JobRow): Job {
    const job: Job = { info, cursor, run: null, isTakenOver: false, toldAt: 0, tellTimer: null }
    this.#jobs.set(info.id, job)
    return job
  }

  #known(id: string): Job {
    const job = this.#jobs.get(id)
    if (!job) throw new UserError('no-job', `There is no job ${id}: it was taken off the list.`)
    return job
  }

  #set(job: Job, patch: Partial<JobInfo>): void {
    job.info = { ...job.info, ...patch }
  }

  /** Whether rows can be kept: in a project opened read-only jobs live in memory only. */
  #isKept(): boolean {
    return this.#options.project.readOnly === null
  }

  #save(job: Job): void {
    if (this.#isKept()) this.#options.project.writeJobs([rowOf(job)])
  }

  /** For states that are true whether or not the disk took them: a full disk ends the job by its own sentence. */
  #trySave(job: Job): void {
    try {
      this.#save(job)
    } catch (error) {
      this.#set(job, { notes: [...job.info.notes, error instanceof Error ? error.message : String(error)] })
    }
  }

  #tell(job: Job): void {
    if (job.tellTimer) clearTimeout(job.tellTimer)
    job.tellTimer = null
    job.toldAt = performance.now()
    this.#options.onJob(job.info)
  }

  #tellSoon(job: Job): void {
    if (job.tellTimer) return
    const waitMs = job.toldAt + tellEveryMs - performance.now()
    if (waitMs <= 0) this.#tell(job)
    else job.tellTimer = setTimeout(() => this.#tell(job), waitMs)
  }
}

function rowOf({ info, cursor }: Job): JobRow {
  return { info, cursor }
}

/** The cuts with new ones among them, ascending; nothing where there are none yet. */
function withCuts(info: JobInfo, found: readonly number[]): Pick<JobInfo, 'cuts'> {
  const known = info.cuts ?? []
  const fresh = found.filter((frame) => !known.includes(frame))
  if (fresh.length === 0) return {}
  return { cuts: [...known, ...new Set(fresh)].sort((a, b) => a - b) }
}
