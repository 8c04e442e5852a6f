import type { Command } from 'commander'
import type { Snapshot } from '../core/api.ts'
import type { MediaRecord, ObjectRecord } from '../core/records.ts'
import { type Suggestion, suggestKeyframe } from '../core/track/suggest.ts'
import type { Output } from './output.ts'
import { chosenMedia, chosenObjects, objectsOf, tracksIn, withProject } from './with-project.ts'

interface Options {
  readonly media?: string
  readonly object?: readonly string[]
}

export function addSuggestCommand(program: Command, output: () => Output): void {
  program
    .command('suggest')
    .description('which keyframe to set next, and why')
    .argument('<project>', 'folder of the project')
    .option('--media <name>', 'which video, where there are several')
    .option('--object <name...>', 'only for these objects; without it for every one that is unlocked')
    .action(async (project: string, options: Options) => {
      await withProject(project, true, async ({ snapshot }) => {
        const now = await snapshot()
        const media = chosenMedia(now, options.media)
        const objects = chosenObjects(now, media, options.object)
        const suggestion = suggestionFor(now, media, objects)
        const object = objectsOf(now).find(({ id }) => id === suggestion?.objectId)
        output().result(suggestionText(suggestion, object), {
          suggestion: suggestion && { ...suggestion, objectName: object?.name ?? null },
        })
      })
    })
}

/** The next keyframe of a video; `objects` null: whichever object it is. */
export function suggestionFor(
  snapshot: Snapshot,
  media: MediaRecord,
  objects: readonly ObjectRecord[] | null,
): Suggestion | null {
  const asked = objects ?? objectsOf(snapshot).filter((object) => object.mediaId === media.id)
  const trackOf = tracksIn(snapshot)
  return suggestKeyframe(
    asked.map((object) => [object, trackOf(object.id)] as const),
    media.frameCount,
  )
}

function suggestionText(suggestion: Suggestion | null, object: ObjectRecord | undefined): string {
  if (!suggestion)
    return 'Nothing is known yet: set a keyframe and propagate, then ask again. Locked objects are left out.'
  if (!suggestion.worth) return suggestion.reason
  return `${object?.name ?? suggestion.objectId}, frame ${suggestion.frameIndex}. ${suggestion.reason}`
}
