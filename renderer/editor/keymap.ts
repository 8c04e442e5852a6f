/**
 * Keys as strings: `Mod+Shift+Z`, `Shift+F`, `ArrowLeft`, `[`, `?`. Modifiers in the order Mod, Ctrl, Alt, Shift; Mod is
 * Command on a Mac and Ctrl elsewhere. Letters are upper case. Signs that a keyboard needs Shift for (`?`) stand without
 * Shift, because which signs these are differs between keyboards.
 */
import type { Settings } from '../../main/core/api.ts'
import type { Action } from './action.ts'
import { presetKeys } from './key-presets.ts'

export type Platform = 'mac' | 'other'
export type KeyPreset = Settings['keyPreset']

/** What a KeyboardEvent has of it. */
export interface KeyPress {
  readonly key: string
  readonly code: string
  readonly shiftKey: boolean
  readonly ctrlKey: boolean
  readonly altKey: boolean
  readonly metaKey: boolean
}

export interface KeyConflict {
  readonly key: string
  readonly actionIds: readonly string[]
}

export class Keymap {
  /** Keys that more than one action wants; the first action in the list of actions has it. */
  readonly conflicts: readonly KeyConflict[]
  readonly #settings: Settings | null
  readonly #platform: Platform
  readonly #keysByAction = new Map<string, readonly string[]>()
  readonly #actionByKey = new Map<string, string>()

  constructor(actions: readonly Action[], settings: Settings | null, platform: Platform) {
    this.#settings = settings
    this.#platform = platform
    const preset = presetKeys[settings?.keyPreset ?? 'inbetween']
    const wanted = new Map<string, string[]>()
    for (const action of actions) {
      const keys = (settings?.keys[action.id] ?? preset[action.id] ?? action.keys).map(normalKey)
      this.#keysByAction.set(action.id, keys)
      for (const key of keys) wanted.set(key, [...(wanted.get(key) ?? []), action.id])
    }
    for (const [key, actionIds] of wanted) this.#actionByKey.set(key, actionIds[0]!)
    this.conflicts = [...wanted]
      .filter(([, ids]) => ids.length > 1)
      .map(([key, actionIds]) => ({ key, actionIds }))
  }

  isFor(settings: Settings | null): boolean {
    return this.#settings?.keys === settings?.keys && this.#settings?.keyPreset === settings?.keyPreset
  }

  keysOf(actionId: string): readonly string[] {
    return this.#keysByAction.get(actionId) ?? []
  }

  /** The action's first key as people read it on this platform; empty when it has none. */
  labelOf(actionId: string): string {
    const key = this.keysOf(actionId)[0]
    return key === undefined ? '' : keyLabel(key, this.#platform)
  }

  /** The action a key press means, or null. What the key types comes before where it lies on the keyboard. */
  actionFor(press: KeyPress): string | null {
    for (const key of keysOfPress(press, this.#platform)) {
      const found = this.#actionByKey.get(key)
      if (found) return found
    }
    return null
  }
}

/** The key strings a press may mean, likeliest first; empty for a modifier alone. */
export function keysOfPress(press: KeyPress, platform: Platform): string[] {
  if (['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'Dead', 'CapsLock'].includes(press.key)) return []
  const named = press.key === ' ' ? 'Space' : press.key
  const byPlace = placeKey(press.code)
  const isLetter = /^[a-z]$/i.test(named)
  const isSign = named.length === 1 && !isLetter && !/^[0-9]$/.test(named)
  // A sign typed with AltGr reports Ctrl and Alt, which are not meant.
  const altGraph = isSign && press.ctrlKey && press.altKey
  const mod = platform === 'mac' ? press.metaKey : press.ctrlKey && !altGraph
  const ctrl = platform === 'mac' && press.ctrlKey
  const prefix = (alt: boolean, shift: boolean) =>
    `${mod ? 'Mod+' : ''}${ctrl ? 'Ctrl+' : ''}${alt ? 'Alt+' : ''}${shift ? 'Shift+' : ''}`
  const alt = press.altKey && !altGraph
  const typed = prefix(alt, press.shiftKey && !isSign) + (named.length === 1 ? named.toUpperCase() : named)
  const placed = byPlace === null ? null : prefix(alt, press.shiftKey) + byPlace
  if (placed === null || placed === typed) return [typed]
  return [typed, placed]
}

/** Brings a written key into the normal form, whatever order and case it was written in. */
export function normalKey(key: string): string {
  const parts =
    key === '+' ? ['+'] : key.endsWith('++') ? [...key.slice(0, -2).split('+'), '+'] : key.split('+')
  const last = parts.at(-1) ?? ''
  const modifiers = new Set(parts.slice(0, -1).map((part) => part.toLowerCase()))
  const has = (name: string) => modifiers.has(name.toLowerCase())
  const prefix = ['Mod', 'Ctrl', 'Alt', 'Shift'].filter(has).map((name) => `${name}+`)
  return prefix.join('') + (last.length === 1 ? last.toUpperCase() : last)
}

const words: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  Delete: 'Del',
  PageUp: 'Page up',
  PageDown: 'Page down',
}
const macSigns: Readonly<Record<string, string>> = { Mod: '⌘', Ctrl: '⌃', Alt: '⌥', Shift: '⇧' }

/** A key string as people read it: `Ctrl+Shift+Z`, on a Mac `⌥⇧⌘Z`. */
export function keyLabel(key: string, platform: Platform): string {
  const parts = normalKey(key).split(/\+(?=.)/)
  const last = parts.at(-1) ?? ''
  const modifiers = parts.slice(0, -1)
  const name = words[last] ?? last
  if (platform !== 'mac')
    return [...modifiers.map((part) => (part === 'Mod' ? 'Ctrl' : part)), name].join('+')
  const signs = ['Ctrl', 'Alt', 'Shift', 'Mod']
    .filter((sign) => modifiers.includes(sign))
    .map((sign) => macSigns[sign])
  return signs.join('') + name
}

/** The Latin letter or digit on a key's place, for other alphabets and for Alt, which types signs on a Mac. */
function placeKey(code: string): string | null {
  return /^Key([A-Z])$/.exec(code)?.[1] ?? /^(?:Digit|Numpad)([0-9])$/.exec(code)?.[1] ?? null
}
