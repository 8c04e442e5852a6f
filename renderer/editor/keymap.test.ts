import { describe, expect, it } from 'vitest'
import type { Settings } from '../../main/core/api.ts'
import { actions } from './actions.ts'
import { presetKeys } from './key-presets.ts'
import { Keymap, keyLabel, keysOfPress, normalKey } from './keymap.ts'
import { pressOf } from './testing/person.ts'

const settings: Settings = {
  theme: 'system',
  textScale: 1,
  cacheMegabytes: 1,
  threadCount: 1,
  provider: 'auto',
  modelMegabytes: 1024,
  models: {
    'segment-image': null,
    'segment-video': null,
    'embed-image': null,
    'embed-text': null,
    'track-points': null,
    'refine-mask': null,
  },
  keys: {},
  keyPreset: 'inbetween',
  repropagate: true,
  layout: {},
}

describe('keys', () => {
  it('are those of the product', () => {
    const keymap = new Keymap(actions, settings, 'other')
    const expected: Record<string, string> = {
      D: 'frame.previous',
      F: 'frame.next',
      ArrowLeft: 'frame.previous',
      'Shift+ArrowRight': 'frame.forward-ten',
      Home: 'frame.first',
      End: 'frame.last',
      Space: 'playback.toggle',
      E: 'frame.previous-keyframe',
      R: 'frame.next-keyframe',
      K: 'mask.keyframe',
      O: 'mask.outside',
      Q: 'mask.occluded',
      N: 'object.new',
      M: 'object.merge',
      'Alt+M': 'object.split',
      '[': 'tool.smaller-brush',
      ']': 'tool.larger-brush',
      Enter: 'mask.confirm',
      Escape: 'edit.cancel',
      'Shift+F': 'propagate.forward',
      'Shift+B': 'propagate.backward',
      X: 'review.next',
      Delete: 'edit.delete',
      'Mod+Z': 'edit.undo',
      'Mod+Shift+Z': 'edit.redo',
      '1': 'class.1',
      '9': 'class.9',
      H: 'object.hide',
      L: 'object.lock',
      '?': 'help.shortcuts',
      'Mod+K': 'help.palette',
    }
    for (const [key, actionId] of Object.entries(expected))
      expect([key, keymap.actionFor(pressOf(key))]).toEqual([key, actionId])
  })

  it.each(['inbetween', 'cvat', 'labelme', 'video-editor'] as const)(
    'of the preset %s contradict nothing',
    (keyPreset) => {
      expect(new Keymap(actions, { ...settings, keyPreset }, 'other').conflicts).toEqual([])
      const known = new Set(actions.map(({ id }) => id))
      expect(Object.keys(presetKeys[keyPreset]).filter((id) => !known.has(id))).toEqual([])
    },
  )

  it('may be changed by the user, and a clash is reported with both actions', () => {
    const keys = { 'object.new': ['K'], 'tool.brush': ['Shift+mod+p'] }
    const keymap = new Keymap(actions, { ...settings, keys }, 'other')
    expect(keymap.conflicts).toEqual([{ key: 'K', actionIds: ['mask.keyframe', 'object.new'] }])
    expect(keymap.actionFor(pressOf('K'))).toBe('mask.keyframe')
    expect(keymap.keysOf('tool.brush')).toEqual(['Mod+Shift+P'])
    expect(keymap.actionFor(pressOf('N'))).toBeNull()
  })

  it('are read as people of each platform write them', () => {
    expect(keyLabel('Mod+Shift+Z', 'other')).toBe('Ctrl+Shift+Z')
    expect(keyLabel('Mod+Shift+Z', 'mac')).toBe('⇧⌘Z')
    expect(keyLabel('Shift+ArrowLeft', 'other')).toBe('Shift+←')
    expect(keyLabel('Mod++', 'other')).toBe('Ctrl++')
    expect(new Keymap(actions, settings, 'other').labelOf('edit.delete')).toBe('Del')
  })

  it('are found by their place where the keyboard types something else', () => {
    const plain = { shiftKey: false, ctrlKey: false, altKey: false, metaKey: false }
    // Alt+M types a sign on a Mac, a Cyrillic keyboard types its own letters, AZERTY types signs for digits.
    expect(keysOfPress({ ...plain, key: 'µ', code: 'KeyM', altKey: true }, 'mac')).toContain('Alt+M')
    expect(keysOfPress({ ...plain, key: 'в', code: 'KeyD' }, 'other')).toContain('D')
    expect(keysOfPress({ ...plain, key: '&', code: 'Digit1' }, 'other')).toContain('1')
    // What a key types comes first: A on AZERTY lies where Q does elsewhere.
    expect(keysOfPress({ ...plain, key: 'a', code: 'KeyQ' }, 'other')[0]).toBe('A')
    // '[' with AltGr on a German keyboard.
    expect(keysOfPress({ ...plain, key: '[', code: 'Digit8', ctrlKey: true, altKey: true }, 'other')[0]).toBe(
      '[',
    )
    expect(keysOfPress({ ...plain, key: 'Shift', code: 'ShiftLeft', shiftKey: true }, 'other')).toEqual([])
  })

  it('have one written form', () => {
    expect(normalKey('shift+alt+m')).toBe('Alt+Shift+M')
    expect(normalKey('+')).toBe('+')
    expect(normalKey('Mod++')).toBe('Mod++')
  })
})
