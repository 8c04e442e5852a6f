import { resolve } from 'node:path'
import type { Command } from 'commander'
import { type DemoResult, runDemo } from './demo.ts'
import { type Output, textTable } from './output.ts'

export function addDemoCommand(program: Command, output: () => Output): void {
  program
    .command('demo')
    .description('the whole way on a made-up film: keyframes, propagation, export, checks, scores')
    .argument('[folder]', 'where to write', 'demo-output')
    .action(async (folder: string) => {
      const result = await runDemo(resolve(folder), output())
      output().result(demoText(result), result)
    })
}

function demoText(result: DemoResult): string {
  const percent = (share: number) => (share * 100).toFixed(1)
  const table = textTable(
    ['object', 'kind', 'frames scored', 'J', 'F'],
    [
      ...result.objects.map((object) => [
        object.name,
        object.stuff ? 'stuff' : 'thing',
        object.frameCount,
        percent(object.j),
        percent(object.f),
      ]),
      [
        'mean of all',
        '',
        result.objects.reduce((sum, object) => sum + object.frameCount, 0),
        percent(result.j),
        percent(result.f),
      ],
    ],
  )
  return [
    '',
    `${result.frameCount} frames of ${result.width}x${result.height}; keyframes with the true masks on frames ${result.keyFrames.join(', ')}; everything else was propagated.`,
    '',
    table,
    '',
    'J is region similarity and F contour accuracy in percent, by the DAVIS definitions, against the exact masks of the made-up film. Keyframes are not scored. A drawn film is easier than most real ones: for figures on real video run "npm run bench -- davis".',
    '',
    `Propagation took ${result.propagationSeconds.toFixed(1)} s, ${Math.round((result.propagationSeconds * 1000) / result.frameCount)} ms a frame of the film for all ${result.objects.length} objects, with ${result.threadCount} threads. The whole demo took ${result.seconds.toFixed(0)} s.`,
    ...result.checks.map(
      (check) =>
        `${check.dataset}: ${check.violationCount === 0 ? 'no violation of its format was found.' : `${check.violationCount} violations of its format were found.`}`,
    ),
    '',
    `Written to ${result.folder}:`,
    ...result.written.map(({ path, what }) => `  ${path}  ${what}`),
  ].join('\n')
}
