/** `new`, `sample`, `import`, `classes`, `info`: making a project, filling it, looking at it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import type { HostApi, Snapshot } from '../core/api.ts'
import type { ListedClass } from '../core/formats/class-list.ts'
import { cocoClasses, vipsegClasses } from '../core/formats/class-tables.ts'
import { isKey, type MaskRecord, type MediaRecord, type ObjectRecord } from '../core/records.ts'
import { staleSpans } from '../core/track/staleness.ts'
import { trackOf } from '../core/track/track.ts'
import { counted, type Output, textTable } from './output.ts'
import { runFollowers, runJob } from './run-job.ts'
import { suggestionFor } from './suggest-command.ts'
import { createProject, mediaOf, objectsOf, withHost, withProject } from './with-project.ts'

export function addProjectCommands(program: Command, output: () => Output): void {
  program
    .command('new')
    .description('make an empty project in FOLDER')
    .argument('<folder>', 'a folder that does not exist yet or is empty')
    .option('--classes <file>', 'class list: one name a line, or JSON; also "coco" or "vipseg"')
    .action(async (folder: string, options: { classes?: string }) => {
      await withHost(async (host) => {
        const { snapshot } = await createProject(host, folder)
        if (options.classes) await importClasses(host, options.classes, output())
        const { project } = await snapshot()
        output().result(`Made the project ${project.folder}.`, project)
      })
    })

  program
    .command('sample')
    .description('make the sample project where it is not there yet, and say where it is')
    .action(async () => {
      await withHost(async (host) => {
        output().note('Making the sample, which takes some seconds the first time.')
        const project = await host.openSample()
        output().result(project.folder, project)
      })
    })

  program
    .command('import')
    .description('bring videos or folders of images into a project')
    .argument('<project>', 'folder of the project')
    .argument('<media...>', 'video files, image files or folders of images')
    .option('--classes <file>', 'class list to import as well')
    .action(async (project: string, media: string[], options: { classes?: string }) => {
      await withProject(project, false, async ({ host, snapshot }) => {
        if (options.classes) await importClasses(host, options.classes, output())
        const before = new Set(mediaOf(await snapshot()).map((item) => item.id))
        const job = await runJob(
          host,
          { type: 'import-media', paths: media.map((path) => resolve(path)) },
          output(),
        )
        await runFollowers(host)
        const added = mediaOf(await snapshot()).filter((item) => !before.has(item.id))
        if (job.sentence && !job.notes.includes(job.sentence)) output().note(job.sentence)
        for (const item of added) if (item.note) output().note(`${item.name}: ${item.note}`)
        if (added.length === 0 && !process.exitCode) process.exitCode = 1
        const lines = added.map(
          (item) =>
            `${item.name}: ${counted(item.frameCount, 'frame')}, ${item.width}x${item.height}, ${item.codec}`,
        )
        output().result(lines.join('\n') || 'Nothing was imported.', added)
      })
    })

  program
    .command('info')
    .description('what a project holds')
    .argument('<project>', 'folder of the project')
    .action(async (project: string) => {
      await withProject(project, true, async ({ snapshot }) => {
        const info = projectSummary(await snapshot())
        output().result(summaryText(info), info)
      })
    })
}

const builtInLists: Readonly<Record<string, () => readonly ListedClass[]>> = {
  coco: cocoClasses,
  vipseg: vipsegClasses,
}

/** From a file, or one of the lists that come with the program. */
async function importClasses(host: HostApi, file: string, output: Output): Promise<void> {
  const builtIn = builtInLists[file]
  if (!builtIn) return output.note((await host.importClasses(resolve(file))).sentence)
  const folder = mkdtempSync(join(tmpdir(), 'inbetween-classes-'))
  try {
    const path = join(folder, `${file}.json`)
    writeFileSync(
      path,
      JSON.stringify(builtIn().map(({ name, stuff, exportId }) => ({ name, stuff, id: exportId }))),
    )
    output.note((await host.importClasses(path)).sentence)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface ObjectSummary {
  readonly name: string
  readonly className: string | null
  readonly keyframeCount: number
  readonly confirmedCount: number
  readonly propagatedCount: number
  /** Found again after being out of sight; nobody has accepted them yet. */
  readonly proposedCount: number
  readonly staleCount: number
}

interface ProjectSummary {
  readonly name: string
  readonly folder: string
  readonly classCount: number
  readonly media: readonly {
    readonly name: string
    readonly frameCount: number
    readonly width: number
    readonly height: number
    readonly codec: string
    readonly state: string
    readonly objects: readonly ObjectSummary[]
    /** The keyframe to set next, in words; null before anything was propagated. */
    readonly nextKeyframe: string | null
  }[]
  readonly jobs: readonly {
    readonly label: string
    readonly state: string
    readonly done: number
    readonly total: number
  }[]
}

export function projectSummary(snapshot: Snapshot): ProjectSummary {
  const masks = new Map<string, MaskRecord[]>()
  for (const record of snapshot.records) {
    if (record.kind !== 'mask') continue
    const list = masks.get(record.objectId)
    if (list) list.push(record)
    else masks.set(record.objectId, [record])
  }
  const classNames = new Map(
    snapshot.records.flatMap((record) =>
      record.kind === 'class' ? [[record.id, record.name] as const] : [],
    ),
  )
  const objects = objectsOf(snapshot)
  const { name, folder } = snapshot.project
  const media = mediaOf(snapshot).map((item) => ({
    name: item.name,
    frameCount: item.frameCount,
    width: item.width,
    height: item.height,
    codec: item.codec,
    state: snapshot.media.find((status) => status.mediaId === item.id)?.problem ?? 'ok',
    nextKeyframe: nextKeyframe(snapshot, item, objects),
    objects: objects
      .filter((object) => object.mediaId === item.id)
      .map((object) =>
        objectSummary(
          object,
          masks.get(object.id) ?? [],
          object.classId ? (classNames.get(object.classId) ?? null) : null,
        ),
      ),
  }))
  const jobs = snapshot.jobs.map(({ label, state, done, total }) => ({ label, state, done, total }))
  return { name, folder, classCount: classNames.size, media, jobs }
}

function nextKeyframe(
  snapshot: Snapshot,
  media: MediaRecord,
  objects: readonly ObjectRecord[],
): string | null {
  const next = suggestionFor(snapshot, media, null)
  if (!next?.worth) return next?.reason ?? null
  const name = objects.find(({ id }) => id === next.objectId)?.name ?? next.objectId
  return `Next keyframe: ${name}, frame ${next.frameIndex}. ${next.reason}`
}

function objectSummary(
  object: ObjectRecord,
  masks: readonly MaskRecord[],
  className: string | null,
): ObjectSummary {
  const track = trackOf(masks)
  const staleCount = staleSpans(track).reduce(
    (sum, { firstFrame, lastFrame }) =>
      sum +
      masks.filter((mask) => mask.frameIndex >= firstFrame && mask.frameIndex <= lastFrame && !isKey(mask))
        .length,
    0,
  )
  return {
    name: object.name,
    className,
    keyframeCount: track.keys.length,
    confirmedCount: track.keys.filter((key) => key.state === 'confirmed').length,
    propagatedCount: track.masks.filter((mask) => mask.state === 'propagated').length,
    proposedCount: track.masks.filter((mask) => mask.state === 'proposed').length,
    staleCount,
  }
}

function summaryText(info: ProjectSummary): string {
  const lines = [`${info.name} (${info.folder}), ${counted(info.classCount, 'class', 'classes')}`]
  for (const media of info.media) {
    lines.push(
      '',
      `${media.name}: ${counted(media.frameCount, 'frame')}, ${media.width}x${media.height}, ${media.codec}`,
    )
    if (media.state !== 'ok') lines.push(media.state)
    if (media.objects.length > 0)
      lines.push(
        textTable(
          ['object', 'class', 'keyframes', 'confirmed', 'propagated', 'proposed', 'stale'],
          media.objects.map((object) => [
            object.name,
            object.className ?? '-',
            object.keyframeCount,
            object.confirmedCount,
            object.propagatedCount,
            object.proposedCount,
            object.staleCount,
          ]),
        ),
      )
    if (media.nextKeyframe) lines.push(media.nextKeyframe)
  }
  for (const job of info.jobs) lines.push('', `${job.label}: ${job.state}, ${job.done} of ${job.total}`)
  return lines.join('\n')
}
