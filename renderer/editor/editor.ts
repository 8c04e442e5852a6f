/**
 * The view's table of contents: what a person sees and does, without React and without a DOM. Everything hangs here:
 * the records (`store`), what is shown (`state`), the tools, the actions, the session with the host.
 */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { HostApi, ShellApi, Snapshot } from '../../main/core/api.ts'
import type { Change } from '../../main/core/history.ts'
import type { RgbaImage } from '../../main/core/mask/regions.ts'
import type { MediaId, MediaRecord, ObjectId, ObjectRecord } from '../../main/core/records.ts'
import { Store } from '../../main/core/store.ts'
import { TrackIndex } from '../../main/core/track/track.ts'
import { isUserError } from '../../main/core/user-error.ts'
import type { Action, Availability } from './action.ts'
import { actionById, actions } from './actions.ts'
import { Corrections } from './corrections.ts'
import { Edit } from './edit.ts'
import { type Dialog, type EditorState, initialState, type Look, type ToolOptions } from './editor-state.ts'
import { FrameTimes } from './frame-times.ts'
import { Keyboard } from './keyboard.ts'
import { Keymap, type Platform } from './keymap.ts'
import { PackDesk } from './pack-desk.ts'
import { Playback } from './playback.ts'
import { RunFrames } from './run-frames.ts'
import { Session, sentenceOf } from './session.ts'
import { Shapes } from './shapes.ts'
import { Toolbox } from './toolbox.ts'
import { fittedView } from './view-transform.ts'

/** What the editor takes from the world it runs in; tests give their own. */
export interface EditorOptions {
  readonly shell?: ShellApi | null
  readonly platform?: Platform
  /** Called when the connection is lost; the new host takes the old one's place. */
  readonly reconnect?: () => Promise<HostApi>
  /** Milliseconds, ever growing. */
  readonly now?: () => number
  /** Calls back before the next picture is shown, with the time of `now`. Returns what takes it back. */
  readonly nextTick?: (callback: (nowMs: number) => void) => () => void
  readonly newId?: () => string
  /** Milliseconds without a further correction after which its neighbours are propagated again. */
  readonly correctionDelayMs?: number
}

/** Pixels of the frame on screen, for tools that look at the picture. Set by the canvas. */
export type PicturePixels = (frameIndex: number) => RgbaImage | null

interface ObjectList {
  readonly mediaId: MediaId | null
  readonly revision: number
  readonly nearestFirst: readonly ObjectRecord[]
}

export class Editor {
  readonly store = new Store()
  readonly tracks = new TrackIndex(this.store)
  readonly state: StoreApi<EditorState> = createStore<EditorState>()(() => initialState)
  readonly shapes: Shapes
  readonly session: Session
  readonly toolbox: Toolbox
  readonly keyboard: Keyboard
  readonly playback: Playback
  readonly runFrames = new RunFrames()
  readonly corrections: Corrections
  readonly packs: PackDesk
  readonly shell: ShellApi | null
  readonly platform: Platform
  readonly newId: () => string
  readonly actions: readonly Action[] = actions
  picturePixels: PicturePixels = () => null
  readonly #frameTimes: FrameTimes
  readonly #redraws = new Set<() => void>()
  #keymap: Keymap | null = null
  #objects: ObjectList = { mediaId: null, revision: -1, nearestFirst: [] }

