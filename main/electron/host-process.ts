/** The host as a process of its own: entry of the utility process that host-keeper.ts starts. */
import { hostCalls } from '../core/host-calls.ts'
import { serveApi } from '../core/rpc.ts'
import { createHost } from '../host/host.ts'
import { type HostControl, hostControlCalls, type Opening } from './host-control.ts'
import { parentLink, portLink } from './port-link.ts'

const [settingsFolder = ''] = process.argv.slice(2)
const host = await createHost({ mode: 'desktop', settingsFolder })

const control: HostControl = {
  mediaFile: async () => null,
  stillFrame: async () => null,
  open: async (opening) => {
    if (opening === 'sample') await host.openSample()
    else await host.openProject(opening.folder, { readOnly: opening.readOnly })
  },
  async *openingStream(signal): AsyncGenerator<Opening | null> {
    for await (const event of host.events(signal))
      if (event.type === 'project') yield openingOf(event.project)
  },
  close: () => host.closeProject(),
}
function openingOf(project: any): Opening | null {
  return project ? { folder: project.folder, readOnly: project.readOnly !== null } : null
}

serveApi<HostControl>(parentLink(process.parentPort), control, hostControlCalls)
process.parentPort.on('message', ({ ports }) => {
  for (const port of ports) serveApi(portLink(port), host, hostCalls)
})
