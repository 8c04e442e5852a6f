import type { PackWork } from '../../editor/pack-desk.ts'
import { Progress } from '../parts/progress.tsx'
import { TextButton } from '../parts/text-button.tsx'
import { useAction } from '../use-action.ts'
import { workText } from './pack-words.ts'

/** How far the work on a pack is, and its end by the person's will. */
export function WorkLine({ work }: { readonly work: PackWork }) {
  const cancel = useAction('pack.cancel')
  return (
    <div className="across work-line">
      <WorkProgress work={work} />
      <TextButton small label={`Cancel the work on ${work.name}`} onPress={() => cancel.run()}>
        Cancel
      </TextButton>
    </div>
  )
}

export function WorkProgress({ work }: { readonly work: PackWork }) {
  const { progress } = work
  return (
    <div className="stack tight grow">
      <Progress label={work.name} done={progress?.done ?? 0} total={progress?.total ?? 0} />
      <p className="quiet numbers cut">{workText(work)}</p>
    </div>
  )
}
