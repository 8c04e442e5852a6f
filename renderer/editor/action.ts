/** One thing a person can do, however they ask for it: menu, key, palette, button, test. */
import type { Editor } from './editor.ts'

export type MenuName = 'file' | 'edit' | 'object' | 'propagate' | 'review' | 'view' | 'help'

/** Whether an action can run now; else the sentence that says why not. */
export type Availability = true | string

export interface Action<Args extends object = object> {
  /** `area.verb`, stable: keys in settings and tests name actions by it. */
  readonly id: string
  readonly label: string
  /** Of the preset "inbetween"; see keymap.ts for the form. */
  readonly keys: readonly string[]
  /** Where it stands in the menus; items of another group are set apart by a line. */
  readonly menu?: { readonly name: MenuName; readonly group: number }
  /** Left out of the palette, because it means nothing without its arguments. */
  readonly needsArgs?: boolean
  /** A check mark in menus and a pressed state of buttons. */
  readonly checked?: (editor: Editor) => boolean
  readonly when: (editor: Editor) => Availability
  readonly run: (editor: Editor, args: Args) => void | Promise<void>
}

/** Keeps the type of the arguments where an action is written, and forgets it where actions are listed. */
export function action<Args extends object = object>(definition: Action<Args>): Action {
  return definition as unknown as Action
}
