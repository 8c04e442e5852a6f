import { join } from 'node:path'
import type { Bitmap } from '../../core/mask/rle.ts'
import type { MaskFolder } from './mask-folders.ts'
import { readMaskPng } from './read-mask-png.ts'

/** A mask's object numbers as evaluators see them: void is background, and a plain 0/255 mask is one object. */
export interface NumberedMask {
  readonly width: number
  readonly height: number
  readonly numbers: Uint8Array | Uint16Array
}

const voidOrWhite = 255

export async function readNumbers(sequence: MaskFolder, file: string): Promise<NumberedMask> {
  const { values, width, height, colorType } = await readMaskPng(
    join(sequence.folder, file),
    `${sequence.name}/${file}`,
  )
  // DAVIS 2016 writes its one object as white on black.
  const meaning = colorType === 0 && values.every((value) => value === 0 || value === voidOrWhite) ? 1 : 0
  const numbers = values.slice()
  for (let i = 0; i < numbers.length; i++) if (numbers[i] === voidOrWhite) numbers[i] = meaning
  return { width, height, numbers }
}

export function maskOf({ width, height, numbers }: NumberedMask, id: number): Bitmap {
  const data = new Uint8Array(numbers.length)
  for (let i = 0; i < data.length; i++) if (numbers[i] === id) data[i] = 1
  return { width, height, data }
}

export function largestNumber({ numbers }: Pick<NumberedMask, 'numbers'>): number {
  let largest = 0
  for (let i = 0; i < numbers.length; i++) if (numbers[i]! > largest) largest = numbers[i]!
  return largest
}
