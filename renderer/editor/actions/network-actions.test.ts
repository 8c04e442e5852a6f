import { describe, expect, it } from 'vitest'
import { MemoryHost } from '../testing/memory-host.ts'
import { Person, video } from '../testing/person.ts'

const failed = {
  state: 'ready',
  chosen: 'webgpu',
  provider: 'webgpu',
  offersCpu: true,
  sentence: 'WebGPU failed.',
} as const

async function withNetworks() {
  const host = new MemoryHost([video])
  const person = await Person.sitsDown(host)
  return { host, person }
}

describe('networks', () => {
  it('are known from the start, and told of as they change', async () => {
    const { host, person } = await withNetworks()
    expect(person.editor.now.inference).toEqual(host.inference)
    host.tellInference(failed)
    await expect.poll(() => person.editor.now.inference?.sentence).toBe('WebGPU failed.')
  })

  it('run on what the person chooses, and never on the CPU unasked', async () => {
    const { host, person } = await withNetworks()
    host.tellInference(failed)
    await expect.poll(() => person.editor.now.inference?.offersCpu).toBe(true)
    expect(host.settings.provider).toBe('auto')
    await person.editor.run('network.cpu')
    expect(host.settings.provider).toBe('cpu')
    await person.editor.run('network.provider', { provider: 'cuda' })
    expect(host.settings.provider).toBe('cuda')
  })

  it('are tried again on the same provider when asked, and only where something went wrong', async () => {
    const { host, person } = await withNetworks()
    expect(await person.editor.run('network.retry')).toBe(false)
    expect(person.sentence).toBe('Nothing went wrong with the provider of networks.')
    host.tellInference(failed)
    await expect.poll(() => person.editor.now.inference?.offersCpu).toBe(true)
    await person.editor.run('network.retry')
    expect(host.settings.provider).toBe('webgpu')
  })

  it('say which providers can be had', async () => {
    const { host, person } = await withNetworks()
    host.inference = {
      ...host.inference,
      providers: [
        { provider: 'webgpu', state: 'absent', sentence: 'No adapter.', ms: null },
        { provider: 'cpu', state: 'right', sentence: null, ms: 12 },
      ],
    }
    await person.editor.run('network.probe')
    expect(person.sentence).toBe('Networks can run on CPU.')
    expect(person.editor.now.inference?.providers).toHaveLength(2)
  })
})
