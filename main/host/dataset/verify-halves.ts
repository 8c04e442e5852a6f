/** YouTube-VOS and VIPOSeg: a train and a valid half, each with metadata that must agree with the masks. */
import { join } from 'node:path'
import {
  isJsonObject,
  type JsonObject,
  jsonField,
  jsonInteger,
  jsonList,
  parsedJson,
} from '../../core/formats/json-value.ts'
import { type Violation, violation, warning } from '../../core/formats/violation.ts'
import { isUserError } from '../../core/user-error.ts'
import type { MaskFolder } from './mask-folders.ts'
import { pictureNames } from './picture-names.ts'
import { readTextIfThere } from './read-text.ts'
import { type SequenceSurvey, surveySequence } from './survey-masks.ts'
import { checkPictures } from './verify-davis.ts'

export type HalvedFormat = 'youtube-vos' | 'viposeg'

export async function verifyHalves(
  format: HalvedFormat,
  root: string,
  folders: readonly MaskFolder[],
  signal: AbortSignal,
  found: Violation[],
): Promise<SequenceSurvey[]> {
  const all: SequenceSurvey[] = []
  const halves = new Set(
    folders
      .map(({ path }) => /^(.*?)\/?Annotations(?:_gt)?\/[^/]+$/.exec(path)?.[1])
      .filter((half) => half !== undefined),
  )
  for (const half of [...halves].sort()) {
    const of = async (part: string) => {
      const surveys = new Map<string, SequenceSurvey>()
      for (const folder of folders) {
        if (folder.path !== withHalf(half, `${part}/${folder.name}`)) continue
        surveys.set(folder.name, await surveySequence(folder, signal, found))
      }
      return surveys
    }
    const references = await of('Annotations')
    const truth = await of('Annotations_gt')
    const isValid = truth.size > 0 || half.split('/').at(-1) === 'valid' || half.split('/').at(-1) === 'test'
    const check = new HalfCheck(format, root, half, isValid, references, truth, found)
    await check.run()
    all.push(...(truth.size > 0 ? truth.values() : references.values()))
  }
  return all
}

function withHalf(half: string, path: string): string {
  return half === '' ? path : `${half}/${path}`
}

class HalfCheck {
  readonly #format: HalvedFormat
  readonly #root: string
  readonly #half: string
  readonly #isValid: boolean
  readonly #references: ReadonlyMap<string, SequenceSurvey>
  readonly #truth: ReadonlyMap<string, SequenceSurvey>
  readonly #found: Violation[]

  constructor(
    format: HalvedFormat,
    root: string,
    half: string,
    isValid: boolean,
    references: ReadonlyMap<string, SequenceSurvey>,
    truth: ReadonlyMap<string, SequenceSurvey>,
    found: Violation[],
  ) {
    this.#format = format
    this.#root = root
    this.#half = half
    this.#isValid = isValid
    this.#references = references
    this.#truth = truth
    this.#found = found
  }

