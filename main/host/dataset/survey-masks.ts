import { join } from 'node:path'
import { type Violation, violation, warning } from '../../core/formats/violation.ts'
import { isUserError } from '../../core/user-error.ts'
import type { MaskFolder } from './mask-folders.ts'
import { readMaskPng } from './read-mask-png.ts'

/** What the PNGs of one sequence hold. */
export interface SequenceSurvey {
  readonly name: string
  readonly path: string
  readonly frames: readonly SurveyedMask[]
}

export interface SurveyedMask {
  /** Without extension. */
  readonly name: string
  /** Relative to the dataset. */
  readonly file: string
  /** Numbers present, without 0, ascending. */
  readonly ids: readonly number[]
}

/** Reads every mask of a sequence and says where a file is not an 8-bit palette PNG of the sequence's size. */
export async function surveySequence(
  sequence: MaskFolder,
  signal: AbortSignal,
  found: Violation[],
): Promise<SequenceSurvey> {
  const frames: SurveyedMask[] = []
  let size: { width: number; height: number } | null = null
  for (const name of sequence.files) {
    signal.throwIfAborted()
    const file = sequence.path === '' ? name : `${sequence.path}/${name}`
    try {
      const png = await readMaskPng(join(sequence.folder, name), file)
      if (png.colorType !== 3)
        found.push(
          violation(
            file,
            null,
            `it is a grey PNG, not a palette PNG (colour type ${png.colorType} instead of 3)`,
          ),
        )
      else if (png.paletteLength < 256)
        found.push(warning(file, null, `its palette has ${png.paletteLength} entries instead of 256`))
      if (png.bitDepth !== 8)
        found.push(violation(file, null, `it has ${png.bitDepth} bits a pixel instead of 8`))
      if (size && (size.width !== png.width || size.height !== png.height))
        found.push(
          violation(
            file,
            null,
            `it is ${png.width}x${png.height}, the sequence's first mask ${size.width}x${size.height}`,
          ),
        )
      size ??= { width: png.width, height: png.height }
      frames.push({ name: name.replace(/\.png$/i, ''), file, ids: presentIds(png.values) })
    } catch (error) {
      if (!isUserError(error)) throw error
      found.push(violation(file, null, error.message.replace(`${file} `, '').replace(/\.$/, '')))
    }
  }
  return { name: sequence.name, path: sequence.path, frames }
}

function presentIds(values: Uint8Array | Uint16Array): number[] {
  const present = new Uint8Array(65536)
  for (let i = 0; i < values.length; i++) present[values[i]!] = 1
  const ids: number[] = []
  for (let id = 1; id < present.length; id++) if (present[id]) ids.push(id)
  return ids
}
