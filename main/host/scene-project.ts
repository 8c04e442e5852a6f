/**
 * A project of a made-up scene: the film, its classes and objects, and true masks on a few keyframes. The sample, the
 * demo and the tests are such projects; only what they choose differs.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { emptyDiff } from '../core/diff.ts'
import { encodeRle, encodeShape, type Rle, rleArea, rleBounds } from '../core/mask/rle.ts'
import { shapeHash } from '../core/mask/shape-hash.ts'
import type {
  AnyRecord,
  ClassId,
  ClassRecord,
  MaskRecord,
  MediaId,
  ObjectId,
  ObjectRecord,
} from '../core/records.ts'
import { maskId } from '../core/records.ts'
import type { Scene, SceneEntity, SceneFrame, SceneSpec } from '../core/scene/scene.ts'
import type { NewShape } from './job-context.ts'
import { describeVideo } from './jobs/describe-video.ts'
import { wholeTable } from './jobs/read-frame-table.ts'
import { Project, type ProjectOptions } from './project.ts'
import { writeSceneVideo } from './scene-video.ts'

export interface SceneProjectOptions extends Pick<ProjectOptions, 'now' | 'newId' | 'onChange'> {
  /** Which entities become objects; all things where it is left out. */
  readonly isObject?: (entity: SceneEntity) => boolean
  /** Which objects get no mask: left to be drawn. */
  readonly isLeftToDraw?: (entity: SceneEntity) => boolean
  /** Frames where every visible object gets a keyframe, besides those where it comes back into view. */
  readonly keyFrames: (scene: Scene) => readonly number[]
  readonly onProgress?: (frameIndex: number, frameCount: number) => void
  readonly signal?: AbortSignal | undefined
}

export interface SceneProject {
  readonly project: Project
  readonly scene: Scene
  readonly mediaId: MediaId
  readonly videoPath: string
  readonly objectIds: ReadonlyMap<SceneEntity, ObjectId>
  /** The true mask of an entity on a frame. */
  truth(entity: SceneEntity, frameIndex: number): Rle
}

/** On screen; colour-blind-safe, and none of them close to what the scene's objects are painted in. */
const colors = ['#0072b2', '#009e73', '#cc79a7', '#e69f00', '#d55e00', '#56b4e9', '#f0e442'] as const
/** An object counts as back in view from this share of its largest area on. */
const backShare = 0.25
/** Absences shorter than this are left to propagation. */
const shortestAbsence = 3

/** Makes `parent/name` with the film in it. The project is open; its content is no step that could be undone. */
export async function makeSceneProject(
  parent: string,
  name: string,
  spec: SceneSpec,
  options: SceneProjectOptions,
): Promise<SceneProject> {
  const { signal, onProgress, isObject = (entity) => !entity.stuff } = options
  const project = Project.create(parent, name, options)
  try {
    const folder = join(project.folders.project, 'media')
    mkdirSync(folder)
    const videoPath = join(folder, `${spec.name}.mp4`)
    const frames: Uint8Array[] = []
    const onFrame = (frameIndex: number, frame: SceneFrame) => {
      frames.push(frame.index)
      onProgress?.(frameIndex + 1, spec.frameCount)
    }
    const scene = await writeSceneVideo(spec, videoPath, { onFrame, signal })
    const truth = (entity: SceneEntity, frameIndex: number) => entityMask(spec, frames[frameIndex]!, entity)
    const described = await describeVideo(videoPath, signal)
    const mediaId = options.newId('media') as MediaId
    const timesUs = await wholeTable(described, signal)
    const source = { ...described.source, path: project.recordPath(videoPath) } as typeof described.source
    const media: AnyRecord = {
      ...described.record,
      id: mediaId,
      source,
      frameCount: timesUs.length,
      table: 'complete',
    }
    const objects = sceneObjects(scene, mediaId, isObject, options)
    const masks = keyMasks(scene, objects, truth, options)
    project.database.write({ frameTables: [{ mediaId, timesUs }] })
    const records = [media, ...objects.classes, ...objects.objects.values(), ...masks.records]
    const added = Object.fromEntries(records.map((record) => [record.id, record]))
    project.commit(
      {
        id: options.newId('change'),
        label: 'Make scene',
        diff: { ...emptyDiff, added },
        shapes: masks.shapes,
      },
      'system',
    )
    const objectIds = new Map([...objects.objects].map(([entity, object]) => [entity, object.id]))
    return { project, scene, mediaId, videoPath, objectIds, truth }
  } catch (error) {
    project.close()
    throw error
  }
}

