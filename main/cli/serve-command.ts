import type { Command } from 'commander'
import { UserError } from '../core/user-error.ts'
import { serveUntilEnded } from '../serve.ts'
import type { Output } from './output.ts'

export function addServeCommand(program: Command, output: () => Output): void {
  program
    .command('serve')
    .description('the app in a browser, on this computer alone (or through an SSH tunnel)')
    .argument('[project]', 'folder of the project to open')
    .option('--port <number>', 'port on 127.0.0.1; 0 takes any free one', '0')
    .option('--root <folder>', 'files can be picked below it only (default: your home folder)')
    .option('--no-open', 'do not open the browser')
    .addHelpText(
      'after',
      '\nOn a machine with a GPU: run this there, then "ssh -L PORT:127.0.0.1:PORT machine" and open the printed address.',
    )
    .action(async (project: string | undefined, options: { port: string; root?: string; open: boolean }) => {
      const port = Number(options.port)
      if (!Number.isInteger(port) || port < 0 || port > 65535)
        throw new UserError('bad-port', `“${options.port}” is no port. Write a number from 0 to 65535.`)
      await serveUntilEnded({
        port,
        root: options.root,
        project,
        open: options.open,
        say: (line) => output().note(line),
        ready: ({ url, port }) => output().result(`Inbetween is at ${url}\nCtrl+C ends it.`, { url, port }),
      })
    })
}
