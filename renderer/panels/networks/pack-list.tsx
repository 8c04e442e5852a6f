import { Plus } from 'lucide-react'
import { useState } from 'react'
import { DialogWindow } from '../parts/dialog-window.tsx'
import { Notice } from '../parts/notice.tsx'
import { TextButton } from '../parts/text-button.tsx'
import { useAction } from '../use-action.ts'
import { useEditorState } from '../window-context.tsx'
import { CatalogueList } from './catalogue-list.tsx'
import { PackCard } from './pack-card.tsx'
import { RoleList } from './role-list.tsx'

/** Who does which job, the packs that are here, and those that are known. */
export function PackList({ onClose }: { readonly onClose: () => void }) {
  const models = useEditorState((state) => state.models)
  const isBusy = useEditorState((state) => state.packDesk.work !== null)
  const add = useAction('pack.add')
  return (
    <DialogWindow
      title="Networks"
      size="wide"
      onClose={onClose}
      foot={
        <>
          <TextButton icon={Plus} disabled={add.available !== true} onPress={() => add.run()}>
            Add a network
          </TextButton>
          <FootNote busy={isBusy && add.available !== true ? add.available : null} />
          <TextButton look="primary" onPress={onClose}>
            Done
          </TextButton>
        </>
      }
    >
      <div className="stack packs">
        <Refusal />
        <LostNotice />
        {models ? (
          <>
            <RoleList models={models} />
            <section className="stack tight pack-list" aria-label="Networks that are here">
              <h3>Here</h3>
              {models.packs.every(({ builtIn }) => builtIn) ? (
                <p className="quiet">
                  None was added, and nothing needs another: Inbetween does its work without. One that you add
                  can take over a job, and you can switch back at any time.
                </p>
              ) : null}
              {models.packs.map((pack) => (
                <PackCard key={pack.id} pack={pack} models={models} />
              ))}
            </section>
            {models.catalogue.length > 0 ? <CatalogueList entries={models.catalogue} /> : null}
          </>
        ) : (
          <div className="stack" aria-busy>
            <p className="quiet" role="status">
              Asking which networks are here
            </p>
            <div className="ghost-rows" aria-hidden>
              <i />
              <i />
              <i />
            </div>
          </div>
        )}
      </div>
    </DialogWindow>
  )
}

/** What was refused since the list was opened: a choice, a removal. */
function Refusal() {
  const [saidBefore] = useState(useEditorState((state) => state.sentence?.number ?? 0))
  const refusal = useEditorState(({ sentence }) =>
    sentence && sentence.tone !== 'info' && sentence.number > saidBefore ? sentence.text : null,
  )
  return refusal ? <Notice tone="bad">{refusal}</Notice> : null
}

function LostNotice() {
  const lost = useEditorState((state) => state.connection !== 'connected')
  if (!lost) return null
  return (
    <Notice tone="warn">
      The connection to the program is lost. What is seen here may have changed, and nothing can be done with
      it until the connection is back.
    </Notice>
  )
}

/** Why nothing else can be begun just now; else what a person might wonder about. */
function FootNote({ busy }: { readonly busy: string | null }) {
  const readOnly = useEditorState((state) => Boolean(state.project?.readOnly))
  const note = readOnly
    ? 'The project is read-only. Networks belong to this machine, and can be changed.'
    : ''
  return <span className="grow">{busy ?? note}</span>
}
