import { describe, expect, it } from 'vitest'
import { rleArea } from '../../../main/core/mask/rle.ts'
import { UserError } from '../../../main/core/user-error.ts'
import { MemoryHost } from '../testing/memory-host.ts'
import { objectRecord, Person, pictureHeight, pictureWidth, video } from '../testing/person.ts'

const dog = objectRecord('dog')
const exclude = { alt: true }
const rightButton = { button: 2 }

async function withSmartTool(host = new MemoryHost([video, dog])): Promise<Person> {
  const person = await Person.sitsDown(host, { correctionDelayMs: 100_000 })
  return person.takes('smart')
}

/** The dog propagated on frame 20 between keyframes at 0 and 40, selected, and the person there. */
async function atAPropagatedFrame(): Promise<Person> {
  const person = await withSmartTool()
  await person.finds('dog', 0, [10, 10, 40, 40])
  await person.finds('dog', 40, [10, 10, 40, 40])
  await person.findsPropagated('dog', 20, [10, 10, 40, 40])
  person.editor.showFrame(20)
  return person.selects('dog')
}

function previewCovers(person: Person, [x, y]: readonly [number, number]): boolean | null {
  const { draft } = person.editor.toolbox.overlay()
  return draft && draft.bitmap.data[y * pictureWidth + x] === 1
}

function areaOf(
  person: Person,
  hash: 'shape' | 'marked',
  name = 'dog',
  frame = person.editor.now.frameIndex,
) {
  const shape = person.mask(name, frame)?.[hash]
  return shape ? rleArea(person.editor.shapes.rle(shape, pictureWidth, pictureHeight)!) : null
}

describe('the smart mask on an empty frame', () => {
  it('is made from a box: shown at once, kept by Enter as a whole mask, in one step', async () => {
    const person = await withSmartTool()
    person.press([20, 20]).drag([60, 50])
    expect(person.editor.toolbox.overlay().paths[0]).toMatchObject({ dashed: true, closed: true })
    person.release()
    expect(person.toolState).toBe('working')
    expect(person.editor.now.toolNote).toBe('Working out the mask…')
    await person.rest()
    expect(person.toolState).toBe('marking')
    expect(person.editor.now.toolNote).toMatch(/^Mask from box, \d+ ms\. Enter accepts it/)
    expect(previewCovers(person, [30, 30])).toBe(true)
    expect(person.host.log).toEqual([])
    await person.types('Enter')
    expect(person.mask('object 1')).toMatchObject({
      state: 'keyframe',
      method: 'assisted',
      box: [20, 20, 40, 30],
    })
    expect(person.mask('object 1')).not.toHaveProperty('marked')
    expect(person.host.log).toHaveLength(1)
    await person.types('Mod+Z')
    expect(person.objects.map(({ name }) => name)).toEqual(['dog'])
  })

  it("is the selected object's where one is selected, which teaches what it looks like", async () => {
    const person = await withSmartTool()
    person.selects('dog').click([50, 50])
    await person.rest()
    expect(person.host.segmentRequests).toMatchObject([
      { objectId: dog.id, mask: null, box: null, marks: [{ inside: true, points: [50, 50], radius: 4 }] },
    ])
    // For the status bar: the answer's own time, and on what.
    const ranOn = { ownEngine: true, network: null }
    expect(person.editor.now.lastAnswer).toMatchObject({ ms: 1, ranOn })
    await person.types('Enter')
    expect(person.covers('dog', [50, 50])).toBe(true)
  })

  it('takes clicks and scribbles, and leaves out with Alt or the right button', async () => {
    const person = await withSmartTool()
    person.press([20, 20]).drag([60, 50]).release().click([80, 30])
    person.press([30, 30], exclude).dragWith(exclude, [50, 30]).release(exclude)
    person.click([25, 45], rightButton)
    await person.rest()
    expect(person.editor.toolbox.overlay().marks.map(({ inside }) => inside)).toEqual([true, false, false])
    expect(
      [
        [80, 30],
        [40, 30],
        [25, 45],
        [40, 45],
      ].map((at) => previewCovers(person, at as [number, number])),
    ).toEqual([true, false, false, true])
  })

  it('is sure only of its marks when the person goes on without accepting it', async () => {
    const person = await withSmartTool()
    person.selects('dog').click([50, 50])
    await person.rest()
    person.editor.showFrame(1)
    expect(person.toolState).toBe('idle')
    expect(areaOf(person, 'marked', 'dog', 0)).toBeGreaterThan(40)
    person.press([20, 20]).drag([60, 50]).release()
    await person.rest()
    person.takes('select')
    expect(areaOf(person, 'shape')).toBe(1200)
    expect(areaOf(person, 'marked')).toBeNull()
  })

  it('gives back mark by mark with Backspace and undo, everything with Escape, and writes nothing', async () => {
    const person = await withSmartTool()
    person.press([20, 20]).drag([60, 50]).release().click([80, 30]).click([90, 30])
    await person.rest()
    await person.types('Backspace', 'Mod+Z')
    expect(previewCovers(person, [80, 30])).toBe(false)
    expect(previewCovers(person, [30, 30])).toBe(true)
    await person.types('Backspace')
    expect(person.toolState).toBe('idle')
    person.click([80, 30])
    await person.types('Escape')
    expect(person.toolState).toBe('idle')
    await person.rest()
    expect(person.editor.toolbox.overlay()).toMatchObject({ draft: null, marks: [] })
    expect(person.host.log).toEqual([])
  })

  it('has nothing to leave out where there is nothing', async () => {
    const person = await withSmartTool()
    person.click([50, 50], exclude)
    expect(person.sentence).toMatch(/^There is nothing to leave out here/)
    expect(person.host.segmentRequests).toEqual([])
  })
})

