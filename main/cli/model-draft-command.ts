import { resolve } from 'node:path'
import type { Command } from 'commander'
import { contractNames } from '../../models/contracts.ts'
import type { Contract } from '../../models/manifest.ts'
import { UserError } from '../core/user-error.ts'
import { openInference } from '../host/inference/open-inference.ts'
import { type DraftReport, draftPack } from '../host/models/draft-pack.ts'
import { openSettings } from '../host/settings.ts'
import { settingsFolder } from '../settings-folder.ts'
import { counted, type Output } from './output.ts'

interface Options {
  readonly contract: Contract
  readonly id?: string
  readonly name?: string
}

const afterwards = `
docs/model-packs.md says what stands in a manifest, and what each contract asks of the graphs.`

export function addDraftCommand(models: Command, output: () => Output): void {
  models
    .command('draft')
    .description('write the draft of a manifest.json for a folder of ONNX files, so that it becomes a pack')
    .argument('<folder>', 'with the graphs, and the weights beside them')
    .requiredOption('--contract <name>', `what drives the graphs: ${contractNames.join(', ')}`, contract)
    .option('--id <id>', 'of the pack; without it made of the folder’s name')
    .option('--name <name>', 'of the pack, for people; without it the folder’s name')
    .addHelpText('after', afterwards)
    .action((folder: string, options: Options) => draft(resolve(folder), options, output()))
}

async function draft(folder: string, options: Options, output: Output): Promise<void> {
  const { threadCount, modelMegabytes } = openSettings(settingsFolder()).get()
  const settings = { provider: 'cpu', threadCount, memoryLimit: modelMegabytes * 2 ** 20 } as const
  const inference = openInference({ settings: () => settings })
  try {
    const report = await draftPack(inference, { ...options, folder })
    output.result(reportText(report, folder), report)
  } finally {
    await inference.close()
  }
}

function reportText({ manifest, graphs, fileCount, leftOut, left }: DraftReport, folder: string): string {
  const parts = Object.entries(graphs).map(([part, file]) => `  ${part}: ${file}`)
  return [
    `${manifest} is a draft of ${counted(parts.length, 'graph')} and ${counted(fileCount, 'file')}.`,
    ...parts,
    ...(leftOut.length > 0 ? [`Not in it: ${leftOut.join(', ')}.`] : []),
    'Left to you:',
    ...left.map((each) => `  ${each}`),
    `docs/model-packs.md explains each field. Then: inbetween models add ${folder}`,
  ].join('\n')
}

/** Throws UserError 'bad-contract'. */
function contract(text: string): Contract {
  const found = contractNames.find((name) => name === text)
  if (found) return found
  throw new UserError('bad-contract', `“${text}” is no contract. Write one of ${contractNames.join(', ')}.`)
}
