/** `export`, `import-annotations`, `verify`, `evaluate`: out of a project, into it, and looking at what came out. */
import { basename, dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import type { ExportFormat, ExportSpec, JobReport } from '../core/api.ts'
import { UserError } from '../core/user-error.ts'
import { parseFrameChoice } from './frame-choice.ts'
import { counted, type Output } from './output.ts'
import { runJob } from './run-job.ts'
import { chosenMedia, mediaOf, withProject } from './with-project.ts'

export const exportFormats: readonly ExportFormat[] = [
  'davis',
  'youtube-vos',
  'viposeg',
  'youtube-vis',
  'coco',
  'overlay',
  'frame-table',
]

interface ExportOptions {
  readonly format: ExportFormat
  readonly media?: string
  readonly frames: string
  readonly val: string
  readonly layout: string
  readonly overwrite?: boolean
  readonly images: boolean
  readonly plan?: boolean
}

export function addExportCommand(program: Command, output: () => Output): void {
  program
    .command('export')
    .description('write a dataset, an overlay video or the frame table')
    .argument('<project>', 'folder of the project')
    .argument('<target>', 'folder to make')
    .requiredOption('--format <format>', exportFormats.join(', '), format)
    .option('--media <name>', 'only this video')
    .option('--frames <choice>', 'all, keyframes, confirmed, every:N or FIRST-LAST', 'all')
    .option('--val <share>', 'share of the videos that become validation, 0 to 1', '0')
    .option('--layout <layout>', 'train or valid (VIPOSeg, YouTube-VOS)', 'train')
    .option('--overwrite', 'replace the target if it exists')
    .option('--no-images', 'leave the pictures out')
    .option('--plan', 'only say what would be written')
    .action(async (project: string, target: string, options: ExportOptions) => {
      await withProject(project, false, async ({ host, snapshot }) => {
        const before = await snapshot()
        const media = options.media === undefined ? mediaOf(before) : [chosenMedia(before, options.media)]
        const spec = exportSpec(
          target,
          options,
          media.map((item) => item.id),
        )
        const plan = await host.planExport(spec)
        if (options.plan) {
          const text = [
            ...plan.problems,
            ...plan.warnings,
            `${counted(plan.fileCount, 'file')}, about ${(plan.byteLengthEstimate / 1e6).toFixed(1)} MB`,
            ...plan.files,
          ]
          return output().result(text.join('\n'), plan)
        }
        if (plan.problems.length > 0) throw new UserError('export-refused', plan.problems.join('\n'))
        const job = await runJob(host, spec, output())
        output().result(reportText(job.report, job.sentence), job.report ?? { sentence: job.sentence })
      })
    })
}

function format(text: string): ExportFormat {
  const found = exportFormats.find((name) => name === text)
  if (!found)
    throw new UserError('bad-format', `“${text}” is no format. Write one of ${exportFormats.join(', ')}.`)
  return found
}

function exportSpec(target: string, options: ExportOptions, mediaIds: ExportSpec['mediaIds']): ExportSpec {
  const valShare = Number(options.val)
  if (!(valShare >= 0 && valShare <= 1))
    throw new UserError('bad-share', `“${options.val}” is no share. Write a number from 0 to 1.`)
  if (options.layout !== 'train' && options.layout !== 'valid')
    throw new UserError('bad-layout', `“${options.layout}” is no layout. Write train or valid.`)
  const path = resolve(target)
  return {
    type: 'export',
    format: options.format,
    target: dirname(path),
    folderName: basename(path),
    mediaIds,
    frames: parseFrameChoice(options.frames),
    valShare,
    layout: options.layout,
    overwrite: options.overwrite === true,
    includeFrames: options.images,
  }
}

export function reportText(report: JobReport | null, sentence: string | null): string {
  if (!report) return sentence ?? 'Nothing was written.'
  const part = (title: string, lines: readonly string[]) =>
    lines.length > 0 ? [`${title}:`, ...lines.map((line) => `  ${line}`)] : []
  return [
    report.folder ? `${report.title}: ${report.folder}` : report.title,
    ...part('Written', report.written),
    ...part('Converted', report.converted),
    ...part('Dropped', report.dropped),
    ...(sentence ? [sentence] : []),
  ].join('\n')
}

export function addImportAnnotationsCommand(program: Command, output: () => Output): void {
  program
    .command('import-annotations')
    .description('read masks of a dataset (DAVIS or VIPOSeg PNGs, YouTube-VIS or COCO JSON) as keyframes')
    .argument('<project>', 'folder of the project')
    .argument('<path>', 'folder of PNGs, or a JSON file')
    .option('--media <name>', 'which video they belong to, where there are several')
    .action(async (project: string, path: string, options: { media?: string }) => {
      await withProject(project, false, async ({ host, snapshot }) => {
        const media = chosenMedia(await snapshot(), options.media)
        const job = await runJob(
          host,
          { type: 'import-annotations', mediaId: media.id, path: resolve(path) },
          output(),
        )
        output().result(reportText(job.report, job.sentence), job.report ?? { sentence: job.sentence })
      })
    })
}
