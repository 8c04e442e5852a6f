import { describe, expect, it } from 'vitest'
import type { PackInfo } from '../../../main/core/models.ts'
import { MemoryHost } from '../testing/memory-host.ts'
import { Person, video } from '../testing/person.ts'
import { smartMaskPacks } from './smart-actions.ts'

function pack(id: string, patch: Partial<PackInfo> = {}): PackInfo {
  return {
    id,
    name: id.toUpperCase(),
    version: '1.0.0',
    role: 'segment-image',
    contract: 'sam2-image',
    licence: null,
    sourceUrl: 'https://example.org',
    folder: `/packs/${id}`,
    byteLength: 1,
    builtIn: false,
    state: 'ready',
    sentence: null,
    checkedAt: null,
    ...patch,
  }
}

async function withPacks(...packs: readonly PackInfo[]): Promise<Person> {
  const host = new MemoryHost([video])
  host.models = { ...host.models, packs }
  const person = await Person.sitsDown(host)
  return person.takes('smart')
}

describe('what makes the smart mask', () => {
  it('is Inbetween’s own until a network is chosen, and again when the person switches back', async () => {
    const person = await withPacks(pack('sam'), pack('tam'))
    const { editor, host } = person
    expect(editor.action('smart.own').checked?.(editor)).toBe(true)
    await editor.run('smart.network')
    expect(host.settings.models['segment-image']).toBe('sam')
    await editor.run('smart.network', { packId: 'tam' })
    expect(host.settings.models['segment-image']).toBe('tam')
    expect(editor.action('smart.network').checked?.(editor)).toBe(true)
    await editor.run('smart.own')
    expect(host.settings.models['segment-image']).toBeNull()
  })

  it('is said beside the mask, and a switch answers the marks that are made anew', async () => {
    const person = await withPacks(pack('sam'))
    person.press([20, 20]).drag([60, 50]).release()
    await person.rest()
    expect(person.editor.now.toolNote).toMatch(/^Mask from box, /)
    await person.editor.run('smart.network')
    await person.rest()
    expect(person.host.segmentRequests).toHaveLength(2)
    expect(person.editor.now.toolNote).toMatch(/^Mask from box by SAM, /)
    await person.editor.run('smart.own')
    await person.rest()
    expect(person.editor.now.toolNote).toMatch(/^Mask from box, /)
  })

  it('can be no network where none is here, and the sentence says where to add one', async () => {
    const person = await withPacks(pack('clip', { role: 'embed-image' }), pack('odd', { state: 'broken' }))
    expect(await person.editor.run('smart.network')).toBe(false)
    expect(person.sentence).toMatch(/^No network that makes a mask from marks is here/)
  })

  it('is still shown when the chosen network broke, so that the person can switch back', async () => {
    const person = await withPacks(pack('sam'))
    await person.editor.run('smart.network')
    person.host.tellModels({ packs: [pack('sam', { state: 'broken', sentence: 'A file is gone.' })] })
    await expect
      .poll(() => smartMaskPacks(person.editor).map(({ id, state }) => [id, state]))
      .toEqual([['sam', 'broken']])
  })
})
