/**
 * Adding, checking and timing packs of networks: one piece of work at a time, with its progress, what came of it, and a
 * way to cancel. It goes on while nobody looks, and says at the end what became of it.
 */
import type { PackRef } from '../../main/core/api.ts'
import type { PackBench, PackPlan, PackProgress, PackReport } from '../../main/core/models.ts'
import { isUserError } from '../../main/core/user-error.ts'
import type { Editor } from './editor.ts'
import { FetchPace } from './fetch-pace.ts'
import { sentenceOf } from './session.ts'

/** Where a pack is to be had, and what a person calls that place: a served page knows paths only by opaque names. */
export interface PackOffer {
  readonly source: PackRef
  readonly name: string
}

/** How far the adding of a pack is; nothing is fetched before its plan was shown and agreed to. */
export type PackAdding =
  | { readonly name: 'asking' }
  | { readonly name: 'looking'; readonly offer: PackOffer }
  | {
      readonly name: 'planned'
      readonly offer: PackOffer
      readonly plan: PackPlan
      /** What became of the try before; null: there was none. */
      readonly note: string | null
    }
  | { readonly name: 'adding'; readonly offer: PackOffer; readonly plan: PackPlan }
  | { readonly name: 'added'; readonly report: PackReport; readonly plan: PackPlan }
  | {
      readonly name: 'refused'
      readonly offer: PackOffer
      /** Null: it did not even come to a plan. */
      readonly plan: PackPlan | null
      readonly sentence: string
      readonly report: PackReport | null
    }

/** What a check or a timing of a pack came to. */
export type PackOutcome =
  | { readonly type: 'checked'; readonly report: PackReport }
  | { readonly type: 'timed'; readonly graphs: readonly PackBench[] }
  | { readonly type: 'cancelled'; readonly work: 'check' | 'time' }
  | { readonly type: 'failed'; readonly work: 'check' | 'time'; readonly sentence: string }

export interface PackWork {
  readonly type: 'look' | 'add' | 'check' | 'time'
  /** As people read it. */
  readonly name: string
  /** Null while it is only being added. */
  readonly packId: string | null
  readonly progress: PackProgress | null
  /** Of a fetch; null: nobody knows yet. */
  readonly secondsLeft: number | null
}

export interface PackDeskState {
  /** What runs; null: nothing. One at a time: two would spoil each other's times. */
  readonly work: PackWork | null
  /** Null: nothing is being added. */
  readonly adding: PackAdding | null
  /** By pack, of the last check or timing since the window was opened. */
  readonly outcomes: Readonly<Record<string, PackOutcome>>
}

export const emptyPackDesk: PackDeskState = { work: null, adding: null, outcomes: {} }

export class PackDesk {
  readonly #editor: Editor
  #abort: AbortController | null = null
  #pace = new FetchPace()

  constructor(editor: Editor) {
    this.#editor = editor
  }

  get now(): PackDeskState {
    return this.#editor.now.packDesk
  }

  /** Asks where a new pack is to be had; what was refused or done before is put away. */
  ask(): void {
    if (!this.now.work) this.#set({ adding: { name: 'asking' } })
  }

  /** No more adding; work under way goes on. */
  putAway(): void {
    if (!this.now.work) this.#set({ adding: null })
  }

  forget(packId: string): void {
    const { [packId]: _, ...outcomes } = this.now.outcomes
    this.#set({ outcomes })
  }

  cancel(): void {
    this.#abort?.abort(new Error('cancelled'))
  }

  /** Reads what a source would add, and nothing beyond its manifest. */
  async look(offer: PackOffer): Promise<void> {
    this.#set({ adding: { name: 'looking', offer } })
    const looked = await this.#plan(offer)
    if (looked.name === 'done')
      this.#set({ adding: { name: 'planned', offer, plan: looked.value, note: null } })
    else if (looked.name === 'cancelled') this.#set({ adding: { name: 'asking' } })
    else {
      const { sentence, tone } = looked
      this.#set({ adding: { name: 'refused', offer, plan: null, sentence, report: null } })
      this.#complain(sentence, tone)
    }
  }

