import { isEmptyRle } from '../mask/rle.ts'
import { jsonField, jsonInteger, jsonList, jsonString } from './json-value.ts'
import {
  checkBoxAndArea,
  checkCategories,
  checkedIds,
  checkedShape,
  checkedSize,
} from './verify-coco-json.ts'
import { type Violation, violation, warning } from './violation.ts'

/** Every place where a COCO instances json breaks the rules. `file` is how the sentences call it. */
export function cocoViolations(json: unknown, file: string): Violation[] {
  const found: Violation[] = []
  const images = checkedIds(json, 'images', file, found)
  const categories = checkCategories(json, file, found)
  checkedIds(json, 'annotations', file, found)
  const names = new Set<string>()
  const sizes = new Map<number, [number, number]>()
  for (const [index, image] of jsonList(json, 'images').entries()) {
    const name = jsonString(image, 'file_name')
    if (!name) found.push(violation(file, `images[${index}].file_name`, 'the image has no file name'))
    else if (names.has(name))
      found.push(violation(file, `images[${index}].file_name`, `${name} is there twice`))
    else names.add(name)
    const size = checkedSize(image, file, `images[${index}]`, found)
    if (size) sizes.set(jsonInteger(image, 'id') ?? Number.NaN, size)
  }
  for (const [index, annotation] of jsonList(json, 'annotations').entries()) {
    const place = `annotations[${index}]`
    const imageId = jsonInteger(annotation, 'image_id') ?? Number.NaN
    if (!images.has(imageId))
      found.push(
        violation(
          file,
          `${place}.image_id`,
          `there is no image ${String(jsonField(annotation, 'image_id'))}`,
        ),
      )
    const categoryId = jsonInteger(annotation, 'category_id') ?? Number.NaN
    if (!categories.has(categoryId))
      found.push(
        violation(
          file,
          `${place}.category_id`,
          `there is no category ${String(jsonField(annotation, 'category_id'))}`,
        ),
      )
    const size = sizes.get(imageId)
    if (size) checkAnnotation(annotation, size, file, place, found)
  }
  return found
}

function checkAnnotation(
  annotation: unknown,
  [width, height]: [number, number],
  file: string,
  place: string,
  found: Violation[],
): void {
  const segmentation = jsonField(annotation, 'segmentation')
  const crowd = jsonInteger(annotation, 'iscrowd')
  if (crowd !== 0 && crowd !== 1) found.push(violation(file, `${place}.iscrowd`, 'it is neither 0 nor 1'))
  if (crowd === 1 && Array.isArray(segmentation))
    found.push(violation(file, `${place}.segmentation`, 'a crowd needs runs, not polygons'))
  const rle = checkedShape(segmentation, width, height, file, `${place}.segmentation`, found)
  if (!rle) return
  if (isEmptyRle(rle)) found.push(warning(file, `${place}.segmentation`, 'the mask is empty'))
  const places = { box: `${place}.bbox`, area: `${place}.area` }
  checkBoxAndArea(
    rle,
    jsonField(annotation, 'bbox'),
    jsonField(annotation, 'area'),
    Array.isArray(segmentation),
    file,
    places,
    found,
  )
}
