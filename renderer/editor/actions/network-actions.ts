/** What networks run on. */
import { type ProviderChoice, providerLabels } from '../../../main/core/models.ts'
import { type Action, type Availability, action } from '../action.ts'
import type { Editor } from '../editor.ts'
import { updateSettings } from '../update-settings.ts'

export const networkActions: readonly Action[] = [
  choice('network.auto', 'Run networks on the fastest provider', 'auto'),
  choice('network.cpu', 'Run networks on the CPU', 'cpu'),
  action<{ provider?: ProviderChoice }>({
    id: 'network.provider',
    label: 'Run networks on…',
    keys: [],
    needsArgs: true,
    when: isKnown,
    run: async (editor, { provider }) => {
      if (provider) await choose(editor, provider)
    },
  }),
  action({
    id: 'network.retry',
    label: 'Try the provider of networks again',
    keys: [],
    when: (editor) =>
      editor.now.inference?.sentence ? true : 'Nothing went wrong with the provider of networks.',
    run: (editor) => choose(editor, editor.now.inference?.chosen ?? 'auto'),
  }),
  action({
    id: 'network.probe',
    label: 'Look for providers of networks',
    keys: [],
    when: (editor) =>
      editor.now.inference?.isProbing ? 'Providers are being tried just now.' : isKnown(editor),
    run: async (editor) => {
      const inference = await editor.host.probeProviders()
      editor.set({ inference })
      const right = inference.providers.filter(({ state }) => state === 'right')
      editor.say(
        `Networks can run on ${right.map(({ provider }) => providerLabels[provider]).join(', ') || 'nothing here'}.`,
        'info',
      )
    },
  }),
]

function choice(id: string, label: string, provider: ProviderChoice): Action {
  return action({
    id,
    label,
    keys: [],
    checked: (editor) => editor.now.inference?.chosen === provider,
    when: isKnown,
    run: (editor) => choose(editor, provider),
  })
}

function isKnown(editor: Editor): Availability {
  return editor.now.inference ? true : 'The program has not said yet what networks run on.'
}

async function choose(editor: Editor, provider: ProviderChoice): Promise<void> {
  await updateSettings(editor, { provider })
}
