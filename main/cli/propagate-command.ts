import type { Command } from 'commander'
import type { HostApi, JobInfo, PropagateSpec, Snapshot } from '../core/api.ts'
import type { MaskState } from '../core/records.ts'
import { UserError } from '../core/user-error.ts'
import { parseRange } from './frame-choice.ts'
import { propagationModelHelp, propagationModels } from './model-choice.ts'
import { type ProviderOptions, providerOption } from './model-providers-command.ts'
import { counted, type Output } from './output.ts'
import { runJob } from './run-job.ts'
import { chosenMedia, chosenObjects, type OpenProject, withProject } from './with-project.ts'

interface Options extends ProviderOptions {
  readonly media?: string
  readonly object?: readonly string[]
  readonly direction: PropagateSpec['direction']
  readonly range?: string
  readonly next?: boolean
  readonly stale?: boolean
  readonly frame: string
  readonly resume?: boolean
  readonly estimate?: boolean
  readonly model?: string
}

export function addPropagateCommand(program: Command, output: () => Output): void {
  program
    .command('propagate')
    .description('carry the masks of the keyframes to the frames between and around them')
    .argument('<project>', 'folder of the project')
    .option('--media <name>', 'which video, where there are several')
    .option('--object <name...>', 'only these objects; without it every one that is visible and unlocked')
    .option('--direction <direction>', 'forward, backward or both', direction, 'both')
    .option('--range <first-last>', 'only these frames, 0-based, both included')
    .option('--frame <number>', 'where to begin: work goes outward from here', '0')
    .option('--next', 'stop at the next keyframe')
    .option('--stale', 'only what keyframes have changed since')
    .option('--resume', 'go on with the last propagation that was stopped')
    .option('--estimate', 'only say how long it would take')
    .option(...providerOption)
    .option('--model <id>', propagationModelHelp)
    .action(async (project: string, options: Options) => {
      const work = (open: OpenProject) => propagate(open, options, output())
      await withProject(project, options.estimate === true, work, {
        ...(options.provider && { provider: options.provider }),
        ...(options.model && { models: propagationModels(options.model) }),
      })
    })
}

async function propagate({ host, snapshot }: OpenProject, options: Options, output: Output): Promise<void> {
  const before = await snapshot()
  if (options.resume) return report(await runJob(host, { resume: stoppedJob(before) }, output), host, output)
  const spec = propagateSpec(before, options)
  const estimate = await host.estimate(spec)
  const text = `${counted(estimate.objectCount, 'object')}, ${counted(estimate.frameCount, 'frame')}, about ${Math.ceil(estimate.seconds)} s.`
  if (options.estimate) return output.result(estimate.sentence ?? text, estimate)
  if (estimate.sentence === null) output.note(text)
  await report(await runJob(host, spec, output), host, output)
}

function direction(text: string): PropagateSpec['direction'] {
  if (text === 'forward' || text === 'backward' || text === 'both') return text
  throw new UserError('bad-direction', `“${text}” is no direction. Write forward, backward or both.`)
}

function propagateSpec(snapshot: Snapshot, options: Options): PropagateSpec {
  const media = chosenMedia(snapshot, options.media)
  if (options.next && options.stale) throw new UserError('bad-options', 'Choose one of --next and --stale.')
  if (!/^\d+$/.test(options.frame))
    throw new UserError('bad-frames', `“${options.frame}” is no frame. Write a number from 0 on.`)
  return {
    type: 'propagate',
    mediaId: media.id,
    objectIds: chosenObjects(snapshot, media, options.object)?.map((object) => object.id) ?? null,
    direction: options.direction,
    range: options.range === undefined ? null : parseRange(options.range),
    reach: options.stale ? 'stale' : options.next ? 'next' : 'all',
    playheadFrame: Number(options.frame),
  }
}

function stoppedJob(snapshot: Snapshot): string {
  const stopped = snapshot.jobs.findLast(
    (job) => job.spec.type === 'propagate' && ['interrupted', 'cancelled', 'failed'].includes(job.state),
  )
  if (!stopped)
    throw new UserError(
      'nothing-stopped',
      'No propagation of this project was stopped. Leave --resume out to start one.',
    )
  return stopped.id
}

async function report(job: JobInfo, host: HostApi, output: Output): Promise<void> {
  const records = (await host.snapshot())?.records ?? []
  const countOf = (state: MaskState) =>
    records.filter((record) => record.kind === 'mask' && record.state === state).length
  const [propagatedMaskCount, proposedMaskCount] = [countOf('propagated'), countOf('proposed')]
  const speed = job.msPerFrame === null ? '' : `, ${Math.round(job.msPerFrame)} ms a frame`
  const label = job.network ? `${job.label} with ${job.network}` : job.label
  const made = `${label}: ${job.state}${speed}. The project has ${counted(propagatedMaskCount, 'propagated mask')}.`
  const ask = 'List what was found again with "inbetween proposals", and answer with --accept or --reject.'
  const text =
    proposedMaskCount > 0 ? [made, job.sentence, ask].filter(Boolean).join('\n') : (job.sentence ?? made)
  output.result(text, { ...job, propagatedMaskCount, proposedMaskCount })
}
