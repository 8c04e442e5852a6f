/** Packs in words: what a person reads before and after. */
import {
  type ModelList,
  type ModelRole,
  modelRoles,
  type PackInfo,
  type PackLicence,
  type PackPlan,
  type PackProgress,
} from '../core/models.ts'
import { counted, textTable } from './output.ts'

export function packsText({ packs, chosen }: ModelList): string {
  if (packs.length === 0)
    return 'No pack is here. "inbetween models catalogue" says which there are, "inbetween models add FILE-or-URL" adds one.'
  const rows = packs.map((pack) => [
    pack.id,
    pack.version,
    pack.role ?? '',
    pack.licence ? licenceText(pack.licence) : '',
    megabytes(pack.byteLength),
    pack.state,
    pack.builtIn ? 'comes with Inbetween' : '',
    rolesOf(pack, chosen).length > 0 ? 'in use' : '',
  ])
  const table = textTable(['id', 'version', 'does', 'licence', 'MB', 'state', '', ''], rows)
  const broken = packs.flatMap(({ id, sentence }) => (sentence === null ? [] : [`${id}: ${sentence}`]))
  return [table, ...broken].join('\n')
}

function rolesOf({ id }: PackInfo, chosen: ModelList['chosen']): ModelRole[] {
  return modelRoles.filter((role) => chosen[role] === id)
}

export function catalogueText({ catalogue }: ModelList): string {
  return catalogue
    .map(({ id, name, role, contract, licence, sources, tried, note }) =>
      [
        `${id}: ${name}`,
        `  does ${role} by the contract ${contract}`,
        `  licence ${licenceText(licence)}: ${licence.url}`,
        ...(licence.note === null ? [] : [`    ${licence.note}`]),
        ...sources.map(({ what, url }) => `  ${what}: ${url}`),
        `  ${tried ? 'Run here' : 'Not tried'}: ${note}`,
      ].join('\n'),
    )
    .join('\n\n')
}

export function planText(plan: PackPlan): string {
  const { name, version, id, role, licence, sourceUrl, files, byteLength, heldByteLength } = plan
  const hosts = [...new Set(files.flatMap(({ from }) => (from === null ? [] : [from])))]
  const held = heldByteLength > 0 ? `, ${megabytes(heldByteLength)} MB of it here already` : ''
  return [
    `${name} ${version} (${id}) does ${role}.`,
    `Licence: ${licenceText(licence)}, ${licence.url}`,
    ...(licence.note === null ? [] : [licence.note]),
    ...(sourceUrl === null ? [] : [`Source: ${sourceUrl}`]),
    `${counted(files.length, 'file')}, ${megabytes(byteLength)} MB${hosts.length > 0 ? `, from ${hosts.join(', ')}` : ''}${held}.`,
    ...(plan.replaces === null ? [] : [`It takes the place of version ${plan.replaces}.`]),
    ...(plan.goldenCount === 0
      ? ['It has no golden sample, so nobody can check what it computes here.']
      : []),
  ].join('\n')
}

export function licenceText({ spdx, commercial }: PackLicence): string {
  return `${spdx}, ${commercial ? 'commercial use allowed' : 'no commercial use'}`
}

export function progressText({ stage, at, done, total }: PackProgress): string {
  const verb = { fetch: 'Fetch', copy: 'Copy', check: 'Check' }[stage]
  if (stage === 'check') return `${verb} ${at}${total === null ? '' : `, ${done} of ${total}`}`
  return `${verb} ${at}, ${megabytes(done)}${total === null ? '' : ` of ${megabytes(total)}`} MB`
}

export function megabytes(byteLength: number): string {
  const size = byteLength / 1e6
  return size.toFixed(size < 1 ? 2 : 1)
}