function entityMask({ width, height }: SceneSpec, index: Uint8Array, entity: SceneEntity): Rle {
  const data = new Uint8Array(index.length)
  for (let i = 0; i < index.length; i++) if (index[i] === entity.index) data[i] = 1
  return encodeRle({ width, height, data })
}

interface SceneObjects {
  readonly classes: readonly ClassRecord[]
  readonly objects: ReadonlyMap<SceneEntity, ObjectRecord>
}

function sceneObjects(
  scene: Scene,
  mediaId: MediaId,
  isObject: (entity: SceneEntity) => boolean,
  { newId }: Pick<SceneProjectOptions, 'newId'>,
): SceneObjects {
  const classes = new Map<string, ClassRecord>()
  for (const { className, stuff } of scene.entities) {
    if (classes.has(className)) continue
    const order = classes.size
    const color = colors[order % colors.length]!
    classes.set(className, {
      kind: 'class',
      id: newId('class') as ClassId,
      name: className,
      stuff,
      color,
      order,
      exportId: null,
    })
  }
  const objects = new Map<SceneEntity, ObjectRecord>()
  for (const entity of scene.entities.filter(isObject)) {
    const order = objects.size
    objects.set(entity, {
      kind: 'object',
      id: newId('object') as ObjectId,
      mediaId,
      classId: classes.get(entity.className)!.id,
      name: entity.name,
      color: colors[order % colors.length]!,
      stuff: null,
      order: entity.stuff ? -1 - order : order,
      hidden: false,
      locked: false,
      attributes: {},
    })
  }
  return { classes: [...classes.values()], objects }
}

function keyMasks(
  scene: Scene,
  { objects }: SceneObjects,
  truth: (entity: SceneEntity, frameIndex: number) => Rle,
  { keyFrames, isLeftToDraw }: SceneProjectOptions,
): { readonly records: readonly MaskRecord[]; readonly shapes: readonly NewShape[] } {
  const records: MaskRecord[] = []
  const shapes: NewShape[] = []
  const wanted = keyFrames(scene)
  for (const [entity, object] of objects) {
    if (isLeftToDraw?.(entity)) continue
    const areas = Array.from({ length: scene.spec.frameCount }, (_, i) => rleArea(truth(entity, i)))
    const { keys, outside } = keysOf(areas, wanted)
    for (const frameIndex of keys) {
      const { record, shape } = truthMask(object.id, frameIndex, truth(entity, frameIndex))
      records.push(record)
      shapes.push(shape)
    }
    for (const frameIndex of outside) records.push(outsideMask(object.id, frameIndex))
  }
  return { records, shapes }
}

/** Frames to label, and frames from which the object is out of view, from its area on every frame. */
export function keysOf(
  areas: readonly number[],
  wanted: readonly number[],
): { readonly keys: readonly number[]; readonly outside: readonly number[] } {
  const least = backShare * Math.max(...areas)
  const keys = new Set(wanted.filter((frame) => areas[frame]! > 0))
  const outside: number[] = []
  for (let frame = 1; frame < areas.length; frame++) {
    if (areas[frame]! > 0 || areas[frame - 1] === 0) continue
    const back = areas.findIndex((area, i) => i > frame && area > 0)
    if ((back < 0 ? areas.length : back) - frame < shortestAbsence) continue
    outside.push(frame)
    const seen = areas.findIndex((area, i) => i > frame && area >= least)
    if (seen >= 0) keys.add(seen)
  }
  return { keys: [...keys].sort((a, b) => a - b), outside }
}

/** A keyframe record with the mask's pixels; the mask must not be empty. */
export function truthMask(
  objectId: ObjectId,
  frameIndex: number,
  rle: Rle,
): { readonly record: MaskRecord; readonly shape: NewShape } {
  const bytes = encodeShape(rle)
  const hash = shapeHash(bytes, rle.width, rle.height)
  const record = {
    ...outsideMask(objectId, frameIndex),
    shape: hash,
    box: rleBounds(rle),
    area: rleArea(rle),
    outside: false,
  }
  return { record, shape: { hash, bytes } }
}

function outsideMask(objectId: ObjectId, frameIndex: number): MaskRecord {
  return {
    kind: 'mask',
    id: maskId(objectId, frameIndex),
    objectId,
    frameIndex,
    state: 'keyframe',
    method: 'drawn',
    shape: null,
    box: null,
    area: 0,
    outline: null,
    outside: true,
    occluded: false,
    confidence: null,
    doubt: null,
    left: null,
    right: null,
  }
}
