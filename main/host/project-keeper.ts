/** Opens one project at a time: opening and closing wait for each other, and a refusal leaves what was open open. */
import { realpathSync } from 'node:fs'
import type { HostEvent, ProjectInfo } from '../core/api.ts'
import type { Change } from '../core/history.ts'
import { UserError } from '../core/user-error.ts'
import type { Project, ProjectOptions } from './project.ts'
import type { ProjectRecents } from './project-recents.ts'
import { ProjectSession, type SessionOptions } from './project-session.ts'

const thumbnailLongSide = 320

export class ProjectKeeper {
  readonly #options: SessionOptions
  readonly #recents: ProjectRecents
  readonly #send: (event: HostEvent) => void
  #session: ProjectSession | null = null
  #turn: Promise<unknown> = Promise.resolve()

  constructor(options: SessionOptions, recents: ProjectRecents) {
    this.#options = options
    this.#recents = recents
    this.#send = options.send
  }

  get session(): ProjectSession | null {
    return this.#session
  }

  /** Throws UserError 'no-project-open'. */
  opened(): ProjectSession {
    if (!this.#session)
      throw new UserError('no-project-open', 'No project is open. Open or create one first.')
    return this.#session
  }

  /** Opens what `open` opens and closes what was open. `folder`: of the project, null when it is being made. */
  change(
    find: () => string | null | Promise<string | null>,
    open: (options: ProjectOptions, folder: string) => Project,
  ): Promise<ProjectInfo> {
    return this.#inTurn(async () => {
      const folder = await find()
      // A project cannot be had twice, not even by the same host.
      if (folder !== null && this.#session?.project.folders.project === realFolder(folder))
        await this.#closeSession()
      const next = this.#newSession((options) => open(options, folder ?? ''))
      await this.#closeSession()
      this.#session = next
      const info = next.project.info()
      this.#send({ type: 'project', project: info })
      this.#remember(next)
      return info
    })
  }

  close(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#session) return
      await this.#closeSession()
      this.#send({ type: 'project', project: null })
    })
  }

  #newSession(open: (options: ProjectOptions) => Project): ProjectSession {
    const { now, newId } = this.#options
    let session: ProjectSession | null = null
    const project = open({ now, newId, onChange: (change: Change) => session?.changed(change) })
    try {
      // What a project says before it is the open one, or after, is nobody's news.
      const send = (event: HostEvent) => {
        if (this.#session === session) this.#send(event)
      }
      session = new ProjectSession(project, { ...this.#options, send })
      return session
    } catch (error) {
      project.close()
      throw error
    }
  }

  async #closeSession(): Promise<void> {
    const closing = this.#session
    this.#session = null
    await closing?.close()
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work, work)
    this.#turn = result.catch(() => {})
    return result
  }

  /** Recent projects are a convenience: what goes wrong with them must not keep a project from opening. */
  #remember({ project, pictures }: ProjectSession): void {
    const { folders, store } = project
    const draw = async () => {
      const [media] = store.ofKind('media')
      if (!media || media.frameCount === 0) return
      this.#recents.setThumbnail(folders.project, await pictures.thumbnail(media, 0, thumbnailLongSide))
    }
    try {
      this.#recents.opened(folders.project, project.info().name, this.#options.now())
    } catch (error) {
      this.#send({ type: 'trouble', sentence: error instanceof Error ? error.message : String(error) })
    }
    store.listen(({ added }) => {
      if (Object.values(added).some((record) => record.kind === 'media')) draw().catch(() => {})
    })
    draw().catch(() => {})
  }
}

function realFolder(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
