/**
 * The app for a browser: the same host behind HTTP and WebSocket on loopback. For a person without a desktop, or with
 * a GPU box at the other end of an SSH tunnel. `inbetween serve` is this.
 */
import { homedir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { ensureBuilt } from './ensure-built.ts'
import { createHost } from './host/host.ts'
import { openBrowser } from './open-browser.ts'
import { settingsFolder } from './settings-folder.ts'
import { type RunningServer, startServer } from './web/page-server.ts'

export interface ServeOptions {
  /** 0: any that is free. */
  readonly port: number
  /** Below it files may be picked; by default the person's home. */
  readonly root?: string
  /** Opens the address in the person's browser where there is a display. */
  readonly open: boolean
  /** Opens the sample project before the page comes. */
  readonly sample?: boolean
  readonly say: (line: string) => void
}

const viewFolder = fileURLToPath(new URL('../out/renderer', import.meta.url))

/** Serves until closed; says the address, which has the token in it. Closing closes the project too. */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { port, root = homedir(), open, sample, say } = options
  await ensureBuilt(say)
  const host = await createHost({ mode: 'served', settingsFolder: settingsFolder(), root })
  const server = await startServer(host, host, { port, viewFolder })
  if (sample) await host.openSample()
  say(`Inbetween is at ${server.url}`)
  if (open) openBrowser(server.url)
  return {
    ...server,
    close: async () => {
      await server.close()
      await host.close()
    },
  }
}

/** Serves until Ctrl+C or the system ends it. */
export async function serveUntilEnded(options: ServeOptions): Promise<void> {
  const server = await serve(options)
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
  })
  await server.close()
}
