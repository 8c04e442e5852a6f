import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Command } from 'commander'
import type { HostApi, PackRef } from '../core/api.ts'
import { askedRoles } from '../core/models.ts'
import { UserError } from '../core/user-error.ts'
import { type ProviderOptions, providerOption } from './model-providers-command.ts'
import { counted, type Output } from './output.ts'
import { packSteps } from './pack-steps.ts'
import { planText } from './pack-words.ts'
import { withHost } from './with-project.ts'

interface AddOptions extends ProviderOptions {
  readonly yes?: boolean
}

const kept = 'What was fetched is kept, and the same command goes on from there.'

export function addAddCommand(models: Command, output: () => Output): void {
  models
    .command('add')
    .description('add a pack, after its licence was shown and agreed to')
    .argument(
      '<file-or-url>',
      'folder, zip archive or manifest on this machine, or the https address of an archive or manifest',
    )
    .option('--yes', 'agree to the licence without being asked')
    .option(...providerOption)
    .action(async (place: string, { yes = false, ...networks }: AddOptions) => {
      await withHost((host) => add(host, packRef(place), yes, output()), networks)
    })
}

/** What begins like an address is one. */
export function packRef(place: string): PackRef {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(place)
    ? { type: 'url', url: place }
    : { type: 'path', path: resolve(place) }
}

async function add(host: HostApi, ref: PackRef, yes: boolean, output: Output): Promise<void> {
  const { plan } = await packSteps((signal) => host.planPack(ref, signal), kept)
  output.note(planText(plan))
  if (!yes) await askAgreement()
  const { report } = await packSteps((signal) => host.addPack(ref, plan.manifestHash, signal), kept)
  if (report.state === 'broken') {
    if (output.json) output.result('', report)
    throw new UserError('broken-pack', `“${report.name}” was not added. ${report.sentence}`)
  }
  const use = askedRoles.has(plan.role)
    ? `To use it: inbetween models use ${plan.role} ${plan.id}`
    : `Nothing in Inbetween asks for ${plan.role} yet.`
  output.result(
    `“${report.name}” is added: ${counted(report.checks.length, 'check')} went well.\n${use}`,
    report,
  )
}

/** Throws UserError 'not-agreed'. */
async function askAgreement(): Promise<void> {
  if (!process.stdin.isTTY)
    throw new UserError(
      'not-agreed',
      'Nobody can be asked here whether the licence is agreed to. Read it, and write the command again with --yes.',
    )
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await new Promise<string>((tell) => {
    terminal.on('close', () => tell(''))
    terminal.question('Add it under this licence? Write yes or no: ', tell)
  })
  terminal.close()
  if (/^\s*y(es)?\s*$/i.test(answer)) return
  throw new UserError('not-agreed', 'Nothing was added.')
}
