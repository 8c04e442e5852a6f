/** How packs of networks are spoken of in the window. */
import type { ModelRole, PackInfo, PackLicence, PackPlan, PackProgress } from '../../../main/core/models.ts'
import type { PackWork } from '../../editor/pack-desk.ts'
import { ownEngineName } from '../../editor/run-engine.ts'
import { bytesText, countText, percentText, secondsText } from '../words.ts'

export interface RoleWords {
  readonly name: string
  /** What the job is, in a few words. */
  readonly what: string
  /** What does it where no pack is chosen. */
  readonly own: string
}

export const roleWords: Readonly<Record<ModelRole, RoleWords>> = {
  'segment-image': {
    name: 'Smart mask',
    what: 'A mask from a box, clicks and scribbles',
    own: ownEngineName,
  },
  'segment-video': {
    name: 'Propagation',
    what: 'Masks between the keyframes',
    own: ownEngineName,
  },
  'refine-mask': {
    name: 'Second look',
    what: 'Corrects every step of our own propagation',
    own: 'None, the forest alone',
  },
  'track-points': {
    name: 'Point tracks',
    what: 'Points followed over the frames',
    own: 'Nothing',
  },
  'embed-image': {
    name: 'Describing pictures',
    what: 'To find frames by a picture',
    own: 'Nothing',
  },
  'embed-text': { name: 'Describing words', what: 'To find frames by words', own: 'Nothing' },
}

export function commercialText({ commercial }: PackLicence): string {
  return commercial ? 'Commercial use allowed' : 'No commercial use'
}

export const stateWords: Readonly<Record<PackInfo['state'], string>> = {
  ready: 'Ready',
  unchecked: 'Not checked yet',
  broken: 'Broken',
}

/** 'Fetching encoder.onnx, 34 MB of 156 MB, 12 s left'. */
export function workText({ type, progress, secondsLeft }: PackWork): string {
  if (!progress) return beginning[type]
  const { stage, at } = progress
  const verb = type === 'time' ? 'Timing' : type === 'look' ? 'Reading' : stageVerbs[stage]
  const left = secondsLeft === null ? '' : `, ${secondsText(secondsLeft)} left`
  return `${verb} ${at}${doneText(progress)}${left}`
}

/** 'adding Tiny tracker, 22 %', for where there is little room. */
export function workWord({ type, name, progress }: PackWork): string {
  const share = progress?.total ? `, ${percentText(progress.done / progress.total)}` : ''
  return `${shortVerbs[type]} ${name}${share}`
}

const shortVerbs: Readonly<Record<PackWork['type'], string>> = {
  look: 'looking at',
  add: 'adding',
  check: 'checking',
  time: 'timing',
}

function doneText({ stage, done, total }: PackProgress): string {
  if (stage === 'check') return total === null ? '' : `, ${countText(done)} of ${countText(total)}`
  return `, ${bytesText(done)}${total === null ? '' : ` of ${bytesText(total)}`}`
}

const stageVerbs: Readonly<Record<PackProgress['stage'], string>> = {
  fetch: 'Fetching',
  copy: 'Copying',
  check: 'Checking',
}

const beginning: Readonly<Record<PackWork['type'], string>> = {
  look: 'Reading its manifest',
  add: 'Beginning',
  check: 'Beginning with its files',
  time: 'Opening its graphs',
}

/** What of a broken off download is here: '34 MB of it are here: it goes on from there.' Null: nothing. */
export function heldText({ heldByteLength, byteLength }: PackPlan): string | null {
  if (heldByteLength <= 0) return null
  if (heldByteLength >= byteLength) return 'All of it is here from the try before: nothing is fetched again.'
  return `${bytesText(heldByteLength)} of it are here from the try before: it goes on from ${bytesText(heldByteLength)}.`
}

/** What the pack takes the place of; null: nothing. */
export function replacesText({ replaces, version }: PackPlan): string | null {
  if (replaces === null) return null
  return replaces === version
    ? `Version ${version} is here already: it is replaced.`
    : `Takes the place of version ${replaces}.`
}

/** The host of each file, and how many bytes come from it: 'huggingface.co', or null for what lies in the folder or archive. */
export function hostsOf({ files }: PackPlan): readonly string[] {
  return [...new Set(files.map(({ from }) => from).filter((host) => host !== null))]
}

export function isAddress(text: string): boolean {
  return /^https?:\/\/[^\s/]+\/\S+$/i.test(text.trim())
}
