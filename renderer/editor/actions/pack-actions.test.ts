import { describe, expect, it, vi } from 'vitest'
import { UserError } from '../../../main/core/user-error.ts'
import type { PackOffer } from '../pack-desk.ts'
import { MemoryHost } from '../testing/memory-host.ts'
import { packInfo, packPlan } from '../testing/memory-packs.ts'
import { Person, video } from '../testing/person.ts'

const address = 'https://example.org/tiny.zip'
const offer: PackOffer = { source: { type: 'url', url: address }, name: address }

async function atTheList() {
  const host = new MemoryHost([video])
  host.packs.offers.set(address, packPlan())
  const person = await Person.sitsDown(host)
  const { editor } = person
  await editor.run('pack.list')
  return {
    host,
    person,
    editor,
    looks: () => editor.run('pack.look', { offer }),
    agrees: () => editor.run('pack.agree'),
    ofPack: (verb: 'check' | 'time' | 'remove') => editor.run(`pack.${verb}`, { packId: 'tiny' }),
    get adding() {
      return editor.packs.now.adding
    },
    get work() {
      return editor.packs.now.work
    },
    get packNames() {
      return editor.now.models?.packs.map(({ name }) => name)
    },
  }
}

async function withTiny() {
  const list = await atTheList()
  list.host.tellModels({ packs: [packInfo()] })
  await expect.poll(() => list.packNames).toEqual(['Tiny tracker'])
  return list
}

describe('adding a network', () => {
  it('shows the licence first, and fetches nothing before the person agreed', async () => {
    const list = await atTheList()
    expect(await list.agrees()).toBe(false)
    expect(list.person.sentence).toBe('Look at a network first: its licence is shown.')
    await list.looks()
    expect(list.adding).toMatchObject({
      name: 'planned',
      note: null,
      plan: { licence: { spdx: 'Apache-2.0' } },
    })
    expect(list.host.calls).not.toContain('addPack')
    await list.agrees()
    expect(list.adding).toMatchObject({ name: 'added', report: { state: 'ready' } })
    await expect.poll(() => list.packNames).toEqual(['Tiny tracker'])
    expect(list.person.sentence).toBe('Tiny tracker 1.0.0 was added.')
  })

  it('says how far it is, and lets nothing else begin meanwhile', async () => {
    const list = await withTiny()
    await list.looks()
    list.host.packs.hold()
    const adding = list.agrees()
    await expect.poll(() => list.work?.progress?.done).toBe(33_333_333)
    expect(list.work).toMatchObject({ type: 'add', progress: { stage: 'fetch', at: 'encoder.onnx' } })
    expect(await list.ofPack('check')).toBe(false)
    expect(list.person.sentence).toBe('Tiny tracker is being added: wait until that is done, or cancel it.')
    list.host.packs.goOn()
    await adding
    expect(list.work).toBeNull()
  })

  it('says how long the fetch will still take, by what has come', async () => {
    const clock = vi.spyOn(performance, 'now').mockReturnValue(1000)
    const list = await atTheList()
    await list.looks()
    list.host.packs.hold()
    const adding = list.agrees()
    await expect.poll(() => list.work?.progress?.done).toBe(33_333_333)
    expect(list.work?.secondsLeft).toBeNull()
    clock.mockReturnValue(11_000)
    list.host.packs.goOn()
    list.host.packs.hold()
    await expect.poll(() => list.work?.secondsLeft).toBeCloseTo(10)
    clock.mockRestore()
    list.host.packs.goOn()
    await adding
  })

  it('keeps what was fetched when it is cancelled, and goes on from there', async () => {
    const list = await atTheList()
    await list.looks()
    list.host.packs.hold()
    const adding = list.agrees()
    await expect.poll(() => list.work?.progress).not.toBeNull()
    await list.editor.run('pack.cancel')
    await expect.poll(() => list.work?.type).toBe('look')
    list.host.packs.goOn()
    await adding
    expect(list.adding).toMatchObject({
      name: 'planned',
      plan: { heldByteLength: 33_333_333 },
      note: 'Cancelled. What was fetched is kept: Add goes on from there.',
    })
    expect(list.packNames).toEqual([])
    await list.agrees()
    expect(list.adding?.name).toBe('added')
  })

  it('of a folder says after a cancel that nothing was added, for nothing was fetched', async () => {
    const list = await atTheList()
    list.host.packs.offers.set('/tiny', packPlan())
    await list.editor.run('pack.look', { offer: { source: { type: 'path', path: '/tiny' }, name: 'tiny' } })
    list.host.packs.hold()
    const adding = list.agrees()
    await expect.poll(() => list.work?.progress).not.toBeNull()
    await list.editor.run('pack.cancel')
    list.host.packs.goOn()
    await adding
    expect(list.adding).toMatchObject({ name: 'planned', note: 'Cancelled. Nothing was added.' })
  })

  it('looks no further when the look itself is cancelled', async () => {
    const list = await atTheList()
    list.host.packs.hold()
    const looking = list.looks()
    await expect.poll(() => list.adding?.name).toBe('looking')
    await list.editor.run('pack.cancel')
    await looking
    expect(list.adding).toEqual({ name: 'asking' })
  })

  it('is refused with the sentence, and can be tried again', async () => {
    const list = await atTheList()
    await list.looks()
    list.host.packs.failNext = new UserError('no-space', 'The disk is full. Make room for 67 MB.')
    await list.agrees()
    expect(list.adding).toMatchObject({ name: 'refused', sentence: 'The disk is full. Make room for 67 MB.' })
    await list.looks()
    expect(list.adding).toMatchObject({ name: 'planned', plan: { heldByteLength: 33_333_333 } })
  })

  it('adds nothing that failed a check, and shows which', async () => {
    const list = await atTheList()
    await list.looks()
    list.host.packs.wrong.set('tiny', 'encoder.onnx is not the file that the manifest names.')
    await list.agrees()
    expect(list.adding).toMatchObject({
      name: 'refused',
      sentence: 'encoder.onnx is not the file that the manifest names.',
      report: { checks: [{ what: 'file encoder.onnx', right: false }] },
    })
    expect(list.packNames).toEqual([])
  })

  it('that changed since it was shown is refused', async () => {
    const list = await atTheList()
    await list.looks()
    list.host.packs.offers.set(address, packPlan({ manifestHash: 'hash-2' }))
    await list.agrees()
    expect(list.adding).toMatchObject({
      name: 'refused',
      sentence: 'The manifest changed since it was shown. Look at it again.',
    })
  })

  it('goes on while the list is closed, and says at the end what became of it', async () => {
    const list = await atTheList()
    await list.looks()
    list.host.packs.hold()
    const adding = list.agrees()
    await expect.poll(() => list.work).not.toBeNull()
    list.editor.closeDialog()
    list.host.packs.failNext = new UserError('gone', 'example.org does not answer. Try again later.')
    list.host.packs.goOn()
    await adding
    expect(list.person.sentence).toBe('example.org does not answer. Try again later.')
    await list.editor.run('pack.add')
    expect(list.editor.now.dialog).toEqual({ type: 'models' })
    expect(list.adding).toEqual({ name: 'asking' })
  })

  it('is put away without a word', async () => {
    const list = await atTheList()
    await list.editor.run('pack.add')
    await list.looks()
    await list.editor.run('pack.put-away')
    expect(list.adding).toBeNull()
    expect(list.host.calls).not.toContain('addPack')
  })
})

