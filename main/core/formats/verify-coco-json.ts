/** What COCO instances and YouTube-VIS jsons have in common, checked rule by rule. */
import { type Rle, rleArea, rleBounds } from '../mask/rle.ts'
import { isUserError } from '../user-error.ts'
import { jsonField, jsonInteger, jsonList, jsonString } from './json-value.ts'
import { segmentationShape } from './segmentation.ts'
import { type Violation, violation } from './violation.ts'

/** Ids of a list: whole, from 1, each once. Returns the entries by id. */
export function checkedIds(
  json: unknown,
  key: string,
  file: string,
  found: Violation[],
): Map<number, unknown> {
  const entries = new Map<number, unknown>()
  if (!Array.isArray(jsonField(json, key))) found.push(violation(file, key, 'the list is missing'))
  for (const [index, entry] of jsonList(json, key).entries()) {
    const place = `${key}[${index}].id`
    const id = jsonInteger(entry, 'id')
    if (id === null || typeof jsonField(entry, 'id') !== 'number')
      found.push(violation(file, place, 'it is no whole number'))
    else if (id < 1) found.push(violation(file, place, zeroIdSentence(key, id)))
    else if (entries.has(id)) found.push(violation(file, place, `${id} is there twice`))
    if (id !== null) entries.set(id, entry)
  }
  return entries
}

function zeroIdSentence(key: string, id: number): string {
  return key === 'annotations'
    ? `${id}: numbers begin at 1, because the evaluator takes 0 for "not matched"`
    : `${id}: numbers begin at 1, because tools take 0 for "none"`
}

export function checkCategories(json: unknown, file: string, found: Violation[]): Map<number, unknown> {
  const categories = checkedIds(json, 'categories', file, found)
  const names = new Set<string>()
  for (const [index, category] of jsonList(json, 'categories').entries()) {
    const name = jsonString(category, 'name')
    if (!name) found.push(violation(file, `categories[${index}].name`, 'the category has no name'))
    else if (names.has(name))
      found.push(violation(file, `categories[${index}].name`, `${name} is there twice`))
    else names.add(name)
  }
  return categories
}

/** The decoded shape, or null after saying what is wrong with it. */
export function checkedShape(
  segmentation: unknown,
  width: number,
  height: number,
  file: string,
  place: string,
  found: Violation[],
): Rle | null {
  try {
    return segmentationShape(segmentation, width, height, 'it')
  } catch (error) {
    if (!isUserError(error)) throw error
    found.push(violation(file, place, error.message.replace(/\.$/, '')))
    return null
  }
}

/** Box and area must be the shape's; polygons may differ by what rounding takes. */
export function checkBoxAndArea(
  rle: Rle,
  box: unknown,
  area: unknown,
  isPolygon: boolean,
  file: string,
  places: { readonly box: string; readonly area: string },
  found: Violation[],
): void {
  const bounds = rleBounds(rle)
  const slack = isPolygon ? 2 : 0.01
  const isBox = Array.isArray(box) && box.length === 4 && box.every((number) => Number.isFinite(number))
  if (!isBox) found.push(violation(file, places.box, 'it is not [x, y, width, height]'))
  else if (bounds?.some((number, i) => Math.abs(number - (box[i] as number)) > slack))
    found.push(
      violation(file, places.box, `[${box.join(', ')}] is not the mask's box [${bounds?.join(', ')}]`),
    )
  const actual = rleArea(rle)
  if (typeof area !== 'number' || !Number.isFinite(area))
    found.push(violation(file, places.area, 'it is no number'))
  else if (Math.abs(area - actual) > (isPolygon ? Math.max(16, actual * 0.1) : 0.5))
    found.push(violation(file, places.area, `${area} is not the mask's area ${actual}`))
}

/** Width and height of an entry; null, with a violation, when they are no size. */
export function checkedSize(
  entry: unknown,
  file: string,
  place: string,
  found: Violation[],
): [number, number] | null {
  const width = jsonInteger(entry, 'width')
  const height = jsonInteger(entry, 'height')
  if (width !== null && height !== null && width > 0 && height > 0 && width * height <= 2 ** 28)
    return [width, height]
  found.push(violation(file, place, `width and height are ${width}x${height}`))
  return null
}

export function isPolygonList(segmentation: unknown): boolean {
  return Array.isArray(segmentation)
}
