import { execFileSync } from 'node:child_process'

/** What decides the masks that come out, beside the measurement's own code. */
const engineFolders = ['main/host/propagation', 'main/core/mask', 'native', 'models/refine-mask']

/** The last commit that changed the engine, with a '+' where it has been changed since; 'unknown' outside git. */
export function engineCommit(): string {
  try {
    const git = (...args: string[]) =>
      execFileSync(
        'git',
        [
          ...args,
          '--',
          ...engineFolders.map((folder) => `:/${folder}`),
          ':(top,exclude)*.md',
          ':(top,exclude)*.test.ts',
          ':(top,exclude)*.jpg',
          ':(top,exclude)*.svg',
          // Says how far to trust a mask, and decides none.
          ':(top,exclude)main/host/propagation/doubt/confidence-weights.ts',
        ],
        {
          cwd: import.meta.dirname,
          encoding: 'utf8',
        },
      ).trim()
    const isChanged = git('status', '--porcelain', '--untracked-files=no') !== ''
    return git('log', '-1', '--format=%h', '--abbrev=12') + (isChanged ? '+' : '')
  } catch {
    return 'unknown'
  }
}
