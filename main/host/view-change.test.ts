import { describe, expect, it } from 'vitest'
import { emptyDiff } from '../core/diff.ts'
import { Store } from '../core/store.ts'
import { testMedia } from '../core/test-records.ts'
import { checkViewChange } from './view-change.ts'

const dog = testMedia('m1')
const stolen = {
  ...dog,
  source: { type: 'video', path: '/etc/passwd', byteLength: 1, hash: '', streamIndex: 0 } as const,
}
const store = new Store([dog])

describe('a change that a view sends', () => {
  it('may rename a media', () => {
    const renamed = { ...dog, name: 'Dog in the park' }
    checkViewChange(store, { ...emptyDiff, updated: { [dog.id]: [dog, renamed] } })
  })

  it('may not say which file a media reads, whatever it claims was there before', () => {
    for (const before of [dog, stolen])
      expect(() => checkViewChange(store, { ...emptyDiff, updated: { [dog.id]: [before, stolen] } })).toThrow(
        'import the file',
      )
  })

  it('may not bring in a media', () => {
    const other = { ...stolen, id: testMedia('m2').id }
    expect(() => checkViewChange(store, { ...emptyDiff, added: { [other.id]: other } })).toThrow(
      'import the file',
    )
  })
})
