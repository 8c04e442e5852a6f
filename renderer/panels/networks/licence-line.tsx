import { Ban, CircleCheck } from 'lucide-react'
import type { PackLicence } from '../../../main/core/models.ts'
import { commercialText } from './pack-words.ts'

/** The licence by its name, and whether money may be earned with the pack: the one thing nobody may overlook. */
export function LicenceLine({ licence }: { readonly licence: PackLicence }) {
  return (
    <span className="licence-line">
      <strong>{licence.spdx}</strong>
      <Commercial licence={licence} />
    </span>
  )
}

export function Commercial({ licence }: { readonly licence: PackLicence }) {
  const Icon = licence.commercial ? CircleCheck : Ban
  return (
    <span className={`mark ${licence.commercial ? 'good' : 'warn'}`}>
      <Icon aria-hidden />
      {commercialText(licence)}
    </span>
  )
}
