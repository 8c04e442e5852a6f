/**
 * The program behind every view: implements HostApi by what stands below it. One process is one host, with one project
 * open at a time.
 */
import { randomUUID } from 'node:crypto'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { HostApi, HostInfo, PathRef, Settings } from '../core/api.ts'
import type { ChosenModels, ProviderChoice } from '../core/models.ts'
import { planExport } from './dataset/plan-export.ts'
import { EventBroadcast } from './event-broadcast.ts'
import { hostInfo, mediaUrls } from './host-info.ts'
import { importedClasses } from './imported-classes.ts'
import { openInference } from './inference/open-inference.ts'
import type { JobBodies } from './job-context.ts'
import { jobBodies } from './jobs/job-bodies.ts'
import { estimatePropagation } from './jobs/propagation-speed.ts'
import { type MediaBytes, mediaFile, stillFrame } from './media-bytes.ts'
import { PackStore } from './models/pack-store.ts'
import { Packs } from './models/packs.ts'
import { openGate, rootedGate } from './path-gate.ts'
import { Project } from './project.ts'
import { ProjectKeeper } from './project-keeper.ts'
import { ProjectRecents } from './project-recents.ts'
import { ensureSample } from './sample.ts'
import { openSettings, withModels } from './settings.ts'

export interface HostOptions {
  readonly mode: HostInfo['mode']
  /** Where settings, recent projects and the sample are kept. */
  readonly settingsFolder: string
  /** Served mode: the folder below which files can be picked; the user's home where it is left out. */
  readonly root?: string
  /** For this process, whatever the settings say. */
  readonly provider?: ProviderChoice
  /** For this process: packs by role, whatever the settings say. */
  readonly models?: Partial<ChosenModels>
  /** For tests of the queue. */
  readonly bodies?: JobBodies
}

export interface Host extends HostApi, MediaBytes {
  /** How a page may name a path that the person gave on the command line; null where it lies outside the root. */
  refOf(path: string): PathRef | null
  /** Ends jobs, closes the project and every stream of events. */
  close(): Promise<void>
}

/** Where packs that were added are kept. */
export function packsFolder(settingsFolder: string): string {
  return join(settingsFolder, 'models')
}

export async function createHost(options: HostOptions): Promise<Host> {
  const { gate, settings, recents, urls, broadcast, keeper, inference, packs } = parts(options)
  const { mode, settingsFolder } = options
  const opened = () => keeper.opened()
  return {
    info: () => hostInfo(mode, urls),
    settings: async () => settings.get(),
    updateSettings: async ({ models: _choosePackSetsThem, ...patch }) => {
      const updated = settings.update(patch)
      // What it comes to is told by events; a choice that cannot be had is no reason to refuse the settings.
      if (patch.provider !== undefined) inference.choose(updated.provider).catch(() => {})
      return updated
    },
    inference: async () => inference.status(),
    probeProviders: () => inference.probe(),

    ...packCalls(packs),

    recentProjects: async () => recents.list(gate),
    createProject: (parent, name) =>
      keeper.change(
        () => null,
        (project) => Project.create(gate.resolve(parent), name, project),
      ),
    openProject: (ref, { readOnly }) =>
      keeper.change(
        () => gate.resolve(ref),
        (project, folder) => Project.open(folder, { ...project, readOnly }),
      ),
    openSample: () =>
      keeper.change(
        () => ensureSample(join(settingsFolder, 'samples'), { now, newId }),
        (project, folder) => Project.open(folder, project),
      ),
    closeProject: () => keeper.close(),
    snapshot: async () => keeper.session?.snapshot() ?? null,
    events: (signal) => broadcast.subscribe(signal),

    commit: async (change) => opened().commit(change),
    undo: async () => opened().travel('undo'),
    redo: async () => opened().travel('redo'),
    shapes: async (hashes) => hashes.map((hash) => opened().project.database.shape(hash)),

    frameTable: async (mediaId) => opened().project.frameTable(mediaId),
    relink: async (mediaId, path) => opened().relink(mediaId, gate.resolve(path)),
    checkMedia: async () => opened().checkMedia(),

    segment: async (request) => opened().segments.segment(request),

    startJob: async (spec) => opened().jobs.start(spec),
    cancelJob: async (id) => opened().jobs.cancel(id),
    resumeJob: async (id) => opened().jobs.resume(id),
    dismissJob: async (id) => opened().jobs.dismiss(id),
    estimate: async (spec) => estimatePropagation(opened().context, spec),
    planExport: async (spec) => planExport(opened().context, spec),

    browse: async (ref) => gate.browse(ref),
    importClasses: async (path) => {
      const { project, context } = opened()
      const { diff, classIds, sentence } = await importedClasses(context, gate.resolve(path))
      project.commit({ id: newId('change'), label: 'Import classes', diff, shapes: [] }, 'import')
      return { classIds, sentence }
    },

    mediaFile: async (mediaId) => mediaFile(keeper.session, mediaId),
    stillFrame: async (mediaId, frameIndex) => stillFrame(keeper.session, mediaId, frameIndex),
    refOf: (path) => gate.refOf(path),
    close: async () => {
      await keeper.close()
      await inference.close()
      broadcast.close()
    },
  }
}

function packCalls(packs: Packs) {
  return {
    models: async () => packs.list(),
    planPack: (source, signal) => packs.plan(source, signal),
    addPack: (source, manifestHash, signal) => packs.add(source, manifestHash, signal),
    verifyPack: (id, signal) => packs.verify(id, signal),
    benchPack: (id, signal) => packs.bench(id, signal),
    removePack: (id) => packs.remove(id),
    choosePack: async (role, id) => packs.choose(role, id),
  } satisfies Partial<HostApi>
}

function parts({ mode, settingsFolder, root, provider, models = {}, bodies = jobBodies }: HostOptions) {
  const gate = mode === 'served' ? rootedGate(root ?? homedir()) : openGate()
  const settings = withModels(openSettings(settingsFolder), models)
  const recents = new ProjectRecents(settingsFolder)
  const urls = mediaUrls(mode)
  const broadcast = new EventBroadcast(() => keeper.session?.project.info() ?? null)
  const inference = openInference({ settings: () => inferenceSettings(settings.get(), provider) })
  inference.onStatus((status) => broadcast.send({ type: 'inference', status }))
  const packs = new Packs({
    store: new PackStore(packsFolder(settingsFolder)),
    settings,
    inference,
    resolvePath: gate.resolve,
    trustsAddresses: mode !== 'served',
    now,
    onChange: (list) => broadcast.send({ type: 'models', models: list }),
  })
  const keeper: ProjectKeeper = new ProjectKeeper(
    {
      bodies,
      urls,
      now,
      newId,
      settings: settings.get,
      inference,
      packs,
      resolvePath: gate.resolve,
      send: (event) => broadcast.send(event),
    },
    recents,
  )
  return { gate, settings, recents, urls, broadcast, keeper, inference, packs }
}

function inferenceSettings(settings: Settings, provider: ProviderChoice = settings.provider) {
  const { threadCount, modelMegabytes } = settings
  return { provider, threadCount, memoryLimit: modelMegabytes * 2 ** 20 }
}

function now(): number {
  return Date.now()
}

/** Of letters that may stand in a URL. */
function newId(word: string): string {
  return `${word}-${randomUUID().replaceAll('-', '').slice(0, 20)}`
}
