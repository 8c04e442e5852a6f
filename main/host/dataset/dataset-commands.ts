/** `inbetween verify` and `inbetween evaluate`: what they print and how they end. */
import { resolve } from 'node:path'
import { violationLine } from '../../core/formats/violation.ts'
import { UserError } from '../../core/user-error.ts'
import { evaluate, scoreTable } from './evaluate.ts'
import { type VerifiableFormat, verifiableFormats, verifyDataset } from './verify-dataset.ts'

export interface CommandResult {
  /** 0: all is well; 1: the dataset breaks a rule. */
  readonly exitCode: number
  /** For a person; ends without a line break. */
  readonly text: string
  /** For a program: any JSON value. */
  readonly json: unknown
}

/** Lines of one kind beyond this many are counted, not shown; the json has all. */
const shownViolations = 100

/** Only errors make it fail, warnings do not. Throws UserError when there is no dataset at the path. */
export async function runVerify(
  options: { readonly path: string; readonly format?: string | undefined },
  signal: AbortSignal = new AbortController().signal,
): Promise<CommandResult> {
  const format = verifiableFormat(options.format)
  const report = await verifyDataset(resolve(options.path), format, signal)
  const errors = report.violations.filter(({ severity }) => severity === 'error').length
  const warnings = report.violations.length - errors
  const lines = report.violations.slice(0, shownViolations).map(violationLine)
  if (report.violations.length > shownViolations)
    lines.push(`and ${report.violations.length - shownViolations} more`)
  const verdict =
    errors === 0 ? 'follows the rules' : `breaks the rules in ${errors} ${errors === 1 ? 'place' : 'places'}`
  lines.push(
    `${report.path} ${verdict} of ${report.format} (${report.checked}${warnings > 0 ? `, ${warnings} warnings` : ''}).`,
  )
  return { exitCode: errors === 0 ? 0 : 1, text: lines.join('\n'), json: { ...report, errors, warnings } }
}

function verifiableFormat(format: string | undefined): VerifiableFormat | null {
  if (format === undefined || format === 'auto') return null
  const known = verifiableFormats.find((name) => name === format)
  if (known) return known
  throw new UserError(
    'unknown-format',
    `${format} is no format that can be verified. Use one of ${verifiableFormats.join(', ')}.`,
  )
}

export async function runEvaluate(
  options: { readonly result: string; readonly truth: string; readonly metric?: string | undefined },
  signal: AbortSignal = new AbortController().signal,
  onFrame?: (done: number, total: number) => void,
): Promise<CommandResult> {
  const { metric = 'davis' } = options
  if (metric !== 'davis' && metric !== 'viposeg')
    throw new UserError('unknown-metric', `${metric} is no metric. Use davis or viposeg.`)
  const scores = await evaluate(resolve(options.result), resolve(options.truth), metric, signal, onFrame)
  return { exitCode: 0, text: scoreTable(scores), json: scores }
}