  constructor(host: HostApi, options: EditorOptions = {}) {
    this.shell = options.shell ?? null
    this.platform = options.platform ?? 'other'
    this.newId = options.newId ?? (() => crypto.randomUUID())
    this.shapes = new Shapes((hashes) => this.host.shapes(hashes))
    this.session = new Session(this.#sessionOwner(), host, options.reconnect ?? null)
    this.toolbox = new Toolbox(this)
    this.keyboard = new Keyboard(this)
    this.playback = new Playback(
      this,
      options.now ?? (() => performance.now()),
      options.nextTick ?? nextTimerTick,
    )
    this.corrections = new Corrections(this, options.correctionDelayMs)
    this.packs = new PackDesk(this)
    this.#frameTimes = new FrameTimes(this)
    this.store.listen(() => {
      this.set({ revision: this.now.revision + 1 })
      this.#dropGone()
      this.#frameTimes.follow()
    })
  }

  /** The host at the other end, which changes when a lost connection is regained. */
  get host(): HostApi {
    return this.session.host
  }

  /** The state at this moment. */
  get now(): EditorState {
    return this.state.getState()
  }

  set(patch: Partial<EditorState>): void {
    this.state.setState(patch)
  }

  get readOnly(): string | null {
    return this.now.project?.readOnly ?? null
  }

  get media(): MediaRecord | null {
    const { mediaId } = this.now
    return (mediaId && (this.store.get(mediaId) as MediaRecord | undefined)) ?? null
  }

  /** Objects of the shown media, nearest first; the same list until records change. */
  get objects(): readonly ObjectRecord[] {
    const { mediaId, revision } = this.now
    if (this.#objects.mediaId !== mediaId || this.#objects.revision !== revision) {
      const own = [...this.store.ofKind('object')].filter((object) => object.mediaId === mediaId)
      this.#objects = { mediaId, revision, nearestFirst: own.sort((a, b) => b.order - a.order) }
    }
    return this.#objects.nearestFirst
  }

  get selectedObjects(): ObjectRecord[] {
    return this.now.selectedObjectIds
      .map((id) => this.store.get(id) as ObjectRecord | undefined)
      .filter((o) => o !== undefined)
  }

  get keymap(): Keymap {
    const { settings } = this.now
    if (!this.#keymap?.isFor(settings)) this.#keymap = new Keymap(actions, settings, this.platform)
    return this.#keymap
  }

  action(id: string): Action {
    const found = actionById.get(id)
    if (!found) throw new Error(`There is no action "${id}".`)
    return found
  }

  /** Whether the action would run now; else the sentence that says why not. */
  can(id: string): Availability {
    return this.action(id).when(this)
  }

  /** Runs an action, or says why it cannot run. Never throws: what goes wrong is said in the sentence line. */
  async run(id: string, args: object = {}): Promise<boolean> {
    const wanted = this.action(id)
    const available = wanted.when(this)
    if (available !== true) {
      this.say(available, 'refused')
      return false
    }
    try {
      await wanted.run(this, args)
      return true
    } catch (error) {
      this.say(sentenceOf(error), isUserError(error) ? 'refused' : 'failed')
      return false
    }
  }

  /**
   * One change, one undo step: what `build` does shows at once and is sent. Returns false, and says why, when the
   * project cannot be changed; an error in `build` leaves nothing behind and is thrown on.
   */
  edit(label: string, build: (edit: Edit) => void): boolean {
    const refusal = this.readOnly ?? (this.now.connection === 'connected' ? null : offline)
    if (refusal) {
      this.say(refusal, 'refused')
      return false
    }
    const edit = new Edit(this.store, this.shapes)
    try {
      build(edit)
    } catch (error) {
      edit.bail()
      throw error
    }
    const change = edit.change(this.newId(), label)
    if (change) void this.session.commit(change)
    return true
  }

  say(text: string, tone: 'info' | 'refused' | 'failed' = 'info'): void {
    this.set({ sentence: { text, tone, number: (this.now.sentence?.number ?? 0) + 1 } })
  }

  showMedia(mediaId: MediaId | null, frameIndex = 0): void {
    if (mediaId === this.now.mediaId) {
      this.showFrame(frameIndex)
      return
    }
    this.playback.stop()
    this.toolbox.cancel()
    this.set({
      mediaId,
      frameIndex: 0,
      shownFrameIndex: null,
      frameTimesUs: null,
      range: null,
      selectedObjectIds: [],
      hoverObjectId: null,
    })
    if (this.media) this.set({ view: fittedView(this.now.view, this.media) })
    this.#frameTimes.follow()
    this.showFrame(frameIndex)
  }

  /** Goes to a frame, or to the nearest there is. What a tool has under way on the old frame is completed first. */
  showFrame(frameIndex: number): void {
    const last = Math.max(0, (this.media?.frameCount ?? 1) - 1)
    const wanted = Math.min(Math.max(0, Math.round(frameIndex)), last)
    if (wanted === this.now.frameIndex) return
    this.toolbox.complete()
    this.set({ frameIndex: wanted })
  }

  select(objectIds: readonly ObjectId[]): void {
    const known = objectIds.filter((id) => this.store.has(id))
    const { selectedObjectIds } = this.now
    if (known.length === selectedObjectIds.length && known.every((id, i) => id === selectedObjectIds[i]))
      return
    this.toolbox.complete()
    this.set({ selectedObjectIds: known })
  }

  setToolOptions(patch: Partial<ToolOptions>): void {
    this.set({ toolOptions: { ...this.now.toolOptions, ...patch } })
    this.redraw()
  }

  setLook(patch: Partial<Look>): void {
    this.set({ look: { ...this.now.look, ...patch } })
  }

  openDialog(dialog: Dialog): void {
    this.playback.stop()
    this.set({ dialog })
  }

  closeDialog(): void {
    this.set({ dialog: null })
  }

  /** Calls back when something outside `state` and `store` wants to be drawn again: a stroke under way, a new shape. */
  onRedraw(listener: () => void): () => void {
    this.#redraws.add(listener)
    return () => this.#redraws.delete(listener)
  }

  redraw(): void {
    for (const listener of [...this.#redraws]) listener()
  }

  async open(): Promise<void> {
    this.shapes.listen(() => this.redraw())
    await this.session.open()
  }

  close(): void {
    this.playback.stop()
    this.corrections.close()
    this.session.close()
  }

  /** Chosen things that are no more are no longer chosen. */
  #dropGone(): void {
    const { selectedObjectIds, hoverObjectId, mediaId } = this.now
    if (selectedObjectIds.some((id) => !this.store.has(id)))
      this.set({ selectedObjectIds: selectedObjectIds.filter((id) => this.store.has(id)) })
    if (hoverObjectId && !this.store.has(hoverObjectId)) this.set({ hoverObjectId: null })
    if (mediaId && !this.store.has(mediaId)) this.showMedia(this.#firstMedia())
    else if (!mediaId && this.#firstMedia()) this.showMedia(this.#firstMedia())
  }

  #firstMedia(): MediaId | null {
    for (const media of this.store.ofKind('media')) return media.id
    return null
  }

  #snapshotTaken(snapshot: Snapshot | null): void {
    this.toolbox.cancel()
    if (!snapshot) this.showMedia(null)
    else if (!this.now.mediaId || !this.store.has(this.now.mediaId)) this.showMedia(this.#firstMedia())
    this.#frameTimes.follow()
  }

  #sessionOwner() {
    return {
      store: this.store,
      shapes: this.shapes,
      state: () => this.now,
      set: (patch: Partial<EditorState>) => this.set(patch),
      say: (text: string, tone: 'info' | 'refused' | 'failed') => this.say(text, tone),
      changed: (change: Change) => this.runFrames.note(change),
      snapshotTaken: (snapshot: Snapshot | null) => this.#snapshotTaken(snapshot),
    }
  }
}

const offline = 'The connection to the program is lost: nothing can be changed until it is back.'

function nextTimerTick(callback: (nowMs: number) => void): () => void {
  const timer = setTimeout(() => callback(performance.now()), 8)
  return () => clearTimeout(timer)
}
