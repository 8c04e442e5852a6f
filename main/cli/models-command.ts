import type { Command } from 'commander'
import { addAddCommand } from './model-add-command.ts'
import { addDraftCommand } from './model-draft-command.ts'
import { addPackCommands } from './model-pack-commands.ts'
import { addProvidersCommand } from './model-providers-command.ts'
import { addModelSettingsCommands } from './model-settings-command.ts'
import type { Output } from './output.ts'

/** `inbetween models …`: networks that were added, and what they run on. */
export function addModelsCommand(program: Command, output: () => Output): void {
  const models = program.command('models').description('model packs: networks that do a part of the work')
  addPackCommands(models, output)
  addAddCommand(models, output)
  addDraftCommand(models, output)
  addProvidersCommand(models, output)
  addModelSettingsCommands(models, output)
}
