import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isUserError } from '../user-error.ts'
import { readClassList } from './class-list.ts'
import { classNumbers } from './class-numbers.ts'
import { cocoClasses, vipsegClasses } from './class-tables.ts'

const names = (text: string) => readClassList(text, 'classes').map(({ name }) => name)

describe('known lists', () => {
  test('COCO has 80 things with its official numbers', () => {
    const classes = cocoClasses()
    expect(classes).toHaveLength(80)
    expect(new Set(classes.map(({ name }) => name)).size).toBe(80)
    const number = (name: string) => classes.find((entry) => entry.name === name)?.exportId
    expect([
      number('person'),
      number('fire hydrant'),
      number('stop sign'),
      number('backpack'),
      number('toothbrush'),
    ]).toEqual([1, 11, 13, 27, 90])
    const ids = classes.map(({ exportId }) => exportId)
    for (const unused of [12, 26, 29, 30, 45, 66, 68, 69, 71, 83]) expect(ids).not.toContain(unused)
  })

  test('VIPSeg has 124 classes from 0, 58 of them things', () => {
    const classes = vipsegClasses()
    expect(classes.map(({ exportId }) => exportId)).toEqual(Array.from({ length: 124 }, (_, i) => i))
    expect(classes.filter(({ stuff }) => !stuff)).toHaveLength(58)
    expect([classes[0], classes[60], classes[123]].map((entry) => [entry!.name, entry!.stuff])).toEqual([
      ['wall', true],
      ['person', false],
      ['train', false],
    ])
  })
})

describe('a class file', () => {
  test('of plain text has a name a line', () => {
    expect(names('\uFEFFdog\r\n\r\n# pets\n  cat with hat \n')).toEqual(['dog', 'cat with hat'])
  })

  test('of JSON may be names, objects, a dataset or a table', () => {
    expect(names('["dog", " cat "]')).toEqual(['dog', 'cat'])
    expect(readClassList('[{"id": 0, "name": "wall", "isthing": 0, "color": [120, 120, 120]}]', 'c')).toEqual(
      [{ name: 'wall', stuff: true, exportId: 0, color: '#787878' }],
    )
    expect(readClassList('{"categories": [{"id": 3, "name": "car", "supercategory": "x"}]}', 'c')).toEqual([
      { name: 'car', stuff: false, exportId: 3, color: null },
    ])
    expect(
      readClassList('{"wall": "1", "others": 0}', 'c').map(({ name, exportId }) => [name, exportId]),
    ).toEqual([
      ['wall', 1],
      ['others', 0],
    ])
  })

  test('that is wrong is refused by file and entry', () => {
    expect(() => readClassList('', 'a.txt')).toThrow('a.txt names no classes')
    expect(() => readClassList('dog\ndog', 'a.txt')).toThrow('a.txt names the class dog twice')
    expect(() => readClassList('[{"name": ""}]', 'a.json')).toThrow('a.json: entry 0 has no name')
    expect(() => readClassList('{"wall": "one"}', 'a.json')).toThrow('the class wall has no number')
    expect(() => readClassList('[1,', 'a.json')).toThrow('a.json is not readable JSON')
  })

  test('of anything gives classes or a sentence', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc
            .array(fc.record({ name: fc.string(), id: fc.anything() }, { requiredKeys: [] }))
            .map((list) => JSON.stringify(list)),
        ),
        (text) => {
          try {
            expect(readClassList(text, 'x').every(({ name }) => name.trim() !== '')).toBe(true)
          } catch (error) {
            expect(isUserError(error)).toBe(true)
          }
        },
      ),
    )
  })
})

describe('category numbers', () => {
  const list = (...ids: (number | null)[]) =>
    ids.map((exportId, i) => ({ name: `c${i}`, stuff: false, exportId }))

  test('given ones are kept, the others fill the gaps in order', () => {
    expect(classNumbers(list(3, null, 1, null), 1)).toMatchObject({
      ids: [3, 2, 1, 4],
      withoutClass: 5,
      converted: [],
    })
    expect(classNumbers(list(null, null), 0)).toMatchObject({ ids: [0, 1], withoutClass: 2 })
  })

  test('what cannot be kept is told', () => {
    const { ids, converted } = classNumbers(list(0, 7, 7), 1)
    expect(ids).toEqual([1, 7, 2])
    expect(converted).toEqual([
      'The class c0 could not keep its number 0: numbers begin at 1 here.',
      'The class c2 could not keep its number 7: another class has it.',
    ])
  })

  test('are always different and never below the lowest', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.nat(12)), { maxLength: 12 }),
        fc.constantFrom<0 | 1>(0, 1),
        (ids, lowest) => {
          const numbers = classNumbers(list(...ids), lowest)
          const all = [...numbers.ids, numbers.withoutClass]
          expect(new Set(all).size).toBe(all.length)
          expect(Math.min(...all)).toBeGreaterThanOrEqual(lowest)
        },
      ),
    )
  })
})
