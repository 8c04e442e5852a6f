import { File } from 'lucide-react'
import { askedRoles, type PackPlan } from '../../../main/core/models.ts'
import { Notice } from '../parts/notice.tsx'
import { bytesText, countOf } from '../words.ts'
import { Address } from './copy-button.tsx'
import { LicenceLine } from './licence-line.tsx'
import { heldText, hostsOf, replacesText, roleWords } from './pack-words.ts'

/** Everything that is known of a pack before it is added: its licence first. */
export function PlanView({ plan, note }: { readonly plan: PackPlan; readonly note: string | null }) {
  const held = heldText(plan)
  const replaces = replacesText(plan)
  return (
    <div className="stack">
      {note ? <Notice tone="warn">{note}</Notice> : null}
      <PlanLicence plan={plan} />
      {held ? <Notice tone="plain">{held}</Notice> : null}
      {replaces ? <Notice tone="plain">{replaces}</Notice> : null}
      <PlanFacts plan={plan} />
      <PlanFiles plan={plan} />
    </div>
  )
}

function PlanLicence({ plan: { licence, name } }: { readonly plan: PackPlan }) {
  return (
    <section className="plan-licence stack tight" aria-label="Licence">
      <h3>Licence</h3>
      <LicenceLine licence={licence} />
      {licence.commercial ? null : <p>Not for work that earns money: for that, ask its makers first.</p>}
      {licence.note ? <p className="selectable">{licence.note}</p> : null}
      <Address label={`the address of the licence of ${name}`} url={licence.url} />
    </section>
  )
}

function PlanFacts({ plan }: { readonly plan: PackPlan }) {
  const { role, contract, graphCount, goldenCount, sourceUrl, name } = plan
  const { name: job, what } = roleWords[role]
  return (
    <dl className="facts">
      <div>
        <dt>Job</dt>
        <dd>
          {job}{' '}
          <span className="faint">
            {askedRoles.has(role) ? what : `${what}: nothing in Inbetween asks for it yet`}
          </span>
        </dd>
      </div>
      <div>
        <dt>Contract</dt>
        <dd>
          {contract}, {countOf(graphCount, 'graph')}
        </dd>
      </div>
      <div>
        <dt>Checked by</dt>
        <dd>
          {goldenCount === 0
            ? 'Sizes, hashes and tensors alone: it has no golden sample, so whether it computes right is not known.'
            : `Sizes, hashes, tensors, and ${countOf(goldenCount, 'golden sample')}`}
        </dd>
      </div>
      {sourceUrl === null ? null : (
        <div>
          <dt>From</dt>
          <dd className="across">
            <Address label={`the address that ${name} comes from`} url={sourceUrl} />
          </dd>
        </div>
      )}
    </dl>
  )
}

function PlanFiles({ plan }: { readonly plan: PackPlan }) {
  const hosts = hostsOf(plan)
  return (
    <section className="stack tight" aria-label="Files">
      <div className="across">
        <h3 className="grow">{countOf(plan.files.length, 'file')}</h3>
        <span className="quiet numbers">
          {bytesText(plan.byteLength)}
          {hosts.length > 0 ? `, fetched from ${hosts.join(' and ')}` : ', nothing is fetched'}
        </span>
      </div>
      <ul className="plan-files" aria-label="Files that are added">
        {plan.files.map(({ path, byteLength, from }) => (
          <li key={path}>
            <File aria-hidden />
            <span className="grow cut" title={path}>
              {path}
            </span>
            <span className="faint cut">{from ?? ''}</span>
            <span className="quiet numbers">{bytesText(byteLength)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
