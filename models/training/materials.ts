/**
 * Pictures that clips are made of, read from Debian packages that were unpacked into one folder (SOURCES.md: which, by
 * whom, under which licence). Nothing of them is kept here.
 */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createCanvas, type Image, loadImage } from '@napi-rs/canvas'

/** RGBA, not premultiplied, row by row. */
export interface Bitmap4 {
  readonly width: number
  readonly height: number
  readonly data: Uint8ClampedArray
}

export interface Materials {
  /** Photographs, at most 1600 pixels wide. */
  readonly photos: readonly Bitmap4[]
  /** Cut-outs of photographs, at most 256 pixels a side. */
  readonly things: readonly Bitmap4[]
  /** Drawings, for their outlines. */
  readonly shapes: readonly Bitmap4[]
  /** Photographs of surfaces: walls, grass, cloth, ... */
  readonly textures: readonly Bitmap4[]
}

const photoWidth = 1600
const thingSide = 256
/** A cut-out shows at least so many different colours (5 bits a channel) if it is a photograph. */
const photoColours = 500
const shapeLimit = 500
const textureLimit = 400

export const photoPatterns = [
  'backgrounds/*_by_*.jpg',
  'backgrounds/mate/nature/*.jpg',
  'wallpapers/{Autumn,BytheWater,ColdRipple,ColorfulCups,DarkestHour,EveningGlow,FallenLeaf,Grey,Kite,OneStandsOut,Path}/contents/images/2560x1600.jpg',
]
const thingPattern =
  'tuxpaint/stamps/{animals,clothes,food,hobbies,household,medical,military,naturalforces,people,plants,seasonal,sports,town,vehicles}/**/*.png'
const texturePattern =
  'ufoai/textures/tex_{buildings,dirt,doors,furniture,material,misc,nature,pics,streets,terrain,vehicles}/*.{jpg,png}'
const shapePattern = 'openclipart/png/{animals,people,transportation,plants,tools,recreation}/**/*.png'

/** Throws with the remedy where the folder lacks them. The order of the lists depends on file names alone. */
export async function loadMaterials(folder: string): Promise<Materials> {
  const share = join(folder, 'usr/share')
  if (!existsSync(share))
    throw new Error(`${folder} holds no unpacked packages: models/training/README.md says how to get them.`)
  const list = (pattern: string) => globSync(pattern, { cwd: share }).sort()
  const photos: Bitmap4[] = []
  for (const name of photoPatterns.flatMap(list)) {
    const image = await opened(join(share, name))
    if (image) photos.push(drawn(image, Math.min(1, photoWidth / image.width)))
  }
  const things: Bitmap4[] = []
  for (const name of list(thingPattern)) {
    const thing = await cutOut(join(share, name))
    if (thing && colourCount(thing) >= photoColours) things.push(thing)
  }
  const shapes: Bitmap4[] = []
  for (const name of some(list(shapePattern), shapeLimit)) {
    const shape = await cutOut(join(share, name))
    if (shape) shapes.push(shape)
  }
  const textures: Bitmap4[] = []
  const surfaces = list(texturePattern).filter((name) => !/_(nm|norm|gm|sm)\b|_nm\.|shadow|blood/.test(name))
  for (const name of some(surfaces, textureLimit)) {
    const image = await opened(join(share, name))
    if (!image || Math.min(image.width, image.height) < 100) continue
    const texture = drawn(image, Math.min(1, thingSide / Math.min(image.width, image.height)))
    if (!texture.data.some((value, i) => i % 4 === 3 && value < 250)) textures.push(texture)
  }
  return { photos, things, shapes, textures }
}

/** At most about `limit` of a list, evenly spread. */
function some(names: readonly string[], limit: number): string[] {
  const stride = Math.max(1, Math.floor(names.length / limit))
  return names.filter((_, i) => i % stride === 0)
}

/** Null for what is no picture (git stores links as small files) or is too small to be of use. */
async function opened(file: string): Promise<Image | null> {
  try {
    const image = await loadImage(readFileSync(file))
    return Math.min(image.width, image.height) >= 40 ? image : null
  } catch {
    return null
  }
}

function drawn(image: Image, scale: number): Bitmap4 {
  const [width, height] = [Math.round(image.width * scale), Math.round(image.height * scale)]
  const context = createCanvas(width, height).getContext('2d')
  context.imageSmoothingQuality = 'high'
  context.drawImage(image, 0, 0, width, height)
  return { width, height, data: context.getImageData(0, 0, width, height).data }
}

/** A picture with a shape of its own, cropped to it; null where it fills its frame or hardly shows. */
async function cutOut(file: string): Promise<Bitmap4 | null> {
  const image = await opened(file)
  if (!image) return null
  const whole = drawn(image, Math.min(1, thingSide / Math.max(image.width, image.height)))
  const { width, height, data } = whole
  let [left, top, right, bottom, covered] = [width, height, 0, 0, 0]
  for (let y = 0, i = 3; y < height; y++)
    for (let x = 0; x < width; x++, i += 4) {
      if (data[i]! < 128) continue
      covered++
      left = Math.min(left, x)
      right = Math.max(right, x + 1)
      top = Math.min(top, y)
      bottom = Math.max(bottom, y + 1)
    }
  const box = (right - left) * (bottom - top)
  if (covered < 900 || covered < 0.12 * box || covered > 0.97 * box) return null
  const size = { width: right - left, height: bottom - top }
  const out = new Uint8ClampedArray(size.width * size.height * 4)
  for (let y = 0; y < size.height; y++) {
    const from = ((y + top) * width + left) * 4
    out.set(data.subarray(from, from + size.width * 4), y * size.width * 4)
  }
  return { ...size, data: out }
}

function colourCount({ data }: Bitmap4): number {
  const seen = new Set<number>()
  for (let i = 0; i < data.length; i += 4)
    if (data[i + 3]! > 200)
      seen.add(((data[i]! >> 3) << 10) | ((data[i + 1]! >> 3) << 5) | (data[i + 2]! >> 3))
  return seen.size
}
