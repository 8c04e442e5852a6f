/**
 * Keeps the view's store in step with the host's. A change of the view's own shows at once and is sent; until the host
 * has it on disk it is pending. The store is always the host's state (`base`, as far as pending changes hide it) with
 * the pending changes on top, so a refusal or a foreign change never leaves anything half done.
 */
import type { HostApi, HostEvent, JobInfo, NewChange, ProjectInfo, Snapshot } from '../../main/core/api.ts'
import { type Diff, diffIds, diffResult, isEmptyDiff, sameRecord } from '../../main/core/diff.ts'
import { type Change, type History, historyAfter, touchedIds } from '../../main/core/history.ts'
import type { AnyRecord, RecordId } from '../../main/core/records.ts'
import type { Store } from '../../main/core/store.ts'
import type { EditorState } from './editor-state.ts'
import type { Shapes, StoredShape } from './shapes.ts'

/** What a session needs of the editor around it. */
export interface SessionOwner {
  readonly store: Store
  readonly shapes: Shapes
  state(): EditorState
  set(patch: Partial<EditorState>): void
  say(text: string, tone: 'info' | 'refused' | 'failed'): void
  /** A change of the host's is in the store. */
  changed(change: Change): void
  /** A snapshot was taken: another project, or the same one again. */
  snapshotTaken(snapshot: Snapshot | null): void
}

interface Pending {
  readonly change: NewChange
  readonly shapes: readonly StoredShape[]
}

/** Milliseconds to wait before asking for a connection again, the last one for ever. */
const reconnectDelaysMs = [200, 500, 1000, 2000, 5000]

export class Session {
  readonly #owner: SessionOwner
  readonly #reconnect: (() => Promise<HostApi>) | null
  readonly #pending = new Map<string, Pending>()
  /** What the host last said of the records that pending changes touch; undefined: no such record. */
  readonly #base = new Map<string, AnyRecord | undefined>()
  readonly #stop = new AbortController()
  #host: HostApi
  #sent: Promise<unknown> = Promise.resolve()

  constructor(owner: SessionOwner, host: HostApi, reconnect: (() => Promise<HostApi>) | null) {
    this.#owner = owner
    this.#host = host
    this.#reconnect = reconnect
  }

  get host(): HostApi {
    return this.#host
  }

  get pendingCount(): number {
    return this.#pending.size
  }

  /** Connects, takes the snapshot and follows the host until `close`. Resolves when the first snapshot is in. */
  async open(): Promise<void> {
    const opened = Promise.withResolvers<void>()
    void this.#follow(opened.resolve, opened.reject)
    await opened.promise
  }

  close(): void {
    this.#stop.abort()
  }

  /** Takes the state of the whole project anew. */
  async refresh(): Promise<void> {
    await this.settled()
    this.#take(await this.#host.snapshot())
  }

  /** Sends a change that the store already shows. `shapes` are those the host may not have. */
  commit(change: NewChange): Promise<boolean> {
    this.#pending.set(change.id, { change, shapes: change.shapes })
    this.#owner.shapes.hold(change.shapes)
    for (const id of diffIds(change.diff)) {
      if (this.#base.has(id)) continue
      this.#base.set(id, change.diff.updated[id]?.[0] ?? change.diff.removed[id])
    }
    this.#owner.set({ history: this.#withPendingSteps(this.#owner.state().history) })
    this.#tellPending()
    return this.#send(change)
  }

  /** Resolves when every change made so far is on disk or refused. */
  async settled(): Promise<void> {
    while (this.#pending.size > 0 && this.#owner.state().connection === 'connected') await this.#sent
  }

  async undo(): Promise<void> {
    await this.#travel('undo')
  }

  async redo(): Promise<void> {
    await this.#travel('redo')
  }

  async #travel(direction: 'undo' | 'redo'): Promise<void> {
    await this.settled()
    const result = await this.#host[direction]()
    const word = direction === 'undo' ? 'Undid' : 'Redid'
    if (result.label === null)
      this.#owner.say(direction === 'undo' ? 'Nothing to undo.' : 'Nothing to redo.', 'info')
    else if (result.skippedCount === 0) this.#owner.say(`${word}: ${result.label}.`, 'info')
    else
      this.#owner.say(
        `${word}: ${result.label}. ${result.skippedCount.toLocaleString('en-US')} records were left as they are, because they have changed since.`,
        'info',
      )
  }

