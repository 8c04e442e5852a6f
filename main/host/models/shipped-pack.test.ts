/** The network that comes with the app: whole, small, and the same in ONNX Runtime as it was in PyTorch. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { HostApi } from '../../core/api.ts'
import { createHost } from '../host.ts'
import { type TestFolder, testFolder } from '../test-projects.ts'
import { verified } from './test-packs.ts'

let place: TestFolder
let host: HostApi & { close(): Promise<void> }
beforeAll(async () => {
  place = testFolder()
  host = await createHost({ mode: 'cli', settingsFolder: place.path, provider: 'cpu' })
})
afterAll(async () => {
  await host.close()
  place.remove()
})

it('answers as PyTorch did, to a ten thousandth', async () => {
  const report = await verified(host, 'second-look')
  expect(report).toMatchObject({ state: 'ready', sentence: null })
  const pack = (await host.models()).packs.find(({ id }) => id === 'second-look')
  expect(pack).toMatchObject({ builtIn: true, role: 'refine-mask' })
})

it('is chosen by nobody until a person does', async () => {
  expect((await host.models()).chosen['refine-mask']).toBeNull()
})
