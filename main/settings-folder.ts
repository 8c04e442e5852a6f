import { homedir } from 'node:os'
import path from 'node:path'

/**
 * Where settings, the list of recent projects and the sample are kept, the same for the desktop app, the served app
 * and the command line: INBETWEEN_SETTINGS, else the place that the system has for a program's data.
 */
export function settingsFolder(): string {
  const { INBETWEEN_SETTINGS, APPDATA, XDG_CONFIG_HOME } = process.env
  if (INBETWEEN_SETTINGS) return path.resolve(INBETWEEN_SETTINGS)
  if (process.platform === 'darwin')
    return path.join(homedir(), 'Library', 'Application Support', 'Inbetween')
  if (process.platform === 'win32')
    return path.join(APPDATA ?? path.join(homedir(), 'AppData', 'Roaming'), 'Inbetween')
  return path.join(XDG_CONFIG_HOME ?? path.join(homedir(), '.config'), 'Inbetween')
}