describe('a network that is here', () => {
  it('is checked: what was found stands with it, and the list knows that it is broken', async () => {
    const list = await withTiny()
    await list.ofPack('check')
    expect(list.editor.packs.now.outcomes.tiny).toMatchObject({ type: 'checked', report: { state: 'ready' } })
    list.host.packs.wrong.set('tiny', 'encoder.onnx was changed. Add the pack again.')
    await list.ofPack('check')
    expect(list.editor.packs.now.outcomes.tiny).toMatchObject({
      report: { state: 'broken', sentence: 'encoder.onnx was changed. Add the pack again.' },
    })
    await expect.poll(() => list.editor.now.models?.packs[0]?.state).toBe('broken')
  })

  it('is timed on this machine', async () => {
    const list = await withTiny()
    await list.ofPack('time')
    expect(list.editor.packs.now.outcomes.tiny).toMatchObject({
      type: 'timed',
      graphs: [{ part: 'encoder', runMs: 48, provider: 'cpu' }],
    })
  })

  it('says that a check was cancelled, or why it failed', async () => {
    const list = await withTiny()
    list.host.packs.hold()
    const checking = list.ofPack('check')
    await expect.poll(() => list.work?.progress).not.toBeNull()
    await list.editor.run('pack.cancel')
    await checking
    expect(list.editor.packs.now.outcomes.tiny).toEqual({ type: 'cancelled', work: 'check' })
    list.host.packs.goOn()
    list.host.packs.failNext = new UserError('lost', 'Its process ended. Try again.')
    await list.ofPack('time')
    expect(list.editor.packs.now.outcomes.tiny).toEqual({
      type: 'failed',
      work: 'time',
      sentence: 'Its process ended. Try again.',
    })
    expect(await list.editor.run('pack.cancel')).toBe(false)
    expect(list.person.sentence).toBe('Nothing is being done with a network.')
  })

  it('takes over a job, gives it back, and is refused a job that it cannot do', async () => {
    const list = await withTiny()
    const chosen = () => list.editor.now.models?.chosen
    await list.editor.run('pack.choose', { role: 'segment-video', packId: 'tiny' })
    expect(chosen()?.['segment-video']).toBe('tiny')
    await list.editor.run('pack.choose', { role: 'segment-video', packId: null })
    expect(chosen()?.['segment-video']).toBeNull()
    expect(await list.editor.run('pack.choose', { role: 'segment-image', packId: 'tiny' })).toBe(false)
    expect(list.person.sentence).toBe('There is no pack tiny.')
  })

  it('is removed, and its job goes back to what comes with the app', async () => {
    const list = await withTiny()
    await list.editor.run('pack.choose', { role: 'segment-video', packId: 'tiny' })
    await list.ofPack('time')
    await list.ofPack('remove')
    expect(list.packNames).toEqual([])
    expect(list.editor.now.models?.chosen['segment-video']).toBeNull()
    expect(list.editor.packs.now.outcomes).toEqual({})
    expect(list.person.sentence).toBe('Tiny tracker was removed.')
  })

  it('can be neither checked nor chosen while the program cannot be reached', async () => {
    const list = await withTiny()
    list.host.cut()
    await expect.poll(() => list.editor.now.connection).toBe('lost')
    const lost = 'The connection to the program is lost: wait until it is back.'
    expect(await list.ofPack('check')).toBe(false)
    expect(list.person.sentence).toBe(lost)
    list.editor.say('')
    expect(await list.editor.run('pack.choose', { role: 'segment-video', packId: 'tiny' })).toBe(false)
    expect(list.person.sentence).toBe(lost)
  })
})
