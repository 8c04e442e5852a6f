/** `inbetween` on the command line: the work of the window without it. See cli/ for the commands. */
import { Command, CommanderError } from 'commander'
import packageManifest from '../package.json' with { type: 'json' }
import { addCheckCommands } from './cli/check-commands.ts'
import { addExportCommand, addImportAnnotationsCommand } from './cli/dataset-commands.ts'
import { addDemoCommand } from './cli/demo-command.ts'
import { addModelsCommand } from './cli/models-command.ts'
import { outputTo } from './cli/output.ts'
import { addProjectCommands } from './cli/project-commands.ts'
import { addPropagateCommand } from './cli/propagate-command.ts'
import { addProposalsCommand } from './cli/proposals-command.ts'
import { addReviewCommand } from './cli/review-command.ts'
import { addSegmentCommand } from './cli/segment-command.ts'
import { addServeCommand } from './cli/serve-command.ts'
import { addSuggestCommand } from './cli/suggest-command.ts'
import { isUserError } from './core/user-error.ts'

const examples = `
Examples:
  inbetween new street --classes vipseg
  inbetween import street ~/videos/street.mp4
  inbetween import-annotations street ~/labels/street
  inbetween segment street --object dog --frame 0 --box 120,80,60,40
  inbetween propagate street --frame 40
  inbetween review street
  inbetween proposals street --accept Fox@63
  inbetween suggest street
  inbetween export street street-davis --format davis
  inbetween verify street-davis
  inbetween evaluate street-davis truth
  inbetween models providers
  inbetween models catalogue
  inbetween models add ~/packs/edgetam.zip
  inbetween models use segment-image edgetam-image
  inbetween demo

Exit codes: 0 done, 1 failed or verify found a broken rule, 2 wrong usage, 130 stopped with Ctrl+C (what was finished is kept).
`

function program(): Command {
  const root = new Command('inbetween')
    .description('Label the keyframes. Get the inbetweens.')
    .version(packageManifest.version)
    .option('--json', 'print the result as JSON on stdout')
    .addHelpText('after', examples)
    .showHelpAfterError('(add --help for what can be written)')
  const output = () => outputTo(root.opts<{ json?: boolean }>().json === true)
  addProjectCommands(root, output)
  addImportAnnotationsCommand(root, output)
  addSegmentCommand(root, output)
  addPropagateCommand(root, output)
  addReviewCommand(root, output)
  addProposalsCommand(root, output)
  addSuggestCommand(root, output)
  addExportCommand(root, output)
  addCheckCommands(root, output)
  addModelsCommand(root, output)
  addServeCommand(root, output)
  addDemoCommand(root, output)
  // Commander ends the process by itself otherwise, before anything is closed. `--json` may stand anywhere.
  root.exitOverride()
  for (const command of commandsBelow(root))
    command
      .exitOverride()
      .option('--json', 'print the result as JSON on stdout')
      .on('option:json', () => root.setOptionValue('json', true))
  return root
}

function commandsBelow(command: Command): Command[] {
  return command.commands.flatMap((each) => [each, ...commandsBelow(each as Command)]) as Command[]
}

async function main(): Promise<void> {
  try {
    await program().parseAsync()
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
    else if (isUserError(error)) {
      process.stderr.write(`${error.message}\n`)
      process.exitCode ??= 1
    } else {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
      process.exitCode = 1
    }
  }
}

await main()
