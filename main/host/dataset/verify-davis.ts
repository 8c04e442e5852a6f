import { join } from 'node:path'
import { type Violation, violation, warning } from '../../core/formats/violation.ts'
import { type MaskFolder, truthFolders } from './mask-folders.ts'
import { pictureNames } from './picture-names.ts'
import { readTextIfThere } from './read-text.ts'
import { type SequenceSurvey, surveySequence } from './survey-masks.ts'

/** DAVIS 2017: numbering of frames and objects, frames beside masks, sequence lists. */
export async function verifyDavis(
  root: string,
  folders: readonly MaskFolder[],
  signal: AbortSignal,
  found: Violation[],
): Promise<SequenceSurvey[]> {
  const surveys: SequenceSurvey[] = []
  for (const folder of truthFolders(folders)) {
    const survey = await surveySequence(folder, signal, found)
    surveys.push(survey)
    checkFrameNames(survey, found)
    checkNumbers(survey, found)
    const pictures = await pictureNames(
      join(root, folder.path.replace(/(^|\/)Annotations(?=\/)/, '$1JPEGImages')),
    )
    if (pictures && folder.path.includes('Annotations')) checkPictures(survey, pictures, found)
  }
  await checkLists(root, surveys, found)
  return surveys
}

function checkFrameNames({ path, frames }: SequenceSurvey, found: Violation[]): void {
  const wrong = frames.findIndex(({ name }, index) => name !== String(index).padStart(5, '0'))
  if (wrong < 0) return
  const sentence = `frames are to be counted 00000, 00001, ... without gaps; number ${wrong} is called ${frames[wrong]!.name}`
  found.push(violation(frames[wrong]!.file, null, sentence))
  if (path === '') found.push(warning('.', null, 'the folder is read as one DAVIS sequence'))
}

/** The number of objects is the highest number on the first frame. */
function checkNumbers({ frames }: SequenceSurvey, found: Violation[]): void {
  const first = frames[0]
  if (!first) return
  const objectCount = Math.max(0, ...first.ids.filter((id) => id !== voidId))
  if (objectCount === 0)
    found.push(
      violation(first.file, null, 'the first frame has no object, so the sequence is evaluated without any'),
    )
  for (let id = 1; id <= objectCount; id++)
    if (!first.ids.includes(id))
      found.push(
        violation(
          first.file,
          `object ${id}`,
          `numbers on the first frame go up to ${objectCount} but this one is missing`,
        ),
      )
  const reported = new Set<number>()
  for (const { file, ids } of frames) {
    for (const id of ids) {
      if (id <= objectCount || reported.has(id)) continue
      reported.add(id)
      if (id === voidId)
        found.push(warning(file, 'value 255', 'it is void, which only the unsupervised task knows'))
      else
        found.push(
          warning(
            file,
            `object ${id}`,
            'it appears only after the first frame, so the official evaluation leaves it out',
          ),
        )
    }
  }
}

const voidId = 255

export function checkPictures(
  survey: SequenceSurvey,
  pictures: ReadonlySet<string>,
  found: Violation[],
): void {
  const masks = new Set(survey.frames.map(({ name }) => name))
  for (const { name, file } of survey.frames)
    if (!pictures.has(name))
      found.push(violation(file, null, 'there is no frame of this name under JPEGImages'))
  const without = [...pictures].filter((name) => !masks.has(name))
  if (without.length > 0)
    found.push(
      violation(
        survey.path,
        null,
        `${pictures.size} frames but ${masks.size} masks; the first frame without a mask is ${without[0]}`,
      ),
    )
}

async function checkLists(
  root: string,
  surveys: readonly SequenceSurvey[],
  found: Violation[],
): Promise<void> {
  const names = new Set(surveys.map(({ name }) => name))
  const listed = new Set<string>()
  let lists = 0
  for (const list of ['train', 'val']) {
    const file = `ImageSets/2017/${list}.txt`
    const text = await readTextIfThere(join(root, file))
    if (text === null) continue
    lists++
    for (const [index, line] of text.split('\n').entries()) {
      const name = line.trim()
      if (name === '') continue
      if (!names.has(name)) found.push(violation(file, `line ${index + 1}`, `there is no sequence ${name}`))
      if (listed.has(name)) found.push(violation(file, `line ${index + 1}`, `${name} is listed twice`))
      listed.add(name)
    }
  }
  if (lists === 0) return
  for (const { name, path } of surveys)
    if (!listed.has(name)) found.push(warning(path, null, `${name} is in no list under ImageSets/2017`))
}
