import { describe, expect, it } from 'vitest'
import { chosenEngine, runEngines } from './run-engine.ts'
import { MemoryHost } from './testing/memory-host.ts'
import { packInfo, packPlan } from './testing/memory-packs.ts'
import { Person, video } from './testing/person.ts'

const tracker = packInfo()
const segmenter = packInfo(packPlan({ id: 'clicker', name: 'Clicker', role: 'segment-image' }))
const corrector = packInfo(packPlan({ id: 'second-look', name: 'Second look', role: 'refine-mask' }), {
  builtIn: true,
})

async function withPacks(packs = [tracker, segmenter]) {
  const host = new MemoryHost([video])
  host.models = { ...host.models, packs }
  const person = await Person.sitsDown(host)
  const choose = (packId: string | null) =>
    person.editor.run('pack.choose', { role: 'segment-video', packId })
  return { host, person, choose, engine: () => chosenEngine(person.editor.now.models) }
}

const names = (person: Person) => runEngines(person.editor.now.models).map(({ name }) => name)

describe('what a propagation runs on', () => {
  it('is our own engine until a pack is chosen, and again when the person switches back', async () => {
    const { choose, engine, host } = await withPacks()
    expect(engine()).toMatchObject({ name: 'Inbetween’s own', sentence: null })
    await choose('tiny')
    expect(engine().name).toBe('Tiny tracker')
    expect(host.settings.models['segment-video']).toBe('tiny')
    await choose(null)
    expect(engine().key).toBe('own')
  })

  it('can be every pack that follows objects, and none that does something else', async () => {
    const { person } = await withPacks()
    expect(names(person)).toEqual(['Inbetween’s own', 'Tiny tracker'])
    expect(runEngines(null)).toHaveLength(1)
  })

  it('is our own engine, alone or with the network that comes with the app', async () => {
    const { person, host, engine } = await withPacks([corrector, tracker])
    expect(names(person)).toEqual([
      'Inbetween’s own',
      'Inbetween’s own, with its second look',
      'Tiny tracker',
    ])
    expect(engine().name).toBe('Inbetween’s own')
    const withNetwork = runEngines(person.editor.now.models)[1]!
    for (const choice of withNetwork.choices) await person.editor.run('pack.choose', choice)
    expect(host.settings.models).toMatchObject({ 'segment-video': null, 'refine-mask': 'second-look' })
    expect(engine().name).toBe('Inbetween’s own, with its second look')
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
      .toMatchObject({ key: 'segment-video/tiny', name: 'Tiny tracker', sentence: 'Its encoder is gone.' })
    host.tellModels({ packs: [] })
    await expect.poll(() => engine().sentence).toBe('It is not here any more: choose another.')
  })
})