  async #follow(opened: () => void, failed: (error: unknown) => void): Promise<void> {
    for (let attempt = 0; !this.#stop.signal.aborted; attempt++) {
      try {
        const events = this.#host.events(this.#stop.signal)[Symbol.asyncIterator]()
        // Asked for before the snapshot is, so that nothing falls between the two.
        let next = events.next()
        next.catch(() => {})
        const [hostInfo, settings, inference, models, snapshot] = await Promise.all([
          this.#host.info(),
          this.#host.settings(),
          this.#host.inference(),
          this.#host.models(),
          this.#host.snapshot(),
        ])
        this.#owner.set({ connection: 'connected', hostInfo, settings, inference, models })
        this.#take(snapshot)
        opened()
        attempt = 0
        for (let item = await next; !item.done; item = await next) {
          next = events.next()
          next.catch(() => {})
          await this.#apply(item.value)
        }
        if (this.#stop.signal.aborted) return
      } catch (error) {
        if (this.#stop.signal.aborted) return
        if (!this.#reconnect) {
          this.#owner.set({ connection: 'lost' })
          this.#owner.say(sentenceOf(error), 'failed')
          failed(error)
          return
        }
      }
      await this.#regain(attempt)
    }
  }

  async #regain(attempt: number): Promise<void> {
    this.#owner.set({ connection: 'lost' })
    if (!this.#reconnect) {
      this.#stop.abort()
      return
    }
    const delayMs = reconnectDelaysMs[Math.min(attempt, reconnectDelaysMs.length - 1)]!
    await new Promise((resolve) => setTimeout(resolve, delayMs))
    if (this.#stop.signal.aborted) return
    this.#owner.set({ connection: 'connecting' })
    try {
      this.#host = await this.#reconnect()
    } catch {
      this.#owner.set({ connection: 'lost' })
    }
  }

  /** The snapshot becomes the state; changes the host has not got are put on top and sent again. */
  #take(snapshot: Snapshot | null): void {
    const { store } = this.#owner
    const records = new Map<string, AnyRecord>(snapshot?.records.map((record) => [record.id, record]))
    const sameProject = snapshot !== null && snapshot.project.folder === this.#owner.state().project?.folder
    const unsent = sameProject
      ? [...this.#pending.values()].filter(({ change }) => !isIn(records, change.diff))
      : []
    for (const item of this.#pending.values()) this.#owner.shapes.release(item.shapes)
    this.#pending.clear()
    this.#base.clear()
    if (!sameProject) this.#owner.shapes.reset()

    const wanted: [RecordId, AnyRecord | undefined][] = []
    for (const record of store.all()) if (!records.has(record.id)) wanted.push([record.id, undefined])
    for (const record of records.values()) {
      const known = store.get(record.id)
      wanted.push([record.id, known && sameRecord(known, record) ? known : record])
    }
    store.apply(store.diffTo(wanted))
    this.#owner.set({
      project: snapshot?.project ?? null,
      savedAt: snapshot?.project.savedAt ?? null,
      history: snapshot?.history ?? { undo: [], redo: [] },
      jobs: snapshot?.jobs ?? [],
      mediaStatus: Object.fromEntries(snapshot?.media.map((media) => [media.mediaId, media]) ?? []),
    })
    this.#tellPending()
    this.#owner.snapshotTaken(snapshot)
    for (const { change } of unsent) {
      store.apply(
        store.diffTo([...diffIds(change.diff)].map((id) => [id, diffResult(change.diff, id)] as const)),
      )
      void this.commit(change)
    }
  }

  async #apply(event: HostEvent): Promise<void> {
    switch (event.type) {
      case 'changed':
        this.#applyChange(event.change)
        this.#owner.changed(event.change)
        this.#owner.set({ history: this.#withPendingSteps(event.history), savedAt: event.savedAt })
        return
      case 'job':
        this.#owner.set({ jobs: withJob(this.#owner.state().jobs, event.job) })
        return
      case 'media': {
        const { mediaStatus } = this.#owner.state()
        this.#owner.set({ mediaStatus: { ...mediaStatus, [event.media.mediaId]: event.media } })
        return
      }
      case 'project':
        if (!isSameProject(event.project, this.#owner.state().project))
          this.#take(await this.#host.snapshot())
        else if (event.project) this.#owner.set({ project: event.project, savedAt: event.project.savedAt })
        return
      case 'inference':
        this.#owner.set({ inference: event.status })
        return
      case 'models':
        this.#owner.set({ models: event.models })
        return
      case 'trouble':
        this.#owner.say(event.sentence, 'failed')
        return
    }
  }

  /**
   * A change as the host wrote it, which may differ from what was sent: it starts from what was there and takes along
   * what hangs on it.
   */
  #applyChange(change: Change): void {
    const own = this.#pending.get(change.id)
    if (own) this.#settle(own)
    const still = this.#pendingIds()
    const { store } = this.#owner
    const wanted: [RecordId, AnyRecord | undefined][] = []
    for (const id of diffIds(change.diff)) {
      const record = diffResult(change.diff, id)
      if (still.has(id)) this.#base.set(id, record)
      else if (!sameRecord(store.get(id), record)) wanted.push([id, record])
    }
    store.apply(store.diffTo(wanted))
  }

