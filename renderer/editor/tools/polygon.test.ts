import { describe, expect, it } from 'vitest'
import { MemoryHost } from '../testing/memory-host.ts'
import { objectRecord, Person, pictureHeight, pictureWidth, video } from '../testing/person.ts'

describe('the polygon tool', () => {
  it.each([
    ['Enter', async (person: Person) => person.types('Enter')],
    ['a double click', async (person: Person) => void person.doubleClick([20, 40])],
    ['a click on the first vertex', async (person: Person) => void person.click([12, 12])],
  ])('closes by %s', async (_how, close) => {
    const person = await Person.sitsDown()
    person.takes('polygon').click([10, 10]).click([50, 10]).click([50, 50])
    expect(person.toolState).toBe('drawing')
    await close(person)
    await person.rest()
    expect(person.toolState).toBe('idle')
    const outline = person.mask('object 1')?.outline
    expect(outline?.type).toBe('polygon')
    expect(person.mask('object 1')?.area).toBeGreaterThan(600)
    expect(person.host.log).toHaveLength(1)
  })

  it('takes vertices back with Backspace and with undo, and all of it with Escape', async () => {
    const person = await Person.sitsDown()
    person.takes('polygon').click([10, 10]).click([50, 10]).click([50, 50]).click([10, 50])
    await person.types('Backspace', 'Mod+Z')
    expect(person.editor.toolbox.overlay().handles).toHaveLength(2)
    await person.types('Escape')
    expect(person.toolState).toBe('idle')
    expect(person.objects).toEqual([])
  })

  it('does not close with two vertices', async () => {
    const person = await Person.sitsDown()
    person.takes('polygon').click([10, 10]).click([50, 10])
    await person.types('Enter')
    expect(person.sentence).toBe('A polygon needs three vertices.')
    expect(person.toolState).toBe('drawing')
  })

  it('subtracts with Alt from what is there, and the mask is no polygon any more', async () => {
    const person = await Person.sitsDown(new MemoryHost([video, objectRecord('dog')]))
    await person.finds('dog', 0, [10, 10, 40, 40])
    person.selects('dog').takes('polygon')
    person.click([10, 10], { alt: true }).click([30, 10]).click([30, 30]).click([10, 30])
    await person.types('Enter')
    expect(person.mask('dog')).toMatchObject({ area: 40 * 40 - 400, outline: null })
  })

  it('finishes a polygon that can stand when another frame is shown, on the frame it was begun', async () => {
    const person = await Person.sitsDown()
    person.takes('polygon').click([10, 10]).click([50, 10]).click([50, 50])
    await person.types('F')
    expect(person.editor.now.frameIndex).toBe(1)
    expect(person.mask('object 1', 0)?.area).toBeGreaterThan(600)
  })
})

describe('vertex editing', () => {
  async function withTriangle(): Promise<Person> {
    const person = await Person.sitsDown()
    person.takes('polygon').click([20, 20]).click([100, 20]).click([100, 80])
    await person.types('Enter')
    person.takes('select')
    return person
  }

  it('drags a vertex', async () => {
    const person = await withTriangle()
    person.press([20, 20]).drag([40, 20])
    expect(person.toolState).toBe('reshaping')
    person.release()
    expect(person.mask('object 1')?.outline).toEqual({ type: 'polygon', rings: [[40, 20, 100, 20, 100, 80]] })
    expect(person.mask('object 1')?.area).toBeCloseTo(1800, -2)
  })

  it('inserts one by dragging the middle of an edge, and deletes it with Alt and a click', async () => {
    const person = await withTriangle()
    person.press([60, 20]).drag([60, 5]).release()
    expect(person.mask('object 1')?.outline).toEqual({
      type: 'polygon',
      rings: [[20, 20, 60, 5, 100, 20, 100, 80]],
    })
    person.click([60, 5], { alt: true })
    expect(person.mask('object 1')?.outline).toEqual({ type: 'polygon', rings: [[20, 20, 100, 20, 100, 80]] })
  })

  it('inserts one where the polygon tool clicks an edge', async () => {
    const person = await withTriangle()
    person.takes('polygon').click([85, 21])
    expect(person.mask('object 1')?.outline).toEqual({
      type: 'polygon',
      rings: [[20, 20, 85, 21, 100, 20, 100, 80]],
    })
    expect(person.objects).toHaveLength(1)
  })

  it('deletes the vertex under the pointer with Del, but not below three', async () => {
    const person = await withTriangle()
    person.hover([20, 20])
    await person.types('Delete')
    expect(person.sentence).toBe('A polygon needs three vertices: delete the mask instead.')
    expect(person.objects).toHaveLength(1)
  })

  it('puts the old form back on Escape', async () => {
    const person = await withTriangle()
    const before = person.mask('object 1')
    person.press([20, 20]).drag([60, 60])
    await person.types('Escape')
    person.release()
    expect(person.mask('object 1')).toEqual(before)
  })

  it('drags a side of a box', async () => {
    const person = await Person.sitsDown()
    person.takes('box').press([10, 10]).drag([30, 30]).release()
    person.takes('select').press([30, 20]).drag([50, 22]).release()
    expect(person.mask('object 1')).toMatchObject({
      area: 800,
      outline: { type: 'box', box: [10, 10, 40, 20] },
    })
  })
})

