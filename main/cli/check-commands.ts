/** `verify` and `evaluate`: looking at datasets without a project. */
import type { Command } from 'commander'
import { type CommandResult, runEvaluate, runVerify } from '../host/dataset/dataset-commands.ts'
import { verifiableFormats } from '../host/dataset/verify-dataset.ts'
import { interruptSignal } from './interrupt-signal.ts'
import type { Output } from './output.ts'

export function addCheckCommands(program: Command, output: () => Output): void {
  program
    .command('verify')
    .description('check a dataset folder against the rules of its format and name each violation')
    .argument('<path>', 'folder or JSON file of the dataset')
    .option('--format <format>', `auto or one of ${verifiableFormats.join(', ')}`, 'auto')
    .addHelpText('after', '\nExit code 1: at least one rule is broken. Warnings alone do not count.')
    .action(async (path: string, options: { format: string }) => {
      show(await interruptSignal((signal) => runVerify({ path, format: options.format }, signal)), output())
    })

  program
    .command('evaluate')
    .description('score masks in one folder against the truth in another')
    .argument('<result>', 'folder with the masks to score')
    .argument('<truth>', 'folder with the true masks')
    .option('--metric <metric>', 'davis (J and F) or viposeg (mask and boundary IoU)', 'davis')
    .action(async (result: string, truth: string, options: { metric: string }) => {
      show(
        await interruptSignal((signal) => runEvaluate({ result, truth, metric: options.metric }, signal)),
        output(),
      )
    })
}

function show({ exitCode, text, json }: CommandResult, output: Output): void {
  output.result(text, json)
  if (exitCode !== 0) process.exitCode = exitCode
}