  async #send(change: NewChange): Promise<boolean> {
    const answered = this.#host.commit(change)
    this.#sent = Promise.allSettled([this.#sent, answered])
    try {
      const { savedAt } = await answered
      this.#acknowledge(change.id)
      this.#owner.set({ savedAt: Math.max(savedAt, this.#owner.state().savedAt ?? 0) })
      return true
    } catch (error) {
      // A lost connection says nothing about the change: it is looked for in the next snapshot.
      if (isDisconnected(error)) return false
      this.#takeBack(change.id)
      this.#owner.say(sentenceOf(error), 'failed')
      return false
    }
  }

  /** By the answer or by the event, whichever comes first. */
  #acknowledge(changeId: string): void {
    const item = this.#pending.get(changeId)
    if (item) this.#settle(item)
  }

  /** The change is on disk: what it left is the host's state now, unless the host says otherwise. */
  #settle(item: Pending): void {
    this.#pending.delete(item.change.id)
    this.#owner.shapes.release(item.shapes)
    for (const id of diffIds(item.change.diff)) this.#base.set(id, diffResult(item.change.diff, id))
    this.#forgetBase(item.change.diff)
    this.#tellPending()
  }

  #takeBack(changeId: string): void {
    const item = this.#pending.get(changeId)
    if (!item) return
    this.#pending.delete(changeId)
    this.#owner.shapes.release(item.shapes)
    const wanted = [...diffIds(item.change.diff)].map((id) => [id, this.#shownRecord(id)] as const)
    this.#owner.store.apply(this.#owner.store.diffTo(wanted))
    const { history } = this.#owner.state()
    this.#owner.set({ history: { ...history, undo: history.undo.filter(({ step }) => step !== changeId) } })
    this.#forgetBase(item.change.diff)
    this.#tellPending()
  }

  /** What can be undone once the changes under way are on disk: a person need not wait for that. */
  #withPendingSteps(history: History): History {
    let result = history
    for (const { change } of this.#pending.values())
      result = historyAfter(result, { step: change.id, label: change.label, source: 'user', action: 'do' })
    return result
  }

  /** What the record is with the host's state below and the pending changes on top. */
  #shownRecord(id: RecordId): AnyRecord | undefined {
    let record = this.#base.get(id)
    for (const { change } of this.#pending.values())
      if (touches(change.diff, id)) record = diffResult(change.diff, id)
    return record
  }

  #forgetBase(diff: Diff): void {
    const still = this.#pendingIds()
    for (const id of diffIds(diff)) if (!still.has(id)) this.#base.delete(id)
  }

  #pendingIds(): Set<string> {
    return touchedIds([...this.#pending.values()].map(({ change }) => change.diff))
  }

  #tellPending(): void {
    if (this.#owner.state().pendingCount !== this.#pending.size)
      this.#owner.set({ pendingCount: this.#pending.size })
  }
}

function touches(diff: Diff, id: string): boolean {
  return id in diff.added || id in diff.updated || id in diff.removed
}

/** Whether every record the change touches is as the change leaves it. */
function isIn(records: ReadonlyMap<string, AnyRecord>, diff: Diff): boolean {
  if (isEmptyDiff(diff)) return true
  for (const id of diffIds(diff)) if (!sameRecord(records.get(id), diffResult(diff, id))) return false
  return true
}

function withJob(jobs: readonly JobInfo[], job: JobInfo): JobInfo[] {
  return jobs.some((known) => known.id === job.id)
    ? jobs.map((known) => (known.id === job.id ? job : known))
    : [...jobs, job]
}

function isSameProject(a: ProjectInfo | null, b: ProjectInfo | null): boolean {
  return a?.folder === b?.folder && a?.readOnly === b?.readOnly
}

function isDisconnected(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'disconnected'
}

export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
