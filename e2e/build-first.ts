import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { ensureBuilt } from '../main/ensure-built.ts'
import { createHost } from '../main/host/host.ts'

/** Settings of their own with the sample in them, made once; every test works on a copy. */
export const sampleSettings = path.resolve(import.meta.dirname, '..', 'test-results', 'sample-settings')

/** The tests run what a person runs: the built app, on the sample that the program makes. */
export default async function buildFirst(): Promise<void> {
  await ensureBuilt((line) => console.log(line))
  if (existsSync(path.join(sampleSettings, 'samples')) && !process.env.CI) return
  await mkdir(sampleSettings, { recursive: true })
  const host = await createHost({ mode: 'cli', settingsFolder: sampleSettings })
  await host.openSample()
  await host.close()
}
