import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { MessageChannelMain, type UtilityProcess, utilityProcess, type WebContents } from 'electron'
import { connectApi } from '../core/rpc.ts'
import type { MediaDoor, MediaFile, StillFrame } from '../web/media-door.ts'
import type { HostControl, Opening } from './host-control.ts'
import { childLink } from './port-link.ts'

interface RunningHost {
  readonly process: UtilityProcess
  readonly control: HostControl
  /** The project it began with is open, or could not be opened. */
  readonly ready: Promise<void>
  readonly exited: Promise<void>
}

/** How long the host may take to close a project before it is ended; the project survives that too. */
const closeTimeoutMs = 5000
/** A page waits this long for its project to be open; a sample that is being made comes later, as an event. */
const longestWaitMs = 1000

/**
 * Keeps one host process: started when a page asks for it, and started again, with the project that was open, when a
 * page asks after it died. `onTrouble` is told in a sentence why that project could not be opened.
 */
export class HostKeeper implements MediaDoor {
  readonly #settingsFolder: string
  readonly #onTrouble: (sentence: string) => void
  #opening: Opening | null
  #running: RunningHost | null = null
  #closing = false

  constructor(settingsFolder: string, opening: Opening | null, onTrouble: (sentence: string) => void) {
    this.#settingsFolder = settingsFolder
    this.#opening = opening
    this.#onTrouble = onTrouble
  }

  /** Gives the page a port to the host. */
  async connect(page: WebContents): Promise<void> {
    const { process, ready } = this.#host()
    await Promise.race([ready, sleep(longestWaitMs)])
    if (page.isDestroyed()) return
    const { port1, port2 } = new MessageChannelMain()
    process.postMessage({ type: 'page' }, [port1])
    page.postMessage('host-port', null, [port2])
  }

  /** For a person who starts the program a second time, with a folder. */
  async open(opening: Opening): Promise<void> {
    if (this.#running) await this.#openIn(this.#running.control, opening)
    else this.#opening = opening
  }

  mediaFile(mediaId: string): Promise<MediaFile | null> {
    return this.#ask((control) => control.mediaFile(mediaId))
  }

  stillFrame(mediaId: string, frameIndex: number): Promise<StillFrame | null> {
    return this.#ask((control) => control.stillFrame(mediaId, frameIndex))
  }

  async close(): Promise<void> {
    this.#closing = true
    if (!this.#running) return
    const { process, control, exited } = this.#running
    await Promise.race([control.close().catch(() => {}), exited, sleep(closeTimeoutMs)])
    process.kill()
    await Promise.race([exited, sleep(closeTimeoutMs)])
  }

  /** Pictures are asked for while a host that died is being started again: the question then goes to the new one. */
  async #ask<Answer>(question: (control: HostControl) => Promise<Answer>): Promise<Answer> {
    const asked = this.#host()
    await asked.ready
    try {
      return await question(asked.control)
    } catch (error) {
      const next = this.#host()
      if (next === asked) throw error
      await next.ready
      return question(next.control)
    }
  }

  #host(): RunningHost {
    this.#running ??= this.#start()
    return this.#running
  }

  #start(): RunningHost {
    const entry = fileURLToPath(new URL('./host-process.ts', import.meta.url))
    const process = utilityProcess.fork(entry, [this.#settingsFolder], { serviceName: 'Inbetween host' })
    const control = connectApi<HostControl>(childLink(process))
    const exited = new Promise<void>((resolve) => {
      process.once('exit', (code) => {
        this.#running = null
        if (!this.#closing) console.error(`The host process ended with code ${code}.`)
        resolve()
      })
    })
    const ready = this.#opening ? this.#openIn(control, this.#opening) : Promise.resolve()
    void ready.then(() => this.#follow(control))
    return { process, control, ready, exited }
  }

  async #openIn(control: HostControl, opening: Opening): Promise<void> {
    try {
      await control.open(opening)
    } catch (error) {
      this.#onTrouble(error instanceof Error ? error.message : String(error))
    }
  }

  /** Remembers what is open, for the next start. */
  async #follow(control: HostControl): Promise<void> {
    try {
      for await (const opening of control.openingStream()) this.#opening = opening
    } catch {
      // The host died: what was open last stays remembered.
    }
  }
}
