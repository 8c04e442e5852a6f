import type { HostInfo } from '../core/api.ts'
import type { ProviderChoice } from '../core/models.ts'
import { createHost, type Host } from '../host/host.ts'
import { settingsFolder } from '../settings-folder.ts'

/** The host of this process: the same that stands behind the window. */
export function openHost(mode: HostInfo['mode'] = 'cli', provider?: ProviderChoice): Promise<Host> {
  return createHost({ mode, settingsFolder: settingsFolder(), ...(provider && { provider }) })
}
