import { describe, expect, it } from 'vitest'
import { MemoryHost } from '../testing/memory-host.ts'
import { objectRecord, Person, pictureHeight, pictureWidth, video } from '../testing/person.ts'

const dog = objectRecord('dog', { order: 1 })
const cat = objectRecord('cat', { order: 2, color: '#56b4e9' })

async function withAnimals(): Promise<Person> {
  const person = await Person.sitsDown(new MemoryHost([video, dog, cat]))
  await person.finds('dog', 0, [10, 10, 40, 40])
  await person.finds('cat', 0, [30, 30, 40, 40])
  return person
}

describe('the box tool', () => {
  it('makes a new object with a box that stays a box, in one step', async () => {
    const person = await Person.sitsDown()
    person.takes('box').press([10, 10]).drag([25, 20])
    expect(person.toolState).toBe('drawing')
    expect(person.editor.toolbox.overlay().paths[0]?.points).toEqual([10, 10, 25, 10, 25, 20, 10, 20])
    person.drag([30, 20]).release()
    await person.rest()
    expect(person.toolState).toBe('idle')
    expect(person.objects.map(({ name, color }) => [name, color])).toEqual([['object 1', '#e69f00']])
    expect(person.mask('object 1')).toMatchObject({
      state: 'keyframe',
      method: 'drawn',
      area: 200,
      box: [10, 10, 20, 10],
      outline: { type: 'box', box: [10, 10, 20, 10] },
    })
    expect(person.host.log).toHaveLength(1)
    await person.types('Mod+Z')
    expect(person.objects).toEqual([])
  })

  it('leaves nothing behind on Escape, and nothing for a mere click', async () => {
    const person = await Person.sitsDown()
    person.takes('box').press([10, 10]).drag([50, 50])
    await person.types('Escape')
    person.release().click([20, 20])
    await person.rest()
    expect(person.objects).toEqual([])
    expect(person.host.log).toEqual([])
  })

  it('keeps within the picture', async () => {
    const person = await Person.sitsDown()
    person.takes('box').press([190, 90]).drag([400, 400]).release()
    expect(person.mask('object 1')?.box).toEqual([190, 90, 10, 10])
  })
})

describe('the brush', () => {
  it('paints a round dot of the size it shows', async () => {
    const person = await Person.sitsDown()
    await person.editor.run('tool.set-options', { brushSize: 20 })
    person.takes('brush').click([50, 50])
    const area = person.mask('object 1')?.area ?? 0
    expect(Math.abs(area - Math.PI * 100)).toBeLessThan(12)
    expect(person.editor.toolbox.overlay().ring).toMatchObject({ radius: 10, erases: false })
  })

  it('is one change a stroke, however far, and shows the stroke while it is drawn', async () => {
    const person = await Person.sitsDown()
    person.takes('brush').press([20, 50]).drag([60, 50], [100, 50])
    const draft = person.editor.toolbox.overlay().draft
    expect(person.toolState).toBe('drawing')
    expect(draft?.bitmap.data[50 * pictureWidth + 80]).toBe(1)
    expect(draft?.changedSince(0)).toEqual([10, 40, 100, 20])
    person.release()
    await person.rest()
    expect(person.host.log).toHaveLength(1)
    expect(person.covers('object 1', [60, 50])).toBe(true)
    expect(person.covers('object 1', [60, 65])).toBe(false)
  })

  it('draws thinner with less pressure', async () => {
    const person = await Person.sitsDown()
    person.takes('brush').press([20, 20], { pressure: 0.2 }).release()
    person.editor.select([])
    person.click([60, 60], { pressure: 1 })
    expect(person.mask('object 1')?.area).toBeLessThan((person.mask('object 2')?.area ?? 0) / 10)
  })

  it('draws a straight line from the last stroke with Shift', async () => {
    const person = await Person.sitsDown()
    person.takes('brush').click([20, 20]).click([120, 20], { shift: true })
    expect(person.covers('object 1', [70, 20])).toBe(true)
  })

  it('forgets a stroke on Escape', async () => {
    const person = await Person.sitsDown()
    person.takes('brush').press([20, 20]).drag([100, 20])
    await person.types('Escape')
    person.release()
    expect(person.objects).toEqual([])
  })

  it('makes a propagated mask a keyframe', async () => {
    const person = await withAnimals()
    await person.finds('dog', 20, [10, 10, 40, 40])
    await person.findsPropagated('dog', 10, [10, 10, 40, 40], 0.4)
    person.editor.showFrame(10)
    person.selects('dog').takes('brush').click([80, 80])
    expect(person.mask('dog')).toMatchObject({
      state: 'keyframe',
      method: 'drawn',
      confidence: null,
      left: null,
      right: null,
    })
  })

  it('gives the first drawing after an outside mark back into view', async () => {
    const person = await withAnimals()
    person.editor.showFrame(5)
    person.selects('dog')
    await person.types('O')
    person.editor.showFrame(8)
    person.takes('brush').click([50, 50])
    expect(person.mask('dog', 8)).toMatchObject({ state: 'keyframe', outside: false })
    expect(person.mask('dog', 8)?.area).toBeGreaterThan(0)
  })
})

