import path from 'node:path'
import type { Opening } from './host-control.ts'

/**
 * What the command line asks to open: `--sample`, or the folder of a project. Null: nothing, the welcome screen.
 * Started from a checkout, the program's own folder stands among the arguments too, after switches of Chromium's.
 */
export function openingOf(args: readonly string[], workingFolder: string, appFolder: string): Opening | null {
  if (args.includes('--sample')) return 'sample'
  const folders = args
    .filter((argument) => !argument.startsWith('-'))
    .map((argument) => path.resolve(workingFolder, argument))
  const folder = folders.find((each) => each !== appFolder)
  return folder === undefined ? null : { folder, readOnly: false }
}
