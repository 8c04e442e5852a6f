import { describe, expect, it } from 'vitest'
import { chosenEngine, runEngines } from './run-engine.ts'
import { MemoryHost } from './testing/memory-host.ts'
import { packInfo, packPlan } from './testing/memory-packs.ts'
import { Person, video } from './testing/person.ts'

const tracker = packInfo()
const segmenter = packInfo(packPlan({ id: 'clicker', name: 'Clicker', role: 'segment-image' }))

async function withPacks() {
  const host = new MemoryHost([video])
  host.models = { ...host.models, packs: [tracker, segmenter] }
  const person = await Person.sitsDown(host)
  const choose = (packId: string | null) =>
    person.editor.run('pack.choose', { role: 'segment-video', packId })
  return { host, person, choose, engine: () => chosenEngine(person.editor.now.models) }
}

describe('what a propagation runs on', () => {
  it('is our own engine until a pack is chosen, and again when the person switches back', async () => {
    const { choose, engine, host } = await withPacks()
    expect(engine()).toEqual({ packId: null, name: 'Inbetween’s own', sentence: null })
    await choose('tiny')
    expect(engine().name).toBe('Tiny tracker')
    expect(host.settings.models['segment-video']).toBe('tiny')
    await choose(null)
    expect(engine().packId).toBeNull()
  })

  it('can be every pack that follows objects, and none that does something else', async () => {
    const { person } = await withPacks()
    expect(runEngines(person.editor.now.models).map(({ name }) => name)).toEqual([
      'Inbetween’s own',
      'Tiny tracker',
    ])
    expect(runEngines(null)).toHaveLength(1)
  })

  it('is told when it was chosen in another window, and says what is wrong with it', async () => {
    const { host, engine } = await withPacks()
    const chosen = { ...host.models.chosen, 'segment-video': 'tiny' }
    host.tellModels({
      chosen,
      packs: [packInfo(packPlan(), { state: 'broken', sentence: 'Its encoder is gone.' })],
    })
    await expect
      .poll(engine)
      .toEqual({ packId: 'tiny', name: 'Tiny tracker', sentence: 'Its encoder is gone.' })
    host.tellModels({ packs: [] })
    await expect.poll(() => engine().sentence).toBe('It is not here any more: choose another.')
  })
})
