import type { Command } from 'commander'
import { type InferenceStatus, type ProviderChoice, providerChoices, providerLabels } from '../core/models.ts'
import { UserError } from '../core/user-error.ts'
import { type Output, textTable } from './output.ts'
import { withHost } from './with-project.ts'

export function addProvidersCommand(models: Command, output: () => Output): void {
  models
    .command('providers')
    .description('what networks can run on here: each is tried, and its numbers held against the CPU’s')
    .action(async () => {
      await withHost(async (host) => {
        const status = await host.probeProviders()
        output().result(providersText(status), status)
      })
    })
}

/** For every command that runs networks: `.option(...providerOption)`. */
export const providerOption = [
  '--provider <name>',
  'what networks run on this time: auto, cpu, webgpu, cuda, dml or coreml',
  provider,
] as const

/** What a host is opened with. */
export interface ProviderOptions {
  readonly provider?: ProviderChoice
}

/** Throws UserError 'bad-provider'. */
export function provider(text: string): ProviderChoice {
  const found = providerChoices.find((choice) => choice === text)
  if (found) return found
  throw new UserError(
    'bad-provider',
    `“${text}” is no provider. Write one of ${providerChoices.join(', ')}; "inbetween models providers" says which can be had here.`,
  )
}

export function providersText({
  providers,
  chosen,
  provider,
  sentence,
  threadCount,
}: InferenceStatus): string {
  const words = { right: 'computes right', wrong: 'computes wrong', absent: 'not here' } as const
  const rows = providers.map((report) => [
    report.provider,
    report.provider === 'cpu'
      ? `${providerLabels.cpu}, ${threadCount} threads`
      : providerLabels[report.provider],
    words[report.state],
    report.ms === null ? '' : report.ms.toFixed(1),
    report.sentence ?? '',
  ])
  const table = textTable(['provider', 'name', 'trial', 'ms', 'why not'], rows)
  const run = provider ? providerLabels[provider] : 'nothing'
  const last =
    sentence === null
      ? `Networks run on ${run} (${chosen === 'auto' ? 'the fastest that computes right' : 'chosen in the settings'}).`
      : sentence
  return `${table}\n${last}`
}
