import type { Command } from 'commander'
import { type ProviderChoice, providerLabels } from '../core/models.ts'
import { UserError } from '../core/user-error.ts'
import { leastModelMegabytes, mostModelMegabytes } from '../host/settings.ts'
import { provider } from './model-providers-command.ts'
import type { Output } from './output.ts'
import { withHost } from './with-project.ts'

/** What networks run on and how much memory they may take: the settings of the window. */
export function addModelSettingsCommands(models: Command, output: () => Output): void {
  models
    .command('provider')
    .description('what networks run on from now on: auto, cpu, webgpu, cuda, dml or coreml')
    .argument('<name>', 'of the provider; auto: the fastest that computes right', provider)
    .action((name: ProviderChoice) => setProvider(name, output()))
  models
    .command('memory')
    .description('how much memory networks may take; without a number, how much that is')
    .argument('[megabytes]', `a whole number from ${leastModelMegabytes} on`, megabytes)
    .action((limit: number | undefined) => setMemory(limit, output()))
}

function setProvider(name: ProviderChoice, output: Output): Promise<void> {
  return withHost(async (host) => {
    const settings = await host.updateSettings({ provider: name })
    // What can be had is found out by trying; the CPU always can.
    const status = name === 'cpu' ? null : await host.probeProviders()
    if (status?.sentence) output.note(status.sentence)
    const found =
      status?.sentence || !status?.provider ? '' : `, which is ${providerLabels[status.provider]} here`
    const text =
      name === 'auto'
        ? `Networks run on the fastest that computes right from now on${found}.`
        : `Networks run on ${providerLabels[name]} from now on.`
    output.result(text, { provider: settings.provider })
  })
}

function setMemory(limit: number | undefined, output: Output): Promise<void> {
  return withHost(async (host) => {
    const { modelMegabytes } =
      limit === undefined ? await host.settings() : await host.updateSettings({ modelMegabytes: limit })
    const when = limit === undefined ? '' : ' from now on'
    output.result(`Networks may take ${modelMegabytes.toLocaleString('en-US')} MB${when}.`, {
      modelMegabytes,
    })
  })
}

/** Throws UserError 'bad-memory'. */
function megabytes(text: string): number {
  const number = Number(text)
  if (/^\d+$/.test(text) && number >= leastModelMegabytes && number <= mostModelMegabytes) return number
  throw new UserError(
    'bad-memory',
    `“${text}” is no memory for networks. Write megabytes as a whole number from ${leastModelMegabytes} to ${mostModelMegabytes}.`,
  )
}
