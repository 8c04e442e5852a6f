/** What `--model` says: which packs do the work of one command, whatever the settings say. */
import type { ChosenModels, ModelRole } from '../core/models.ts'
import { UserError } from '../core/user-error.ts'
import { packsFolder } from '../host/host.ts'
import { PackStore } from '../host/models/pack-store.ts'
import { settingsFolder } from '../settings-folder.ts'

/** In place of a pack's id. */
const own = 'own'
const forest = 'forest'

export const propagationModelHelp =
  'what makes the masks this time: a network that follows objects, or one that corrects the masks of Inbetween’s own engine, by its id in "inbetween models list"; own: Inbetween’s own engine, corrected as the settings say; forest: that without a network'
export const segmentModelHelp =
  'what finds the object this time: a network by its id in "inbetween models list"; own: Inbetween’s own engine'

/** Throws UserError 'no-pack' with what there is. */
export function propagationModels(word: string): Partial<ChosenModels> {
  if (word === forest) return { 'segment-video': null, 'refine-mask': null }
  if (word === own) return { 'segment-video': null }
  const what = 'that follows objects or corrects masks'
  const role = roleOf(word, ['segment-video', 'refine-mask'], what, [own, forest])
  return role === 'segment-video' ? { [role]: word } : { 'segment-video': null, [role]: word }
}

/** Throws UserError 'no-pack' with what there is. */
export function segmentModels(word: string): Partial<ChosenModels> {
  if (word === own) return { 'segment-image': null }
  return { [roleOf(word, ['segment-image'], 'that finds an object on one frame', [own])]: word }
}

function roleOf(id: string, roles: readonly ModelRole[], what: string, words: readonly string[]): ModelRole {
  const fitting = new PackStore(packsFolder(settingsFolder()))
    .list()
    .flatMap((pack) =>
      pack.role !== null && roles.includes(pack.role) ? [{ ...pack, role: pack.role }] : [],
    )
  const found = fitting.find((pack) => pack.id === id)
  if (found) return found.role
  const known = [...words, ...fitting.map((pack) => pack.id)].join(', ')
  throw new UserError(
    'no-pack',
    `There is no network “${id}” here ${what}. Write one of ${known}; "inbetween models add" adds more.`,
  )
}
