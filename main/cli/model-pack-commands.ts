import type { Command } from 'commander'
import type { HostApi } from '../core/api.ts'
import { askedRoles, type ModelRole, modelRoles, type PackReport, placeLabel } from '../core/models.ts'
import { UserError } from '../core/user-error.ts'
import { type ProviderOptions, providerOption } from './model-providers-command.ts'
import { counted, type Output, textTable } from './output.ts'
import { packSteps } from './pack-steps.ts'
import { catalogueText, packsText } from './pack-words.ts'
import { withHost } from './with-project.ts'

/** What is done with packs that are here, and what there is to be had. */
export function addPackCommands(models: Command, output: () => Output): void {
  models
    .command('list')
    .description('packs that are here, what they do and whether they are sound')
    .action(() =>
      withHost(async (host) => {
        const { packs, chosen, catalogue } = await host.models()
        output().result(packsText({ packs, chosen, catalogue }), { packs, chosen })
      }),
    )
  models
    .command('catalogue')
    .description('packs that can be had: official sources, licences, and what was tried here')
    .action(() =>
      withHost(async (host) => {
        const list = await host.models()
        output().result(catalogueText(list), list.catalogue)
      }),
    )
  models
    .command('verify')
    .description('check hashes, graphs and golden samples again')
    .argument('[id]', 'of the pack; without it every pack')
    .option(...providerOption)
    .action((id: string | undefined, networks: ProviderOptions) =>
      withHost((host) => verify(host, id, output()), networks),
    )
  models
    .command('bench')
    .description('time every graph of a pack on this machine')
    .argument('<id>', 'of the pack')
    .option(...providerOption)
    .action((id: string, networks: ProviderOptions) =>
      withHost((host) => bench(host, id, output()), networks),
    )
  models
    .command('remove')
    .description('remove a pack; roles that it filled go back to what comes with Inbetween')
    .argument('<id>', 'of the pack')
    .action((id: string) =>
      withHost(async (host) => {
        const { packs, chosen } = await host.removePack(id)
        output().result(`“${id}” is removed.`, { packs, chosen })
      }),
    )
  models
    .command('use')
    .description(`let a pack do a part of the work: ${modelRoles.join(', ')}`)
    .argument('<role>', 'the part')
    .argument('<id>', 'of the pack, or none: what comes with Inbetween does it')
    .action((role: string, id: string) => withHost((host) => use(host, role as ModelRole, id, output())))
}

async function verify(host: HostApi, id: string | undefined, output: Output): Promise<void> {
  const ids = id === undefined ? (await host.models()).packs.map((pack) => pack.id) : [id]
  const reports: PackReport[] = []
  for (const each of ids) {
    const { report } = await packSteps((signal) => host.verifyPack(each, signal), 'Nothing was changed.')
    reports.push(report)
  }
  const text = reports.length === 0 ? 'No pack is here.' : reports.map(reportText).join('\n')
  output.result(text, id === undefined ? reports : reports[0])
  if (reports.some(({ state }) => state === 'broken')) process.exitCode = 1
}

function reportText({ id, name, state, checks }: PackReport): string {
  const head = `${name} (${id}) is ${state}: ${counted(checks.length, 'check')}.`
  return [
    head,
    ...checks.map(({ what, right, sentence }) => `  ${right ? 'ok   ' : 'WRONG'} ${what}: ${sentence}`),
  ].join('\n')
}

async function bench(host: HostApi, id: string, output: Output): Promise<void> {
  const { graphs } = await packSteps((signal) => host.benchPack(id, signal), 'Nothing was changed.')
  const rows = graphs.map(({ part, openMs, runMs, runCount, inputs, provider, partlyOnCpu }) => [
    part,
    openMs.toFixed(1),
    runMs.toFixed(2),
    runCount,
    inputs,
    provider === null ? '' : placeLabel({ provider, partlyOnCpu }),
  ])
  output.result(textTable(['graph', 'open ms', 'run ms', 'runs', 'inputs', 'on'], rows), graphs)
}

async function use(host: HostApi, role: ModelRole, id: string, output: Output): Promise<void> {
  if (!modelRoles.includes(role))
    throw new UserError('bad-role', `“${role}” is no role. Write one of ${modelRoles.join(', ')}.`)
  const { packs, chosen } = await host.choosePack(role, id === 'none' ? null : id)
  const text =
    id === 'none'
      ? `What comes with Inbetween does ${role}.`
      : askedRoles.has(role)
        ? `“${id}” does ${role} from now on.`
        : `“${id}” is chosen for ${role}. Nothing in Inbetween asks for that yet.`
  output.result(text, { packs, chosen })
}
