/** One way through the video with SAM 2: what each object's frames have left, for as long as it is needed. */
import type { Asked, Tracked, VideoWalk, WalkOptions } from '../video-tracker.ts'
import { type Recalled, recalled } from './memory-bank.ts'
import type { Remembered, Sam2Video } from './sam2-video.ts'

/** What is kept of one object. A pointer is a few hundred numbers, a memory a hundred thousand: it goes earlier. */
interface Bank {
  readonly conditioning: Map<number, Remembered>
  readonly memories: Map<number, Omit<Remembered, 'pointer'>>
  readonly pointers: Map<number, Remembered['pointer']>
}

export class Sam2Walk implements VideoWalk {
  readonly #video: Sam2Video
  readonly #options: WalkOptions
  readonly #banks = new Map<number, Bank>()

  constructor(video: Sam2Video, options: WalkOptions) {
    this.#video = video
    this.#options = options
  }

  async visit(frameIndex: number, { find }: Asked, signal: AbortSignal): Promise<readonly Tracked[]> {
    const recall = new Map(find.map((object) => [object, this.#recalled(object, frameIndex)]))
    await this.#conditionAll(recall, signal)
    const found: Tracked[] = []
    for (const [object, each] of recall) {
      signal.throwIfAborted()
      const bank = this.#bank(object)
      const memories = each.memories.map(({ frameIndex: frame, code }) => ({
        ...(bank.memories.get(frame) ?? bank.conditioning.get(frame)!),
        code,
      }))
      const pointers = each.pointers.map(({ frameIndex: frame, distance }) => ({
        pointer: bank.pointers.get(frame) ?? bank.conditioning.get(frame)!.pointer,
        distance,
      }))
      const features = await this.#video.features(frameIndex, signal)
      const { tracked, remembered } = await this.#video.tracked(object, features, memories, pointers, signal)
      await this.#remember(object, frameIndex, remembered)
      found.push(tracked)
    }
    return found
  }

  async takeUp(frameIndex: number, objects: readonly number[]): Promise<boolean> {
    let isThere = false
    const { shelf, step } = this.#options
    for (const object of objects) {
      const bank = this.#bank(object)
      for (let ago = this.#reach - 1; ago >= 0; ago--) {
        const frame = frameIndex - step * ago
        const names = this.#names(object, frame)
        const pointer = await shelf.load(names.pointer)
        if (!pointer || Number(pointer.frame?.data[0]) !== frame) continue
        bank.pointers.set(frame, pointer.pointer!)
        const memory = await shelf.load(names.memory)
        if (!memory || Number(memory.frame?.data[0]) !== frame) continue
        bank.memories.set(frame, { features: memory.features!, position: memory.position! })
        if (ago === 0) isThere = true
      }
    }
    return isThere
  }

  /** Of everything that is kept, for tests: it must not grow with the clip. */
  get kept(): readonly Bank[] {
    return [...this.#banks.values()]
  }

  #recalled(object: number, frameIndex: number): Recalled {
    const { step, knows } = this.#options
    const keys = this.#video.film.objects[object]!.keys.map((key) => key.frameIndex)
    const conditioning = keys.filter((key) => knows === 'all' || (frameIndex - key) * step >= 0)
    return recalled(
      this.#video.rules,
      frameIndex,
      step,
      conditioning,
      new Set(this.#bank(object).pointers.keys()),
    )
  }

  /** Memories of key masks that are not at hand, frame by frame, so that objects that share one are encoded together. */
  async #conditionAll(recall: ReadonlyMap<number, Recalled>, signal: AbortSignal): Promise<void> {
    const missing = new Map<number, number[]>()
    for (const [object, { memories, pointers }] of recall) {
      const bank = this.#bank(object)
      const frames = new Set([...memories, ...pointers].map((each) => each.frameIndex))
      for (const frame of bank.conditioning.keys()) if (!frames.has(frame)) bank.conditioning.delete(frame)
      for (const frame of frames)
        if (!bank.pointers.has(frame) && !bank.conditioning.has(frame))
          missing.set(frame, [...(missing.get(frame) ?? []), object])
    }
    for (const [frame, objects] of [...missing].sort(([a], [b]) => a - b)) {
      const features = await this.#video.features(frame, signal)
      for (const object of objects)
        this.#bank(object).conditioning.set(frame, await this.#video.conditioned(object, features, signal))
    }
  }

  async #remember(object: number, frameIndex: number, { pointer, ...memory }: Remembered): Promise<void> {
    const bank = this.#bank(object)
    const { rules } = this.#video
    const { step, shelf } = this.#options
    bank.pointers.set(frameIndex, pointer)
    bank.memories.set(frameIndex, memory)
    const ago = (frame: number) => (frameIndex - frame) * step
    for (const frame of bank.memories.keys())
      if (ago(frame) >= rules.memoryFrames - 1) bank.memories.delete(frame)
    for (const frame of bank.pointers.keys()) if (ago(frame) >= this.#reach - 1) bank.pointers.delete(frame)
    const names = this.#names(object, frameIndex)
    const frame = { type: 'int32', dims: [1], data: Int32Array.of(frameIndex) } as const
    await shelf.save(names.memory, { frame, ...memory })
    await shelf.save(names.pointer, { frame, pointer })
  }

  /** One more than is needed: a run that ends while a frame is being made goes on from the one before. */
  #names(object: number, frameIndex: number): { readonly memory: string; readonly pointer: string } {
    const slot = (count: number) => frameIndex % (count + 1)
    return {
      memory: `${object}-memory-${slot(this.#video.rules.memoryFrames)}`,
      pointer: `${object}-pointer-${slot(this.#reach)}`,
    }
  }

  /** Frames that anything is remembered of, the present one among them. */
  get #reach(): number {
    return Math.max(this.#video.rules.memoryFrames, this.#video.rules.mostPointers)
  }

  #bank(object: number): Bank {
    const kept = this.#banks.get(object)
    if (kept) return kept
    const bank: Bank = { conditioning: new Map(), memories: new Map(), pointers: new Map() }
    this.#banks.set(object, bank)
    return bank
  }
}