  async run(): Promise<void> {
    const videos = this.#isValid && this.#truth.size > 0 ? this.#truth : this.#references
    if (this.#truth.size > 0) this.#checkSameFolders()
    if (this.#isValid) for (const survey of this.#references.values()) this.#checkReferences(survey)
    const needsMeta = this.#format === 'youtube-vos' || this.#isValid
    const meta = needsMeta ? await this.#json('meta.json') : null
    if (meta) for (const survey of videos.values()) this.#checkMeta(meta, survey)
    if (meta) this.#checkMetaVideos(meta, videos)
    const classes = this.#format === 'viposeg' ? await this.#json('obj_class.json') : null
    if (classes) for (const survey of videos.values()) this.#checkClasses(classes, survey)
    for (const survey of videos.values()) {
      const pictures = await pictureNames(join(this.#root, withHalf(this.#half, `JPEGImages/${survey.name}`)))
      const complete = this.#format === 'viposeg' ? this.#truth.size > 0 || !this.#isValid : true
      if (pictures && complete && !(this.#isValid && this.#truth.size === 0))
        checkPictures(survey, pictures, this.#found)
    }
  }

  async #json(name: string): Promise<JsonObject | null> {
    const file = withHalf(this.#half, name)
    const text = await readTextIfThere(join(this.#root, file))
    if (text === null) {
      this.#found.push(violation(file, null, 'the file is missing'))
      return null
    }
    try {
      const value = parsedJson(text, file)
      if (isJsonObject(value)) return value
      this.#found.push(violation(file, null, 'it holds no table'))
    } catch (error) {
      if (!isUserError(error)) throw error
      this.#found.push(violation(file, null, 'it is not readable JSON'))
    }
    return null
  }

  /** The evaluator goes through sorted folders in step. */
  #checkSameFolders(): void {
    for (const [name, { path }] of this.#truth)
      if (!this.#references.has(name))
        this.#found.push(violation(path, null, 'there is no folder of this name under Annotations'))
    for (const [name, { path }] of this.#references)
      if (!this.#truth.has(name))
        this.#found.push(violation(path, null, 'there is no folder of this name under Annotations_gt'))
  }

  /** Each object's first frame, and nothing twice. */
  #checkReferences(survey: SequenceSurvey): void {
    const truth = this.#truth.get(survey.name)
    const known = new Set<number>()
    for (const { file, name, ids } of survey.frames) {
      const mask = truth?.frames.find((frame) => frame.name === name)
      if (truth && !mask)
        this.#found.push(violation(file, null, 'there is no mask of this name under Annotations_gt'))
      for (const id of ids) {
        if (known.has(id)) this.#found.push(this.#repeated(file, id))
        else if (mask && !mask.ids.includes(id))
          this.#found.push(violation(file, `object ${id}`, 'it is not on this frame under Annotations_gt'))
        known.add(id)
      }
    }
    const missing = new Set(truth?.frames.flatMap(({ ids }) => ids) ?? [])
    for (const id of missing)
      if (!known.has(id))
        this.#found.push(violation(survey.path, `object ${id}`, 'no frame under Annotations shows it first'))
  }

  #repeated(file: string, id: number): Violation {
    const sentence = 'an earlier reference frame has it already; later ones may hold only new objects'
    return this.#format === 'viposeg'
      ? violation(file, `object ${id}`, `${sentence}, as the evaluator counts it twice`)
      : warning(file, `object ${id}`, sentence)
  }

  #checkMetaVideos(meta: JsonObject, videos: ReadonlyMap<string, SequenceSurvey>): void {
    const listed = jsonField(meta, 'videos')
    const file = withHalf(this.#half, 'meta.json')
    if (!isJsonObject(listed)) return void this.#found.push(violation(file, 'videos', 'the table is missing'))
    for (const name of Object.keys(listed))
      if (!videos.has(name)) this.#found.push(violation(file, name, 'there are no masks of this video'))
  }

  #checkMeta(meta: JsonObject, survey: SequenceSurvey): void {
    const file = withHalf(this.#half, 'meta.json')
    const objects = jsonField(jsonField(jsonField(meta, 'videos'), survey.name), 'objects')
    if (!isJsonObject(objects))
      return void this.#found.push(violation(file, survey.name, 'the video is missing'))
    const present = presentFrames(survey)
    for (const [id, frames] of present) {
      const entry = jsonField(objects, String(id))
      const place = `${survey.name} object ${id}`
      if (!isJsonObject(entry)) {
        this.#found.push(violation(file, place, 'the object is missing'))
        continue
      }
      this.#checkMetaFrames(jsonList(entry, 'frames').map(String), frames, survey, file, place)
    }
    for (const id of Object.keys(objects))
      if (!present.has(Number(id)))
        this.#found.push(violation(file, `${survey.name} object ${id}`, 'it is on no mask'))
  }

  #checkMetaFrames(
    listed: readonly string[],
    present: readonly string[],
    survey: SequenceSurvey,
    file: string,
    place: string,
  ): void {
    if (listed.some((name, i) => i > 0 && name <= listed[i - 1]!))
      this.#found.push(violation(file, place, 'its frames are not in order'))
    // A valid half may keep its truth to itself; then only the first frame can be compared.
    const whole = !this.#isValid || this.#truth.size > 0
    if (listed[0] !== present[0])
      this.#found.push(
        violation(
          file,
          place,
          `its first frame is ${String(listed[0])}, but the masks show it first on ${String(present[0])}`,
        ),
      )
    if (!whole) return
    const missing = present.filter((name) => !listed.includes(name))
    if (missing.length > 0)
      this.#found.push(
        violation(file, place, `${missing.length} of its frames are missing, the first ${missing[0]}`),
      )
    const names = new Set(
      this.#format === 'youtube-vos' && this.#isValid ? survey.frames.map(({ name }) => name) : present,
    )
    const extra = listed.filter((name) => !names.has(name))
    if (extra.length > 0)
      this.#found.push(
        violation(file, place, `${extra.length} frames on which it is not are listed, the first ${extra[0]}`),
      )
  }

  #checkClasses(classes: JsonObject, survey: SequenceSurvey): void {
    const file = withHalf(this.#half, 'obj_class.json')
    const own = jsonField(classes, survey.name)
    if (!isJsonObject(own)) return void this.#found.push(violation(file, survey.name, 'the video is missing'))
    for (const id of presentFrames(survey).keys()) {
      const classId = jsonInteger(own, String(id))
      const place = `${survey.name} object ${id}`
      if (classId === null) this.#found.push(violation(file, place, 'the object has no class number'))
      else if (classId < 0 || classId > 123)
        this.#found.push(
          warning(
            file,
            place,
            `class ${classId} is not among VIPOSeg's 0 to 123, so its evaluator leaves the object out`,
          ),
        )
    }
  }
}

/** Frame names by object number, in order of frames. */
function presentFrames(survey: SequenceSurvey): Map<number, string[]> {
  const present = new Map<number, string[]>()
  for (const { name, ids } of survey.frames) {
    for (const id of ids) {
      const list = present.get(id)
      if (list) list.push(name)
      else present.set(id, [name])
    }
  }
  return present
}
