/** Packs of networks: what does which job, and adding, checking, timing and removing them. */
import type { ModelRole, PackInfo } from '../../../main/core/models.ts'
import { type Action, type Availability, action } from '../action.ts'
import { allOf } from '../availability.ts'
import type { Editor } from '../editor.ts'
import type { PackOffer, PackWork } from '../pack-desk.ts'

interface OnPack {
  readonly packId?: string
}

export const packActions: readonly Action[] = [
  action({
    id: 'pack.list',
    label: 'Networks…',
    keys: [],
    menu: { name: 'file', group: 4 },
    when: isKnown,
    run: (editor) => editor.openDialog({ type: 'models' }),
  }),
  action({
    id: 'pack.add',
    label: 'Add a network…',
    keys: [],
    when: canWork,
    run: (editor) => {
      editor.packs.ask()
      editor.openDialog({ type: 'models' })
    },
  }),
  action<{ offer?: PackOffer }>({
    id: 'pack.look',
    label: 'Look at a network before it is added',
    keys: [],
    needsArgs: true,
    when: canWork,
    run: async (editor, { offer }) => {
      if (offer) await editor.packs.look(offer)
    },
  }),
  action({
    id: 'pack.agree',
    label: 'Add the network that was looked at',
    keys: [],
    needsArgs: true,
    when: (editor) =>
      allOf(
        canWork(editor),
        editor.packs.now.adding?.name === 'planned' ? true : 'Look at a network first: its licence is shown.',
      ),
    run: (editor) => editor.packs.add(),
  }),
  action({
    id: 'pack.put-away',
    label: 'Add no network',
    keys: [],
    needsArgs: true,
    when: isIdle,
    run: (editor) => editor.packs.putAway(),
  }),
  action({
    id: 'pack.cancel',
    label: 'Cancel the work on a network',
    keys: [],
    when: (editor) => (editor.packs.now.work ? true : 'Nothing is being done with a network.'),
    run: (editor) => editor.packs.cancel(),
  }),
  action<OnPack>({
    id: 'pack.check',
    label: 'Check a network',
    keys: [],
    needsArgs: true,
    when: canWork,
    run: async (editor, { packId }) => {
      const pack = packOf(editor, packId)
      if (pack) await editor.packs.check(pack.id, pack.name)
    },
  }),
  action<OnPack>({
    id: 'pack.time',
    label: 'Time a network',
    keys: [],
    needsArgs: true,
    when: canWork,
    run: async (editor, { packId }) => {
      const pack = packOf(editor, packId)
      if (pack) await editor.packs.time(pack.id, pack.name)
    },
  }),
  action<OnPack>({
    id: 'pack.remove',
    label: 'Remove a network',
    keys: [],
    needsArgs: true,
    when: canWork,
    run: async (editor, { packId }) => {
      const pack = packOf(editor, packId)
      if (!pack) return
      editor.set({ models: await editor.host.removePack(pack.id) })
      editor.packs.forget(pack.id)
      editor.say(`${pack.name} was removed.`)
    },
  }),
  action<{ role?: ModelRole; packId?: string | null }>({
    id: 'pack.choose',
    label: 'Let a network do a job',
    keys: [],
    needsArgs: true,
    when: isReached,
    run: async (editor, { role, packId = null }) => {
      if (!role) return
      editor.set({ models: await editor.host.choosePack(role, packId) })
      // Marks that are made already are answered anew.
      if (role === 'segment-image') editor.toolbox.askAgain()
    },
  }),
]

function packOf(editor: Editor, packId: string | undefined): PackInfo | undefined {
  return editor.now.models?.packs.find(({ id }) => id === packId)
}

function isKnown(editor: Editor): Availability {
  return editor.now.models ? true : 'The program has not said yet which networks are here.'
}

function isReached(editor: Editor): Availability {
  const linked =
    editor.now.connection === 'connected' || 'The connection to the program is lost: wait until it is back.'
  return allOf(isKnown(editor), linked)
}

function canWork(editor: Editor): Availability {
  return allOf(isReached(editor), isIdle(editor))
}

function isIdle(editor: Editor): Availability {
  const { work } = editor.packs.now
  return work ? `${work.name} is being ${doing[work.type]}: wait until that is done, or cancel it.` : true
}

const doing: Readonly<Record<PackWork['type'], string>> = {
  look: 'looked at',
  add: 'added',
  check: 'checked',
  time: 'timed',
}
