import { describe, expect, it } from 'vitest'
import type { PackProgress } from '../../../main/core/models.ts'
import { packPlan } from '../../editor/testing/memory-packs.ts'
import { heldText, hostsOf, isAddress, replacesText, workText, workWord } from './pack-words.ts'

const fetching: PackProgress = {
  type: 'progress',
  stage: 'fetch',
  at: 'encoder.onnx',
  done: 34_000_000,
  total: 156_000_000,
}
const work = { name: 'Tiny', packId: null, progress: null, secondsLeft: null }

describe('work on a network', () => {
  it('is told by what is at hand: bytes while something comes, steps while it is checked', () => {
    expect(workText({ ...work, type: 'add', progress: fetching })).toBe(
      'Fetching encoder.onnx, 34 MB of 156 MB',
    )
    expect(workText({ ...work, type: 'add', progress: fetching, secondsLeft: 12.4 })).toBe(
      'Fetching encoder.onnx, 34 MB of 156 MB, 12 s left',
    )
    expect(workText({ ...work, type: 'look', progress: { ...fetching, total: null } })).toBe(
      'Reading encoder.onnx, 34 MB',
    )
    const checking: PackProgress = {
      type: 'progress',
      stage: 'check',
      at: 'graph encoder',
      done: 2,
      total: 5,
    }
    expect(workText({ ...work, type: 'add', progress: checking })).toBe('Checking graph encoder, 2 of 5')
    expect(workText({ ...work, type: 'time', progress: { ...checking, at: 'encoder' } })).toBe(
      'Timing encoder, 2 of 5',
    )
    expect(workText({ ...work, type: 'look' })).toBe('Reading its manifest')
  })

  it('is told in a few words in the status bar', () => {
    expect(workWord({ ...work, type: 'add', progress: fetching })).toBe('adding Tiny, 22 %')
    expect(workWord({ ...work, type: 'check' })).toBe('checking Tiny')
  })
})

describe('a plan', () => {
  it('says what is here of a broken download', () => {
    expect(heldText(packPlan())).toBeNull()
    expect(heldText(packPlan({ heldByteLength: 34_000_000 }))).toBe(
      '34 MB of it are here from the try before: it goes on from 34 MB.',
    )
    expect(heldText(packPlan({ heldByteLength: 100_000_000 }))).toBe(
      'All of it is here from the try before: nothing is fetched again.',
    )
  })

  it('says what it takes the place of', () => {
    expect(replacesText(packPlan())).toBeNull()
    expect(replacesText(packPlan({ replaces: '0.9.0' }))).toBe('Takes the place of version 0.9.0.')
    expect(replacesText(packPlan({ replaces: '1.0.0' }))).toBe(
      'Version 1.0.0 is here already: it is replaced.',
    )
  })

  it('names each host once', () => {
    const file = { path: 'a.onnx', byteLength: 1 }
    const files = [
      { ...file, from: 'example.org' },
      { ...file, from: null },
      { ...file, from: 'example.org' },
      { ...file, from: 'files.example.com' },
    ]
    expect(hostsOf(packPlan({ files }))).toEqual(['example.org', 'files.example.com'])
  })
})

it('takes for an address only what leads to something on a host', () => {
  expect(['https://example.org/tiny.zip', ' http://127.0.0.1:80/m.json '].map(isAddress)).toEqual([
    true,
    true,
  ])
  expect(['', 'tiny.zip', 'https://', 'https://example.org', 'file:///tiny', '/tiny'].map(isAddress)).toEqual(
    [false, false, false, false, false, false],
  )
})
