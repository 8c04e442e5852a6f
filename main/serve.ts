/**
 * The app for a browser: the same host behind HTTP and WebSocket on loopback. For a person without a desktop, or with
 * a GPU box at the other end of an SSH tunnel. `inbetween serve` is this.
 */
import { homedir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { UserError } from './core/user-error.ts'
import { ensureBuilt } from './ensure-built.ts'
import { createHost, type Host } from './host/host.ts'
import { openBrowser } from './open-browser.ts'
import { settingsFolder } from './settings-folder.ts'
import { type RunningServer, startServer } from './web/page-server.ts'

export interface ServeOptions {
  /** 0: any that is free. */
  readonly port: number
  /** Below it files may be picked; by default the person's home. */
  readonly root?: string | undefined
  /** Folder of the project to open, below the root, or the sample. */
  readonly project?: string | { readonly sample: true } | undefined
  /** Opens the address in the person's browser where there is a display. */
  readonly open: boolean
  /** Told in a line what takes long. */
  readonly say: (line: string) => void
}

const viewFolder = fileURLToPath(new URL('../out/renderer', import.meta.url))

/** Serves until closed. The address has the token in it. Closing closes the project too. */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { port, root = homedir(), project, open, say } = options
  await ensureBuilt(say)
  const host = await createHost({ mode: 'served', settingsFolder: settingsFolder(), root })
  try {
    if (typeof project === 'string') await openProject(host, path.resolve(project), root)
    else if (project?.sample) await host.openSample()
    const server = await startServer(host, host, { port, viewFolder })
    if (open) openBrowser(server.url)
    const close = async () => {
      await server.close()
      await host.close()
    }
    return { ...server, close }
  } catch (error) {
    await host.close()
    throw error
  }
}

/** Serves until Ctrl+C or the system ends it. */
export async function serveUntilEnded(
  options: ServeOptions & { readonly ready: (server: RunningServer) => void },
): Promise<void> {
  const server = await serve(options)
  const ended = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
  })
  options.ready(server)
  await ended
  await server.close()
}

async function openProject(host: Host, folder: string, root: string): Promise<void> {
  const ref = host.refOf(folder)
  if (ref === null)
    throw new UserError(
      'outside-root',
      `${folder} is not a folder below ${root}, and a served page sees nothing else. Choose another with --root.`,
    )
  await host.openProject(ref, { readOnly: false })
}