describe('the polygon with edges to snap to', () => {
  /** A light disc of radius 30 around (100, 50) on dark ground. */
  const disc = {
    width: pictureWidth,
    height: pictureHeight,
    data: Uint8ClampedArray.from({ length: 4 * pictureWidth * pictureHeight }, (_, i) => {
      const x = ((i >> 2) % pictureWidth) + 0.5
      const y = Math.floor((i >> 2) / pictureWidth) + 0.5
      return i % 4 === 3 ? 255 : Math.hypot(x - 100, y - 50) < 30 ? 200 : 60
    }),
  }
  const discArea = Math.PI * 30 * 30

  async function atTheDisc(): Promise<Person> {
    const person = await Person.sitsDown()
    person.editor.picturePixels = () => disc
    await person.editor.run('tool.snap-to-edges')
    return person.takes('polygon')
  }

  /** The same disc with upright red and white stripes on green. */
  const stripedDisc = {
    ...disc,
    data: Uint8ClampedArray.from(disc.data, (_, i) => {
      const ground = [90, 120, 80, 255]
      const stripe =
        Math.floor(((i >> 2) % pictureWidth) / 5) % 2 === 0 ? [240, 235, 225, 255] : [220, 60, 50, 255]
      return (disc.data[i - (i % 4)] === 60 ? ground : stripe)[i % 4]!
    }),
  }
  const onDisc = (degrees: number) =>
    [100 + 30 * Math.cos((degrees / 180) * Math.PI), 50 + 30 * Math.sin((degrees / 180) * Math.PI)] as const
  /** How far from the outline of the disc a line's vertices come. */
  function furthest(line: readonly number[]): number {
    const away = line.flatMap((x, i) =>
      i % 2 === 0 ? [Math.abs(Math.hypot(x - 100, line[i + 1]! - 50) - 30)] : [],
    )
    return Math.max(...away)
  }

  /** Three clicks beside the outline, as a hurried person does. */
  function clicksThrice(person: Person, mod = false): void {
    for (const at of [
      [131, 49],
      [85, 77],
      [84, 23],
    ] as const)
      person.click(at, { mod })
  }

  it('follows the outline from three rough clicks, where straight lines make a triangle', async () => {
    const person = await atTheDisc()
    clicksThrice(person)
    await person.types('Enter')
    expect(Math.abs((person.mask('object 1')?.area ?? 0) - discArea)).toBeLessThan(0.06 * discArea)
    expect(person.mask('object 1')?.outline?.type).toBe('polygon')
    await person.editor.run('tool.snap-to-edges')
    person.editor.select([])
    clicksThrice(person)
    await person.types('Enter')
    expect(person.mask('object 2')?.area).toBeLessThan(0.6 * discArea)
  })

  it('is straight while Ctrl is held, and follows edges with Ctrl where it does not otherwise', async () => {
    const person = await atTheDisc()
    clicksThrice(person, true)
    expect(person.editor.toolbox.overlay().paths[0]?.points.slice(0, 6)).toEqual([131, 49, 85, 77, 84, 23])
    await person.types('Escape')
    await person.editor.run('tool.snap-to-edges')
    clicksThrice(person, true)
    expect(person.editor.toolbox.overlay().paths[0]?.points.length).toBeGreaterThan(20)
  })

  it('shows the line to the pointer before the click, and takes back a whole line, not a vertex of it', async () => {
    const person = await atTheDisc()
    person.click([131, 49]).hover([85, 77])
    const shown = person.editor.toolbox.overlay().paths[0]?.points ?? []
    expect(shown.length).toBeGreaterThan(10)
    for (let i = 0; i < shown.length; i += 2)
      expect(Math.abs(Math.hypot(shown[i]! - 100, shown[i + 1]! - 50) - 30)).toBeLessThanOrEqual(1.5)
    person.click([85, 77])
    expect(person.editor.toolbox.overlay().handles).toHaveLength(2)
    await person.types('Backspace')
    expect(person.editor.toolbox.overlay().handles).toHaveLength(1)
    await person.types('Backspace')
    expect(person.toolState).toBe('idle')
  })

  it('learns what the outline looks like from what was clicked, and forgets what is taken back', async () => {
    const person = await atTheDisc()
    person.editor.picturePixels = () => stripedDisc
    const shown = () => person.editor.toolbox.overlay().paths[0]?.points ?? []
    const [first, second, third] = [onDisc(180), onDisc(270), onDisc(360)]
    person.click(second).hover(third)
    const untrained = shown()
    await person.types('Escape')
    person.click(first).click(second).hover(third)
    const trained = shown()
    expect(furthest(untrained)).toBeGreaterThan(3)
    expect(furthest(trained)).toBeLessThan(2)
    await person.types('Backspace', 'Backspace')
    person.click(second).hover(third)
    expect(shown()).toEqual(untrained)
    // A line drawn straight says nothing about edges.
    await person.types('Escape')
    person.click(first).click(second, { mod: true }).hover(third)
    expect(shown().slice(4)).toEqual(untrained.slice(2))
  })
})
