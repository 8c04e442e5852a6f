/**
 * A host in a process of its own that adds a pack and may be killed at any moment.
 *
 *   node test-add-process.ts SETTINGS_FOLDER FILE
 */
import { writeSync } from 'node:fs'
import { createHost } from '../host.ts'
import { added, atPath } from './test-packs.ts'

const [settingsFolder, file] = process.argv.slice(2)
const host = await createHost({ mode: 'cli', settingsFolder: settingsFolder!, provider: 'cpu' })
writeSync(1, 'begins\n')
const { state } = await added(host, atPath(file!))
writeSync(1, `${state}\n`)
await host.close()