  /** Adds what was planned, and only that: the host wants the plan's hash back. */
  async add(): Promise<void> {
    const { adding } = this.now
    if (adding?.name !== 'planned') return
    const { offer, plan } = adding
    this.#set({ adding: { name: 'adding', offer, plan } })
    const added = await this.#work<PackReport>({ type: 'add', name: plan.name, packId: null }, (signal) =>
      lastOf(this.#host.addPack(offer.source, plan.manifestHash, signal), this.#progress, (step) =>
        step.type === 'added' ? step.report : null,
      ),
    )
    if (added.name === 'cancelled') await this.#afterCancel(offer, plan)
    else if (added.name === 'failed') {
      this.#set({ adding: { name: 'refused', offer, plan, sentence: added.sentence, report: null } })
      this.#complain(added.sentence, added.tone)
    } else {
      const report = added.value
      const sentence = report.sentence ?? `${plan.name} is not what its manifest says.`
      if (report.state === 'ready') this.#set({ adding: { name: 'added', report, plan } })
      else this.#set({ adding: { name: 'refused', offer, plan, sentence, report } })
      if (report.state === 'ready') this.#editor.say(`${plan.name} ${plan.version} was added.`)
      else this.#complain(sentence, 'refused')
    }
  }

  async check(packId: string, name: string): Promise<void> {
    const checked = await this.#work<PackReport>({ type: 'check', name, packId }, (signal) =>
      lastOf(this.#host.verifyPack(packId, signal), this.#progress, (step) =>
        step.type === 'verified' ? step.report : null,
      ),
    )
    if (checked.name !== 'done') return this.#unfinished(packId, 'check', checked)
    const report = checked.value
    this.#keep(packId, { type: 'checked', report })
    if (report.state === 'ready') this.#editor.say(`${name} is what it says it is.`)
    else this.#complain(report.sentence ?? `${name} is broken.`, 'refused')
  }

  async time(packId: string, name: string): Promise<void> {
    const timed = await this.#work<readonly PackBench[]>({ type: 'time', name, packId }, (signal) =>
      lastOf(this.#host.benchPack(packId, signal), this.#progress, (step) =>
        step.type === 'timed' ? step.graphs : null,
      ),
    )
    if (timed.name !== 'done') return this.#unfinished(packId, 'time', timed)
    this.#keep(packId, { type: 'timed', graphs: timed.value })
    this.#editor.say(`${name} was timed.`)
  }

  get #host() {
    return this.#editor.host
  }

  #plan(offer: PackOffer): Promise<Ended<PackPlan>> {
    return this.#work<PackPlan>({ type: 'look', name: offer.name, packId: null }, (signal) =>
      lastOf(this.#host.planPack(offer.source, signal), this.#progress, (step) =>
        step.type === 'plan' ? step.plan : null,
      ),
    )
  }

  /** The plan is read again, because only then it is known how much of the pack is here already. */
  async #afterCancel(offer: PackOffer, before: PackPlan): Promise<void> {
    this.#set({ adding: { name: 'looking', offer } })
    const looked = await this.#plan(offer)
    const plan = looked.name === 'done' ? looked.value : before
    const note =
      offer.source.type === 'url'
        ? 'Cancelled. What was fetched is kept: Add goes on from there.'
        : 'Cancelled. Nothing was added.'
    this.#set({ adding: { name: 'planned', offer, plan, note } })
  }

  #unfinished(
    packId: string,
    work: 'check' | 'time',
    ended: Exclude<Ended<unknown>, { name: 'done' }>,
  ): void {
    if (ended.name === 'cancelled') this.#keep(packId, { type: 'cancelled', work })
    else {
      this.#keep(packId, { type: 'failed', work, sentence: ended.sentence })
      this.#complain(ended.sentence, ended.tone)
    }
  }

  /** The list of networks, while it is open, has a place of its own for what went wrong. */
  #complain(sentence: string, tone: 'refused' | 'failed'): void {
    if (this.#editor.now.dialog?.type !== 'models') this.#editor.say(sentence, tone)
  }

  #keep(packId: string, outcome: PackOutcome): void {
    this.#set({ outcomes: { ...this.now.outcomes, [packId]: outcome } })
  }

  #set(patch: Partial<PackDeskState>): void {
    this.#editor.set({ packDesk: { ...this.now, ...patch } })
  }

  readonly #progress = (progress: PackProgress): void => {
    const { work } = this.now
    if (!work) return
    const secondsLeft = this.#pace.secondsLeft(progress, performance.now())
    this.#set({ work: { ...work, progress, secondsLeft } })
  }

  async #work<Value>(
    work: Omit<PackWork, 'progress' | 'secondsLeft'>,
    run: (signal: AbortSignal) => Promise<Value>,
  ): Promise<Ended<Value>> {
    const abort = new AbortController()
    this.#abort = abort
    this.#pace = new FetchPace()
    this.#set({ work: { ...work, progress: null, secondsLeft: null } })
    try {
      return { name: 'done', value: await run(abort.signal) }
    } catch (error) {
      if (abort.signal.aborted) return { name: 'cancelled' }
      return { name: 'failed', sentence: sentenceOf(error), tone: isUserError(error) ? 'refused' : 'failed' }
    } finally {
      this.#abort = null
      this.#set({ work: null })
    }
  }
}

type Ended<Value> =
  | { readonly name: 'done'; readonly value: Value }
  | { readonly name: 'cancelled' }
  | { readonly name: 'failed'; readonly sentence: string; readonly tone: 'refused' | 'failed' }

/** Tells of progress until the step that holds the result. */
async function lastOf<Step extends { readonly type: string }, Value>(
  steps: AsyncIterable<Step | PackProgress>,
  tell: (progress: PackProgress) => void,
  resultOf: (step: Step) => Value | null,
): Promise<Value> {
  let value: Value | null = null
  for await (const step of steps) {
    if (step.type === 'progress') tell(step as PackProgress)
    else value = resultOf(step as Step) ?? value
  }
  if (value === null) throw new Error('The program ended the work without a word. Try again.')
  return value
}
