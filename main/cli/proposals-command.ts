import type { Command } from 'commander'
import type { Snapshot } from '../core/api.ts'
import type { MaskRecord, MediaRecord, ObjectRecord } from '../core/records.ts'
import { answeredProposal, type Proposal, proposalsOf } from '../core/track/proposals.ts'
import { type Track, trackOf } from '../core/track/track.ts'
import { UserError } from '../core/user-error.ts'
import { counted, type Output, textTable } from './output.ts'
import { chosenMedia, type OpenProject, objectsOf, withProject } from './with-project.ts'

interface Options {
  readonly media?: string
  readonly accept?: readonly string[]
  readonly reject?: readonly string[]
}

type Answer = 'accept' | 'reject'

export function addProposalsCommand(program: Command, output: () => Output): void {
  program
    .command('proposals')
    .description('where objects were found again after they were out of sight or beyond a shot cut')
    .argument('<project>', 'folder of the project')
    .option('--media <name>', 'which video, where there are several')
    .option('--accept <object@frame...>', 'it is the object: keep its masks, that frame as confirmed')
    .option('--reject <object@frame...>', 'it is something else: the object stays hidden there')
    .addHelpText('after', '\nThe frame may be any one of the proposed run; the list names the first.')
    .action(async (project: string, options: Options) => {
      const isQuestion = !options.accept && !options.reject
      await withProject(project, isQuestion, async (open) => {
        for (const name of options.accept ?? []) await answer(open, options, name, 'accept')
        for (const name of options.reject ?? []) await answer(open, options, name, 'reject')
        const now = await open.snapshot()
        list(now, chosenMedia(now, options.media), output())
      })
    })
}

async function answer(open: OpenProject, options: Options, name: string, answer: Answer): Promise<void> {
  const now = await open.snapshot()
  const media = chosenMedia(now, options.media)
  const { object, frameIndex } = named(now, media, name)
  const track = trackOfObject(now, object)
  const diff = answeredProposal(track, frameIndex, answer)
  if (Object.keys(diff.updated).length === 0)
    throw new UserError(
      'no-proposal',
      `${object.name} has no proposal on frame ${frameIndex}. "inbetween proposals PROJECT" lists what there is.`,
    )
  const label = `${answer === 'accept' ? 'Accept' : 'Reject'} ${object.name} at frame ${frameIndex}`
  await open.host.commit({ id: crypto.randomUUID(), label, diff, shapes: [] })
}

/** `Fox@63`: names may hold an @ themselves, so the last one counts. */
function named(now: Snapshot, media: MediaRecord, name: string) {
  const at = name.lastIndexOf('@')
  const frame = name.slice(at + 1)
  if (at < 1 || !/^\d+$/.test(frame))
    throw new UserError(
      'bad-proposal',
      `“${name}” names no proposal. Write the object and a frame, as in Fox@63.`,
    )
  const objects = objectsOf(now).filter((each) => each.mediaId === media.id)
  const object = objects.find((each) => each.name === name.slice(0, at) || each.id === name.slice(0, at))
  if (!object)
    throw new UserError(
      'which-object',
      `${media.name} has no object named ${name.slice(0, at)}. It has: ${objects.map((each) => each.name).join(', ') || 'none'}.`,
    )
  return { object, frameIndex: Number(frame) }
}

function trackOfObject({ records }: Snapshot, object: ObjectRecord): Track {
  const isOwn = (record: Snapshot['records'][number]): record is MaskRecord =>
    record.kind === 'mask' && record.objectId === object.id
  return trackOf(records.filter(isOwn))
}

function list(now: Snapshot, media: MediaRecord, output: Output): void {
  const found = objectsOf(now)
    .filter((object) => object.mediaId === media.id)
    .flatMap((object) => proposalsOf(trackOfObject(now, object)).map((proposal) => ({ object, proposal })))
  const text =
    found.length === 0
      ? 'Nothing is proposed.'
      : `${textTable(
          ['Object', 'Found at', 'Frames', 'Confidence'],
          found.map(({ object, proposal }) => [object.name, ...cells(proposal)]),
        )}\n${counted(found.length, 'proposal')}: answer with --accept or --reject, as in ${found[0]!.object.name}@${found[0]!.proposal.foundFrame}.`
  output.result(text, {
    proposals: found.map(({ object, proposal }) => ({ ...proposal, objectName: object.name })),
  })
}

function cells({ foundFrame, firstFrame, lastFrame, confidence }: Proposal): (string | number)[] {
  return [
    foundFrame,
    `${firstFrame} to ${lastFrame}`,
    confidence === null ? '' : `${Math.round(confidence * 100)}%`,
  ]
}
