/** One way through the video with AOT: what each group remembers, for as long as it is needed. */
import { stability } from '../best-mask.ts'
import { probabilities } from '../preprocess.ts'
import type { NamedTensors, Tensor } from '../tensor.ts'
import type { Asked, Tracked, VideoWalk, WalkOptions } from '../video-tracker.ts'
import type { AotFeatures, AotMemory, AotSight, AotVideo } from './aot-video.ts'
import type { IdGroup } from './id-layout.ts'
import { isRemembered, keptLongTerm, keysPassed, type LongTerm, sharedKeys } from './memory-rule.ts'
import { type GroupLogits, leads, mergedLogits, owners } from './merge-logits.ts'

interface LongEntry extends LongTerm {
  readonly memory: AotMemory
  /** Where the shelf has it. */
  readonly slot: number
}

interface GroupState {
  readonly number: number
  readonly group: IdGroup
  long: readonly LongEntry[]
  short: AotMemory | null
  /** Of the short memory. */
  frameIndex: number
  lastRemembered: number
  /** The last key frame that was looked at, by object: those that the group knows. */
  readonly lastKeys: Map<number, number>
  /** Slots of the state before: a run taken up there must find them as they were. */
  heldSlots: ReadonlySet<number>
  /** Which of its two places the shelf has the newest state in, and of which frame. */
  shelved: { readonly place: 0 | 1; readonly frameIndex: number } | null
}

/** What the shelf has of a group beside its tensors. */
interface Note {
  readonly frameIndex: number
  readonly lastRemembered: number
  readonly lastKeys: readonly (readonly [number, number])[]
  readonly long: readonly (LongTerm & { readonly slot: number })[]
}

interface Seen {
  readonly frameIndex: number
  readonly features: AotFeatures
  readonly sights: ReadonlyMap<GroupState, AotSight>
  /** All groups as one competition, on the decoder's grid. */
  readonly merged: GroupLogits
  /** Whose each pixel of the input is. */
  readonly labels: Int32Array
}

export class AotWalk implements VideoWalk {
  readonly #video: AotVideo
  readonly #options: WalkOptions
  readonly #states: readonly GroupState[]
  #seen: Seen | null = null

