import { expect, it } from 'vitest'
import { treeLines } from './tree-lines.ts'

const text = (paths: readonly string[]) =>
  treeLines(paths).map(
    ({ depth, kind, text }) => `${'  '.repeat(depth)}${text}${kind === 'folder' ? '/' : ''}`,
  )

it('shows each folder once, its files below it', () => {
  expect(text(['ImageSets/train.txt', 'Annotations/dog/0.png', 'ImageSets/val.txt', 'meta.json'])).toEqual([
    'ImageSets/',
    '  train.txt',
    '  val.txt',
    'Annotations/',
    '  dog/',
    '    0.png',
    'meta.json',
  ])
})

it('cuts a long folder and says how many are left', () => {
  const paths = Array.from({ length: 9 }, (_, i) => `a/${i}.png`)
  expect(text(paths)).toEqual(['a/', '  0.png', '  1.png', '  2.png', '  3.png', '  … 5 more'])
  expect(text(paths.slice(0, 5)), 'one more is not worth a line').toHaveLength(6)
})

it('gives every line a key of its own', () => {
  const lines = treeLines(['a/b', 'a/c/b', 'b', 'a/c/d'])
  expect(new Set(lines.map(({ key }) => key)).size).toBe(lines.length)
})
