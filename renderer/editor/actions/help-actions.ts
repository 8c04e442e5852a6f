import { type Action, action } from '../action.ts'
import { always } from '../availability.ts'

export const helpActions: readonly Action[] = [
  action({
    id: 'help.palette',
    label: 'Find an action',
    keys: ['Mod+K', 'F1'],
    menu: { name: 'help', group: 1 },
    when: always,
    run: (editor) => editor.openDialog({ type: 'palette' }),
  }),
  action({
    id: 'help.shortcuts',
    label: 'Keyboard shortcuts',
    keys: ['?'],
    menu: { name: 'help', group: 1 },
    when: always,
    run: (editor) => editor.openDialog({ type: 'shortcuts' }),
  }),
  action({
    id: 'help.about',
    label: 'About Inbetween',
    keys: [],
    menu: { name: 'help', group: 2 },
    when: always,
    run: (editor) => editor.openDialog({ type: 'about' }),
  }),
]