describe('the eraser', () => {
  it('takes from the selected object', async () => {
    const person = await withAnimals()
    person.selects('dog').takes('eraser').press([0, 20]).drag([100, 20]).release()
    expect(person.covers('dog', [20, 20])).toBe(false)
    expect(person.covers('dog', [20, 40])).toBe(true)
    expect(person.mask('cat')?.area).toBe(1600)
  })

  it('takes from the nearest object under it when nothing is selected', async () => {
    const person = await withAnimals()
    person.takes('eraser').click([40, 40])
    expect(person.covers('cat', [40, 40])).toBe(false)
    expect(person.mask('dog')?.area).toBe(1600)
  })

  it('says so when there is nothing to erase', async () => {
    const person = await withAnimals()
    person.takes('eraser').click([150, 80])
    expect(person.sentence).toMatch(/nothing to erase/)
  })

  it('can take everything: the mask is empty and stays a keyframe', async () => {
    const person = await withAnimals()
    await person.editor.run('tool.set-options', { brushSize: 200 })
    person.selects('dog').takes('eraser').click([30, 30])
    expect(person.mask('dog')).toMatchObject({ shape: null, box: null, area: 0, state: 'keyframe' })
  })
})

describe('overlaps', () => {
  it('leaves other objects alone by order', async () => {
    const person = await withAnimals()
    person.selects('dog').takes('brush').press([50, 50]).drag([60, 60]).release()
    expect(person.mask('cat')?.area).toBe(1600)
  })

  it('takes pixels from others when asked to, but none from a locked one', async () => {
    const person = await withAnimals()
    await person.editor.run('tool.set-options', { overlap: 'take', brushSize: 10 })
    person.selects('dog').takes('brush').click([60, 60])
    expect(person.covers('cat', [60, 60])).toBe(false)
    expect(person.covers('dog', [60, 60])).toBe(true)
    await person.editor.run('object.lock', { objectIds: [cat.id] })
    person.click([60, 40])
    expect(person.covers('cat', [60, 40])).toBe(true)
    expect(person.covers('dog', [60, 40])).toBe(false)
  })

  it('keeps off others when asked to', async () => {
    const person = await withAnimals()
    await person.editor.run('tool.set-options', { overlap: 'keep', brushSize: 40 })
    person.selects('dog').takes('brush').click([75, 50])
    expect(person.mask('cat')?.area).toBe(1600)
    expect(person.covers('dog', [60, 50])).toBe(false)
    expect(person.covers('dog', [80, 50])).toBe(true)
  })
})

describe('flood fill', () => {
  it('fills like-coloured pixels of the picture', async () => {
    const person = await Person.sitsDown()
    const data = new Uint8ClampedArray(pictureWidth * pictureHeight * 4).fill(200)
    for (let y = 20; y < 40; y++) data.fill(10, (y * pictureWidth + 30) * 4, (y * pictureWidth + 60) * 4)
    person.editor.picturePixels = () => ({ width: pictureWidth, height: pictureHeight, data })
    person.takes('fill').click([40.5, 30.5])
    expect(person.mask('object 1')).toMatchObject({ box: [30, 20, 30, 20], area: 600 })
  })

  it('says when the picture is not here', async () => {
    const person = await Person.sitsDown()
    person.takes('fill').click([40, 30])
    expect(person.sentence).toBe('The picture of frame 0 is not here yet.')
  })

  it('fills the hole that was clicked and refuses what is none', async () => {
    const person = await withAnimals()
    await person.editor.run('tool.set-options', { fillSource: 'hole', brushSize: 8 })
    person.selects('dog').takes('eraser').click([20, 20])
    person.takes('fill').click([20, 20])
    expect(person.mask('dog')?.area).toBe(1600)
    person.click([150, 50])
    expect(person.sentence).toBe('This is no hole: it reaches the edge of the picture.')
  })
})