describe('the smart mask on a propagated frame', () => {
  it('corrects the mask there is, and only the marks are truth', async () => {
    const person = await atAPropagatedFrame()
    person.click([70, 30]).click([20, 20], exclude)
    await person.rest()
    expect(person.host.segmentRequests[0]?.mask).not.toBeNull()
    await person.types('Enter')
    expect(person.mask('dog')).toMatchObject({ state: 'keyframe', method: 'assisted' })
    expect([person.covers('dog', [70, 30]), person.covers('dog', [20, 20])]).toEqual([true, false])
    const marked = areaOf(person, 'marked')!
    expect(marked).toBeGreaterThan(80)
    expect(marked).toBeLessThan(120)
    person.click([90, 30])
    await person.rest()
    await person.types('Enter')
    expect(areaOf(person, 'marked')).toBeGreaterThan(1.4 * marked)
  })

  it('is undone to the very record', async () => {
    const person = await atAPropagatedFrame()
    const before = person.mask('dog')
    person.click([70, 30])
    await person.rest()
    await person.types('Enter', 'Mod+Z')
    expect(person.mask('dog')).toEqual(before)
  })

  it('scribbles with a drag, and draws a box with Shift', async () => {
    const person = await atAPropagatedFrame()
    person.press([60, 30]).drag([70, 30], [80, 30]).release()
    await person.rest()
    person.press([60, 60], { shift: true }).dragWith({ shift: true }, [80, 80]).release({ shift: true })
    await person.rest()
    expect(person.host.segmentRequests.at(-1)).toMatchObject({
      box: [60, 60, 20, 20],
      marks: [{ inside: true, points: [60, 30, 70, 30, 80, 30] }],
    })
  })

  it('stays whole where the person had drawn or accepted the whole', async () => {
    const person = await atAPropagatedFrame()
    person.editor.showFrame(0)
    person.click([70, 30])
    await person.rest()
    await person.types('Enter')
    expect(person.covers('dog', [70, 30])).toBe(true)
    expect(areaOf(person, 'marked')).toBeNull()
  })
})

describe('an answer that is slow or fails', () => {
  it('is not asked for twice: what was marked meanwhile goes in one more request', async () => {
    const person = await withSmartTool()
    person.host.holdAnswers()
    person.click([20, 20]).click([40, 20]).click([60, 20]).click([80, 20])
    await person.rest()
    expect(person.host.segmentRequests).toHaveLength(1)
    person.host.letAnswersGo()
    await person.rest()
    expect(person.host.segmentRequests.map(({ marks }) => marks.length)).toEqual([1, 4])
    expect(previewCovers(person, [80, 20])).toBe(true)
  })

  it('is committed when it comes, on the frame it was marked on, by Enter or by going on', async () => {
    const person = await withSmartTool()
    person.selects('dog')
    person.host.holdAnswers()
    person.click([20, 20])
    await person.types('Enter')
    expect(person.mask('dog')).toBeUndefined()
    person.host.letAnswersGo()
    await person.rest()
    expect(person.covers('dog', [20, 20])).toBe(true)
    person.editor.showFrame(1)
    person.host.holdAnswers()
    person.click([20, 20])
    person.editor.showFrame(2)
    person.host.letAnswersGo()
    await person.rest()
    expect(person.covers('dog', [20, 20], 1)).toBe(true)
    expect(person.mask('dog', 2)).toBeUndefined()
  })

  it('says why there is no mask, keeps the marks, and asks again with Enter', async () => {
    const person = await withSmartTool()
    person.host.refuseNextSegment = new UserError('x', 'The picture of frame 0 cannot be read.')
    person.selects('dog').click([20, 20])
    await person.rest()
    expect(person.sentence).toBe('No mask of dog on frame 0: The picture of frame 0 cannot be read.')
    expect(person.toolState).toBe('failed')
    expect(person.editor.toolbox.overlay().marks).toHaveLength(1)
    await person.types('Enter')
    expect(person.covers('dog', [20, 20])).toBe(true)
    expect(person.toolState).toBe('idle')
  })

  it('gives way to what changed on the frame meanwhile', async () => {
    const person = await atAPropagatedFrame()
    person.click([70, 30])
    await person.rest()
    await person.finds('dog', 20, [50, 50, 10, 10])
    await person.types('Enter')
    expect(person.sentence).toBe('dog on frame 20 changed meanwhile: mark it again.')
    expect(person.covers('dog', [70, 30])).toBe(false)
  })
})

describe('where the engine cannot run', () => {
  it('the tool is refused with the reason', async () => {
    const person = await withSmartTool()
    const { hostInfo } = person.editor.now
    person.editor.set({
      hostInfo: { ...hostInfo!, engine: { error: 'The kernels are missing: run npm ci.' } },
    })
    expect(person.editor.can('tool.smart')).toBe('The kernels are missing: run npm ci.')
  })
})