  constructor(video: AotVideo, options: WalkOptions) {
    this.#video = video
    this.#options = options
    this.#states = video.groups.map((group, number) => ({
      number,
      group,
      long: [],
      short: null,
      frameIndex: -1,
      lastRemembered: -1,
      lastKeys: new Map(),
      heldSlots: new Set(),
      shelved: null,
    }))
  }

  async visit(frameIndex: number, { begin, find }: Asked, signal: AbortSignal): Promise<readonly Tracked[]> {
    const touched = new Set<GroupState>()
    await this.#comePast(frameIndex, begin, find, touched, signal)
    const known = find.filter((object) => this.#states.some(({ lastKeys }) => lastKeys.has(object)))
    const seen = known.length > 0 ? await this.#look(frameIndex, this.#statesOf(known), signal) : null
    const found = seen ? this.#found(seen, known) : []
    if (seen) for (const [state, sight] of seen.sights) await this.#keep(state, sight, seen, touched, signal)
    for (const state of this.#statesOf(begin)) {
      const beginning = begin.filter((object) => this.#owns(state, object))
      await this.#beginOn(state, frameIndex, beginning, signal)
      touched.add(state)
    }
    for (const state of touched) await this.#shelve(state)
    return found
  }

  async takeUp(frameIndex: number, objects: readonly number[]): Promise<boolean> {
    for (const state of this.#statesOf(objects))
      if (!(await this.#takeUpGroup(state, frameIndex))) return false
    return objects.length > 0
  }

  /** Of everything that is kept, for tests: it must not grow with the clip. */
  get kept(): readonly { readonly long: readonly LongTerm[]; readonly tensors: readonly Tensor[] }[] {
    return this.#states.map(({ long, short }) => ({
      long,
      tensors: [...long.map(({ memory }) => memory), short ?? {}].flatMap((memory) => Object.values(memory)),
    }))
  }

  /** Key masks that lie between the last visit and this one, and those of objects that nobody has announced. */
  async #comePast(
    frameIndex: number,
    begin: readonly number[],
    find: readonly number[],
    touched: Set<GroupState>,
    signal: AbortSignal,
  ): Promise<void> {
    const { step, knows } = this.#options
    const due = new Map<number, number[]>()
    for (const state of this.#statesOf([...begin, ...find]))
      for (const object of state.group.objects.values()) {
        const lastKey = state.lastKeys.get(object) ?? null
        if (lastKey === null && (!find.includes(object) || begin.includes(object))) continue
        const keys = this.#keysOf(object)
        for (const key of keysPassed(keys, frameIndex, step, lastKey, knows === 'all'))
          due.set(key, [...(due.get(key) ?? []), object])
      }
    for (const [key, objects] of [...due].sort(([a], [b]) => (a - b) * step))
      for (const state of this.#statesOf(objects)) {
        await this.#beginOn(
          state,
          key,
          objects.filter((object) => this.#owns(state, object)),
          signal,
        )
        touched.add(state)
      }
  }

  /** What groups see on a frame, all in one competition; what was seen there already is not looked at again. */
  async #look(frameIndex: number, states: readonly GroupState[], signal: AbortSignal): Promise<Seen> {
    const features = await this.#video.features(frameIndex, signal)
    const sights = new Map<GroupState, AotSight>()
    for (const state of states) {
      signal.throwIfAborted()
      const known = new Set(state.lastKeys.keys())
      const long = state.long.map(({ memory }) => memory)
      sights.set(state, await this.#video.seen(state.group, known, features, long, state.short!, signal))
    }
    const all = [...sights.values()]
    const merged = mergedLogits(all.map(({ logits }) => logits))
    const labels = owners(this.#video.inInput(merged, all[0]!.grid, features.placement))
    this.#seen = { frameIndex, features, sights, merged, labels }
    return this.#seen
  }

  #found({ sights, merged, features }: Seen, find: readonly number[]): readonly Tracked[] {
    const { out } = this.#video
    const [{ grid }] = [...sights.values()] as [AotSight]
    const ahead = leads(this.#video.drawn(merged, grid, features.placement, out))
    return find.map((object) => {
      const lead = ahead.get(object)!
      return {
        object,
        mask: probabilities(lead),
        confidence: stability(lead),
        inView: lead.some((value) => value > 0),
      }
    })
  }

  /** The frame becomes the short memory, and where it is time a long one. */
  async #keep(
    state: GroupState,
    sight: AotSight,
    { frameIndex, labels, features }: Seen,
    touched: Set<GroupState>,
    signal: AbortSignal,
  ): Promise<void> {
    const memory = await this.#video.remembered(state.group, sight.current, labels, features, signal)
    state.short = memory
    state.frameIndex = frameIndex
    touched.add(state)
    if (isRemembered(frameIndex, state.lastRemembered, this.#video.rules.gap))
      await this.#lay(state, memory, frameIndex, [])
  }

  /** Objects begin, and frames behind on which all of them have key masks tell more of them. */
  async #beginOn(
    state: GroupState,
    frameIndex: number,
    objects: readonly number[],
    signal: AbortSignal,
  ): Promise<void> {
    const most = this.#video.rules.mostReferences - 1
    const keys = objects.map((object) => this.#keysOf(object))
    const earlier = state.short ? [] : sharedKeys(keys, frameIndex, this.#options.step, most)
    for (const frame of [...earlier, frameIndex]) await this.#refer(state, frame, objects, signal)
  }

  /**
   * Takes a frame in by the key masks of objects, and by what is found there of the others: an object that is added later
   * joins a picture in which they are known.
   */
  async #refer(
    state: GroupState,
    frameIndex: number,
    objects: readonly number[],
    signal: AbortSignal,
  ): Promise<void> {
    const features = await this.#video.features(frameIndex, signal)
    const known = new Set([...state.lastKeys.keys(), ...objects])
    const keyed = [...known].map((object) => [object, this.#video.keyPixels(object, features)] as const)
    const others = keyed.filter(([, pixels]) => pixels === null)
    const wasSeen = this.#seen?.frameIndex === frameIndex && this.#seen.sights.has(state)
    const seen =
      others.length === 0 || !state.short
        ? null
        : wasSeen
          ? this.#seen
          : await this.#look(frameIndex, [state], signal)
    const { width, height } = features.placement.input
    const labels = seen?.labels.slice() ?? new Int32Array(width * height)
    for (const [object, pixels] of keyed)
      if (pixels)
        for (let i = 0; i < labels.length; i++) {
          if (pixels[i]) labels[i] = object + 1
          else if (labels[i] === object + 1) labels[i] = 0
        }
    const memory = await this.#video.referred(state.group, labels, features, signal)
    const withKeys = keyed.flatMap(([object, pixels]) => (pixels ? [object] : []))
    await this.#lay(state, memory, frameIndex, withKeys)
    for (const object of withKeys) state.lastKeys.set(object, frameIndex)
    // One that lies behind the short memory tells what an object looks like, not where it is now.
    if (state.short && (frameIndex - state.frameIndex) * this.#options.step < 0) return
    state.short = memory
    state.frameIndex = frameIndex
  }

  async #lay(
    state: GroupState,
    memory: AotMemory,
    frameIndex: number,
    keyed: readonly number[],
  ): Promise<void> {
    const before = state.long.filter((entry) => entry.frameIndex !== frameIndex)
    const used = new Set([...state.heldSlots, ...state.long.map((entry) => entry.slot)])
    let slot = 0
    while (used.has(slot)) slot++
    state.long = keptLongTerm([...before, { frameIndex, keyed, memory, slot }], this.#video.rules)
    state.lastRemembered = frameIndex
    await this.#options.shelf.save(longName(state, slot), { frame: wholeNumber(frameIndex), ...memory })
  }

  /** In two places by turns: a run that ends while a frame is being made goes on from the one before. */
  async #shelve(state: GroupState): Promise<void> {
    const { frameIndex, lastRemembered, shelved } = state
    const isSameFrame = shelved?.frameIndex === frameIndex
    const place = shelved && isSameFrame === (shelved.place === 1) ? 1 : 0
    const note: Note = {
      frameIndex,
      lastRemembered,
      lastKeys: [...state.lastKeys],
      long: state.long.map(({ frameIndex: frame, keyed, slot }) => ({ frameIndex: frame, keyed, slot })),
    }
    const text = new TextEncoder().encode(JSON.stringify(note))
    const tensor = { type: 'uint8', dims: [text.length], data: text } as const
    await this.#options.shelf.save(stateName(state, place), { [noteName]: tensor, ...state.short })
    const slots = note.long.map(({ slot }) => slot)
    state.heldSlots = new Set(isSameFrame ? [...state.heldSlots, ...slots] : slots)
    state.shelved = { place, frameIndex }
  }

  async #takeUpGroup(state: GroupState, frameIndex: number): Promise<boolean> {
    for (const place of [0, 1] as const) {
      const saved = await this.#options.shelf.load(stateName(state, place))
      const text = saved?.[noteName]?.data
      if (!saved || !(text instanceof Uint8Array)) continue
      const note = JSON.parse(new TextDecoder().decode(text)) as Note
      if (note.frameIndex === frameIndex) return this.#takeUpState(state, place, note, saved)
    }
    return false
  }

  async #takeUpState(state: GroupState, place: 0 | 1, note: Note, saved: NamedTensors): Promise<boolean> {
    const { shelf } = this.#options
    const long: LongEntry[] = []
    for (const each of note.long) {
      const entry = await shelf.load(longName(state, each.slot))
      if (!entry || Number(entry.frame?.data[0]) !== each.frameIndex) return false
      const { frame: _, ...memory } = entry
      long.push({ ...each, memory })
    }
    const { [noteName]: _, ...short } = saved
    state.long = long
    state.short = short
    state.frameIndex = note.frameIndex
    state.shelved = { place, frameIndex: note.frameIndex }
    state.lastRemembered = note.lastRemembered
    for (const [object, key] of note.lastKeys) state.lastKeys.set(object, key)
    state.heldSlots = new Set(long.map(({ slot }) => slot))
    return true
  }

  #statesOf(objects: readonly number[]): readonly GroupState[] {
    return this.#states.filter((state) => objects.some((object) => this.#owns(state, object)))
  }

  #owns({ group }: GroupState, object: number): boolean {
    return [...group.objects.values()].includes(object)
  }

  #keysOf(object: number): readonly number[] {
    return this.#video.film.objects[object]!.keys.map(({ frameIndex }) => frameIndex)
  }
}

const noteName = 'note'

function longName({ number }: GroupState, slot: number): string {
  return `${number}-long-${slot}`
}

function stateName({ number }: GroupState, place: 0 | 1): string {
  return `${number}-state-${place}`
}

function wholeNumber(value: number): NamedTensors[string] {
  return { type: 'int32', dims: [1], data: Int32Array.of(value) }
}