describe('the lasso', () => {
  it('adds, and with Alt takes away', async () => {
    const person = await withAnimals()
    person.selects('dog').takes('lasso').press([100, 10]).drag([140, 10], [140, 50], [100, 50]).release()
    expect(person.mask('dog')?.area).toBe(3200)
    person
      .press([100, 10], { alt: true })
      .dragWith({ alt: true }, [140, 10], [140, 50], [100, 50])
      .release({ alt: true })
    expect(person.mask('dog')?.area).toBe(1600)
  })
})

describe('the select tool', () => {
  it('picks the nearest object under the pointer; Shift adds; an empty place lets go', async () => {
    const person = await withAnimals()
    person.takes('select').click([40, 40])
    expect(person.editor.selectedObjects.map(({ name }) => name)).toEqual(['cat'])
    person.click([15, 15], { shift: true })
    expect(person.editor.selectedObjects.map(({ name }) => name)).toEqual(['cat', 'dog'])
    person.click([190, 90])
    expect(person.editor.selectedObjects).toEqual([])
  })

  it('does not see hidden objects', async () => {
    const person = await withAnimals()
    await person.editor.run('object.hide', { objectIds: [cat.id] })
    person.click([40, 40])
    expect(person.editor.selectedObjects.map(({ name }) => name)).toEqual(['dog'])
  })

  it('moves a mask by whole pixels, in one step', async () => {
    const person = await withAnimals()
    const steps = person.host.log.length
    person.click([15, 15]).press([15, 15]).drag([20, 15], [25.4, 15])
    expect(person.toolState).toBe('moving')
    person.release()
    await person.rest()
    expect(person.mask('dog')?.box).toEqual([20, 10, 40, 40])
    expect(person.host.log).toHaveLength(steps + 1)
  })

  it('does not move for the tremble of a click', async () => {
    const person = await withAnimals()
    const steps = person.host.log.length
    person.press([15, 15]).drag([17, 16]).release()
    await person.rest()
    expect(person.host.log).toHaveLength(steps)
  })

  it('tells which object the pointer is over', async () => {
    const person = await withAnimals()
    person.hover([15, 15])
    expect(person.editor.now.hoverObjectId).toBe(dog.id)
  })
})

describe('refusals', () => {
  it.each(['brush', 'box', 'polygon', 'lasso', 'eraser'] as const)(
    '%s does not draw on a locked object',
    async (tool) => {
      const person = await withAnimals()
      person.selects('dog')
      await person.editor.run('object.lock')
      const before = person.mask('dog')
      person.takes(tool).press([20, 20]).drag([60, 20], [60, 60]).release()
      expect(person.sentence).toBe('dog is locked: unlock it to change it.')
      expect(person.toolState).toBe('idle')
      expect(person.mask('dog')).toEqual(before)
    },
  )

  it('draws on no object while several are selected', async () => {
    const person = await withAnimals()
    person.selects('dog', 'cat').takes('brush').click([20, 20])
    expect(person.sentence).toBe('2 objects are selected: select one to draw on it.')
  })

  it('draws nothing while the picture on screen is another frame', async () => {
    const person = await withAnimals()
    person.editor.set({ shownFrameIndex: 0 })
    person.editor.showFrame(3)
    person.takes('brush').click([100, 80])
    expect(person.sentence).toBe('Frame 3 is still being decoded.')
    expect(person.objects).toHaveLength(2)
  })
})

describe('panning', () => {
  it('moves the picture with the pan tool, and with Space whatever the tool', async () => {
    const person = await withAnimals()
    const { panX } = person.editor.now.view
    person.takes('brush')
    person.editor.toolbox.holdPan(true)
    person.press([50, 50]).drag([70, 50]).release()
    person.editor.toolbox.holdPan(false)
    expect(person.editor.now.view.panX).toBe(panX + 20)
    expect(person.objects).toHaveLength(2)
  })
})
