import type { ReactNode } from 'react'
import { askedRoles } from '../../../main/core/models.ts'
import type { PackAdding } from '../../editor/pack-desk.ts'
import { DialogWindow } from '../parts/dialog-window.tsx'
import { Notice } from '../parts/notice.tsx'
import { TextButton } from '../parts/text-button.tsx'
import { useAction } from '../use-action.ts'
import { useEditor, useEditorState } from '../window-context.tsx'
import { bytesText } from '../words.ts'
import { DetailsButton } from './details-button.tsx'
import { OfferChoice } from './pack-offer.tsx'
import { Checks } from './pack-outcome.tsx'
import { PlanView } from './pack-plan.tsx'
import { roleWords } from './pack-words.ts'
import { WorkProgress } from './work-line.tsx'

export interface AddPackProps {
  readonly adding: PackAdding
  readonly onClose: () => void
}

/** From where a pack is to be had, over what it is, to what came of adding it. */
export function AddPack({ adding, onClose }: AddPackProps) {
  switch (adding.name) {
    case 'asking':
      return <OfferChoice onClose={onClose} />
    case 'looking':
      return <UnderWay title={`Looking at ${adding.offer.name}`} onClose={onClose} />
    case 'planned':
      return <Planned adding={adding} onClose={onClose} />
    case 'adding':
      return (
        <UnderWay
          title={`Adding ${adding.plan.name}`}
          note={adding.offer.source.type === 'url' ? 'What is fetched is kept when you cancel.' : null}
          onClose={onClose}
        />
      )
    case 'added':
      return <Added adding={adding} onClose={onClose} />
    case 'refused':
      return <Refused adding={adding} onClose={onClose} />
  }
}

type Of<Name extends PackAdding['name']> = {
  readonly adding: Extract<PackAdding, { readonly name: Name }>
  readonly onClose: () => void
}

function UnderWay(props: {
  readonly title: string
  readonly note?: string | null
  readonly onClose: () => void
}) {
  const work = useEditorState((state) => state.packDesk.work)
  const cancel = useAction('pack.cancel')
  return (
    <DialogWindow
      title={props.title}
      onClose={props.onClose}
      foot={
        <>
          <span className="grow">{props.note ?? ''}</span>
          <TextButton onPress={props.onClose}>Go on in the background</TextButton>
          <TextButton autoFocus onPress={() => cancel.run()}>
            Cancel
          </TextButton>
        </>
      }
    >
      {work ? <WorkProgress work={work} /> : <p className="quiet">Nearly done</p>}
    </DialogWindow>
  )
}

function Planned({ adding: { plan, note }, onClose }: Of<'planned'>) {
  const editor = useEditor()
  const left = plan.byteLength - plan.heldByteLength
  return (
    <DialogWindow
      title={`${plan.name} ${plan.version}`}
      onClose={onClose}
      foot={
        <>
          <span className="grow numbers">
            {plan.files.some(({ from }) => from !== null)
              ? `${bytesText(left)} to fetch`
              : `${bytesText(left)} to copy`}
          </span>
          <TextButton autoFocus onPress={() => void editor.run('pack.add')}>
            Back
          </TextButton>
          <TextButton look="primary" onPress={() => void editor.run('pack.agree')}>
            Agree and add
          </TextButton>
        </>
      }
    >
      <PlanView plan={plan} note={note} />
    </DialogWindow>
  )
}

function Added({ adding: { plan, report }, onClose }: Of<'added'>) {
  const editor = useEditor()
  const doesIt = useEditorState((state) => state.models?.chosen[plan.role] === plan.id)
  const { name: job } = roleWords[plan.role]
  return (
    <DialogWindow
      title={`${plan.name} ${plan.version}`}
      onClose={onClose}
      foot={
        <>
          <span className="grow" />
          {askedRoles.has(plan.role) && !doesIt ? (
            <TextButton
              onPress={() => void editor.run('pack.choose', { role: plan.role, packId: plan.id })}
            >{`Use it for: ${job}`}</TextButton>
          ) : null}
          <TextButton look="primary" autoFocus onPress={() => void editor.run('pack.put-away')}>
            Done
          </TextButton>
        </>
      }
    >
      <div className="stack">
        <Notice tone="good">
          It was added and passed every check.
          {doesIt ? ` ${job} is its job from now on; you can switch back in the list of networks.` : ''}
        </Notice>
        <Checks report={report} />
      </div>
    </DialogWindow>
  )
}

function Refused({ adding, onClose }: Of<'refused'>) {
  const editor = useEditor()
  const { offer, plan, sentence, report } = adding
  const keeps = offer.source.type === 'url' && plan !== null && report === null
  return (
    <DialogWindow
      title={plan ? `${plan.name} was not added` : 'Nothing to add there'}
      onClose={onClose}
      foot={
        <>
          <span className="grow">{keeps ? 'What was fetched is kept for the next try.' : ''}</span>
          <TextButton onPress={() => void editor.run('pack.add')}>Back</TextButton>
          <TextButton look="primary" autoFocus onPress={() => void editor.run('pack.look', { offer })}>
            Try again
          </TextButton>
        </>
      }
    >
      <div className="stack">
        <Notice tone="bad">
          <div className="across">
            <span className="grow">{sentence}</span>
            <DetailsButton details={adding} />
          </div>
        </Notice>
        <Facts>{offer.name}</Facts>
        {report ? <Checks report={report} /> : null}
      </div>
    </DialogWindow>
  )
}

function Facts({ children }: { readonly children: ReactNode }) {
  return (
    <dl className="facts">
      <div>
        <dt>Looked at</dt>
        <dd className="selectable">{children}</dd>
      </div>
    </dl>
  )
}
