import { Check, X } from 'lucide-react'
import { type PackBench, type PackReport, placeLabel } from '../../../main/core/models.ts'
import type { PackOutcome } from '../../editor/pack-desk.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { Notice } from '../parts/notice.tsx'
import { countOf, msText } from '../words.ts'
import { DetailsButton } from './details-button.tsx'

export interface OutcomeProps {
  readonly name: string
  readonly outcome: PackOutcome
  readonly onPutAway: () => void
}

/** What the last check or timing of a pack came to, until it is put away. */
export function Outcome({ name, outcome, onPutAway }: OutcomeProps) {
  return (
    <section className="outcome" aria-label={`${titles[outcome.type]}: ${name}`}>
      <div className="across">
        <h4 className="grow">{titles[outcome.type]}</h4>
        <IconButton small label={`Put away what was found out about ${name}`} icon={X} onPress={onPutAway} />
      </div>
      <OutcomeBody outcome={outcome} />
    </section>
  )
}

const titles: Readonly<Record<PackOutcome['type'], string>> = {
  checked: 'Checks',
  timed: 'Times on this machine',
  cancelled: 'Cancelled',
  failed: 'Failed',
}

function OutcomeBody({ outcome }: { readonly outcome: PackOutcome }) {
  switch (outcome.type) {
    case 'checked':
      return <Checks report={outcome.report} />
    case 'timed':
      return <Times graphs={outcome.graphs} />
    case 'cancelled':
      return (
        <p className="quiet">
          {outcome.work === 'check'
            ? 'The check was not finished: what was known of the network stands.'
            : 'It was not timed to the end.'}
        </p>
      )
    case 'failed':
      return (
        <Notice tone="bad">
          <div className="across">
            <span className="grow">{outcome.sentence}</span>
            <DetailsButton details={outcome} />
          </div>
        </Notice>
      )
  }
}

/** Each check with what it found. The sentence that says why the pack is broken stands above, and is not said twice. */
export function Checks({ report }: { readonly report: PackReport }) {
  return (
    <ul className="checks selectable" aria-label={`Checks of ${report.name}`}>
      {report.checks.map(({ what, right, sentence }) => (
        <li key={what} className={right ? 'right' : 'wrong'}>
          {right ? <Check role="img" aria-label="Right" /> : <X role="img" aria-label="Wrong" />}
          <span className="what">{what}</span>
          <span className="grow">{sentence === report.sentence ? 'As said above' : sentence}</span>
        </li>
      ))}
    </ul>
  )
}

function Times({ graphs }: { readonly graphs: readonly PackBench[] }) {
  return (
    <table className="times selectable">
      <thead>
        <tr>
          <th scope="col">Graph</th>
          <th scope="col">Inputs</th>
          <th scope="col">On</th>
          <th scope="col" className="number">
            Open
          </th>
          <th scope="col" className="number">
            A run
          </th>
        </tr>
      </thead>
      <tbody>
        {graphs.map(({ part, inputs, provider, partlyOnCpu, openMs, runMs, runCount }) => (
          <tr key={part}>
            <th scope="row">{part}</th>
            <td className="quiet cut" title={inputs}>
              {inputs}
            </td>
            <td className="quiet">{provider === null ? '' : placeLabel({ provider, partlyOnCpu })}</td>
            <td className="number">{msText(openMs)}</td>
            <td className="number" title={`Median of ${countOf(runCount, 'run')}`}>
              {msText(runMs)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
