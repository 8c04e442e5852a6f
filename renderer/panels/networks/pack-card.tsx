import { CircleAlert, CircleCheck, CircleDashed } from 'lucide-react'
import { useState } from 'react'
import { type ModelList, modelRoles, type PackInfo } from '../../../main/core/models.ts'
import { Notice } from '../parts/notice.tsx'
import { TextButton } from '../parts/text-button.tsx'
import { useEditor, useEditorState } from '../window-context.tsx'
import { bytesText, dayText } from '../words.ts'
import { Address } from './copy-button.tsx'
import { DetailsButton } from './details-button.tsx'
import { LicenceLine } from './licence-line.tsx'
import { Outcome } from './pack-outcome.tsx'
import { roleWords, stateWords } from './pack-words.ts'
import { WorkLine } from './work-line.tsx'

export interface PackCardProps {
  readonly pack: PackInfo
  readonly models: ModelList
}

/** A pack that is here: what it is, whether it is sound, and what can be done with it. */
export function PackCard({ pack, models }: PackCardProps) {
  const editor = useEditor()
  const [removing, setRemoving] = useState(false)
  const { work, outcome } = useEditorState(({ packDesk }) => ({
    work: packDesk.work?.packId === pack.id ? packDesk.work : null,
    outcome: packDesk.outcomes[pack.id],
  }))
  return (
    <article className="pack" aria-label={pack.name}>
      <div className="across">
        <h4 className="cut">{pack.name}</h4>
        <span className="faint numbers">{pack.version}</span>
        <StateMark pack={pack} />
        <span className="grow" />
        <PackButtons pack={pack} removing={removing} onRemove={() => setRemoving(true)} />
      </div>
      {pack.sentence ? (
        <Notice tone="bad">
          <div className="across">
            <span className="grow">{pack.sentence}</span>
            <DetailsButton details={pack} />
          </div>
        </Notice>
      ) : null}
      <PackFacts pack={pack} models={models} />
      {removing ? <RemoveQuestion pack={pack} models={models} onStay={() => setRemoving(false)} /> : null}
      {work ? <WorkLine work={work} /> : null}
      {outcome && !work ? (
        <Outcome name={pack.name} outcome={outcome} onPutAway={() => editor.packs.forget(pack.id)} />
      ) : null}
    </article>
  )
}

const stateIcons = { ready: CircleCheck, unchecked: CircleDashed, broken: CircleAlert }
const stateTones = { ready: 'good', unchecked: 'warn', broken: 'bad' }

function StateMark({ pack }: { readonly pack: PackInfo }) {
  const Icon = stateIcons[pack.state]
  return (
    <span className={`mark ${stateTones[pack.state]}`}>
      <Icon aria-hidden />
      {stateWords[pack.state]}
    </span>
  )
}

function PackButtons({
  pack,
  removing,
  onRemove,
}: {
  readonly pack: PackInfo
  readonly removing: boolean
  readonly onRemove: () => void
}) {
  const editor = useEditor()
  const free = useEditorState((state) => state.packDesk.work === null && state.connection === 'connected')
  const run = (verb: 'check' | 'time') => void editor.run(`pack.${verb}`, { packId: pack.id })
  return (
    <>
      <TextButton small label={`Check ${pack.name}`} disabled={!free} onPress={() => run('check')}>
        Check
      </TextButton>
      <TextButton
        small
        label={`Time ${pack.name}`}
        disabled={!free || pack.state === 'broken'}
        onPress={() => run('time')}
      >
        Time
      </TextButton>
      {pack.builtIn ? null : (
        <TextButton
          small
          look="plain"
          label={`Remove ${pack.name}`}
          disabled={!free || removing}
          onPress={onRemove}
        >
          Remove
        </TextButton>
      )}
    </>
  )
}

function PackFacts({ pack, models }: PackCardProps) {
  const { licence, role, checkedAt } = pack
  const jobs = jobsOf(pack, models)
  const size = [bytesText(pack.byteLength)]
  if (checkedAt !== null) size.push(`checked ${dayText(checkedAt, Date.now())}`)
  return (
    <dl className="facts">
      {role ? (
        <div>
          <dt>Job</dt>
          <dd>
            {roleWords[role].name}
            {jobs.length > 0 ? ', which it does now' : ''}
          </dd>
        </div>
      ) : null}
      {licence ? (
        <div>
          <dt>Licence</dt>
          <dd className="across">
            <LicenceLine licence={licence} />
            <Address label={`the address of the licence of ${pack.name}`} url={licence.url} />
          </dd>
          {licence.note ? <dd className="quiet note">{licence.note}</dd> : null}
        </div>
      ) : null}
      <div>
        <dt>Size</dt>
        <dd className="numbers">{size.join(', ')}</dd>
      </div>
      <PackSource pack={pack} />
    </dl>
  )
}

function PackSource({ pack: { name, builtIn, sourceUrl } }: { readonly pack: PackInfo }) {
  if (!builtIn && sourceUrl === null) return null
  return (
    <div>
      <dt>From</dt>
      {builtIn ? <dd>It comes with Inbetween</dd> : null}
      {sourceUrl === null ? null : (
        <dd className="across">
          <Address label={`the address that ${name} comes from`} url={sourceUrl} />
        </dd>
      )}
    </div>
  )
}

function RemoveQuestion({ pack, models, onStay }: PackCardProps & { readonly onStay: () => void }) {
  const editor = useEditor()
  const jobs = jobsOf(pack, models).map((role) => roleWords[role].name)
  const back = jobs.length > 0 ? ` ${jobs.join(' and ')} goes back to what comes with Inbetween.` : ''
  return (
    <Notice tone="warn">
      <div className="stack">
        <span>
          Its files are deleted, {bytesText(pack.byteLength)}, and undo does not bring them back: to have it
          again, add it again.{back}
        </span>
        <div className="across end">
          <TextButton small autoFocus onPress={onStay}>
            Keep it
          </TextButton>
          <TextButton
            small
            look="danger"
            onPress={() => {
              onStay()
              void editor.run('pack.remove', { packId: pack.id })
            }}
          >
            Remove {pack.name}
          </TextButton>
        </div>
      </div>
    </Notice>
  )
}

function jobsOf({ id }: PackInfo, { chosen }: ModelList) {
  return modelRoles.filter((role) => chosen[role] === id)
}
