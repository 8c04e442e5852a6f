/** The host as a process of its own: entry of the utility process that host-keeper.ts starts. */
import type { ProjectInfo } from '../core/api.ts'
import { hostCalls } from '../core/host-calls.ts'
import { serveApi } from '../core/rpc.ts'
import { createHost } from '../host/host.ts'
import { type HostControl, hostControlCalls, type Opening } from './host-control.ts'
import { parentLink, portLink } from './port-link.ts'

const [settingsFolder = ''] = process.argv.slice(2)
const host = await createHost({ mode: 'desktop', settingsFolder })

const control: HostControl = {
  mediaFile: host.mediaFile,
  stillFrame: host.stillFrame,
  open: async (opening) => {
    if (opening === 'sample') await host.openSample()
    else await host.openProject(opening.folder, { readOnly: opening.readOnly })
  },
  openingStream,
  close: host.close,
}

async function* openingStream(signal?: AbortSignal): AsyncGenerator<Opening | null> {
  const events = host.events(signal)[Symbol.asyncIterator]()
  yield openingOf((await host.snapshot())?.project ?? null)
  for (let next = await events.next(); !next.done; next = await events.next())
    if (next.value.type === 'project') yield openingOf(next.value.project)
}

function openingOf(project: ProjectInfo | null): Opening | null {
  return project && { folder: project.folder, readOnly: project.readOnly !== null }
}

serveApi<HostControl>(parentLink(process.parentPort), control, hostControlCalls)
process.parentPort.on('message', ({ ports }) => {
  for (const port of ports) serveApi(portLink(port), host, hostCalls)
})
