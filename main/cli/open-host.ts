import type { HostInfo } from '../core/api.ts'
import { createHost, type Host, type HostOptions } from '../host/host.ts'
import { settingsFolder } from '../settings-folder.ts'

/** What networks run on, and which, where it is not what the settings say. */
export type NetworkOptions = Pick<HostOptions, 'provider' | 'models'>

/** The host of this process: the same that stands behind the window. */
export function openHost(mode: HostInfo['mode'] = 'cli', networks: NetworkOptions = {}): Promise<Host> {
  return createHost({ mode, settingsFolder: settingsFolder(), ...networks })
}
