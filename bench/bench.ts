/**
 * `npm run bench -- NAME [arguments]`: runs bench/NAME.ts and writes bench/results/NAME.json. A case file exports
 * `run(args): Promise<BenchOutcome>`.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface BenchRow {
  readonly case: string
  readonly metric: string
  readonly value: number
  readonly unit: string
}

export interface BenchOutcome {
  readonly rows: readonly BenchRow[]
  /** What was measured on, in words. */
  readonly input: string
}

const folder = dirname(fileURLToPath(import.meta.url))

function commit(): string {
  try {
    const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim()
    return (
      git('rev-parse', '--short=12', 'HEAD') +
      (git('status', '--porcelain', '--untracked-files=no') === '' ? '' : '+')
    )
  } catch {
    return 'unknown'
  }
}

function caseNames(): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && name !== 'bench.ts' && !name.endsWith('.test.ts'))
    .filter((name) => readFileSync(join(folder, name), 'utf8').includes('export async function run('))
    .map((name) => name.slice(0, -3))
}

async function main(): Promise<void> {
  const [name, ...args] = process.argv.slice(2)
  if (!name || !existsSync(join(folder, `${name}.ts`)) || name === 'bench') {
    console.error(`Which measurement? npm run bench -- NAME, one of: ${caseNames().join(', ')}`)
    process.exit(2)
  }
  const { run } = (await import(`./${name}.ts`)) as {
    run?: (args: readonly string[]) => Promise<BenchOutcome>
  }
  if (!run) throw new Error(`bench/${name}.ts exports no run().`)
  const { rows, input } = await run(args)
  const machine = `${cpus()[0]?.model.trim() ?? 'unknown'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}-${process.arch}, Node ${process.version}`
  const result = { name, commit: commit(), machine, date: new Date().toISOString(), input, rows }
  mkdirSync(join(folder, 'results'), { recursive: true })
  writeFileSync(join(folder, 'results', `${name}.json`), `${JSON.stringify(result, null, 2)}\n`)
  for (const row of rows)
    console.log(`${row.case.padEnd(36)} ${row.metric.padEnd(24)} ${row.value} ${row.unit}`)
}

await main()
