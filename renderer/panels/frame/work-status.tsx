import { Button, Dialog, DialogTrigger, Popover } from 'react-aria-components'
import type { HostInfo } from '../../../main/core/api.ts'
import { lastWork } from '../../editor/work-status.ts'
import { workWord } from '../networks/pack-words.ts'
import { useEditorState, useReading } from '../window-context.tsx'
import { NetworkPanel } from './network-panel.tsx'
import { placeText, timeText, troubleText } from './work-words.ts'

/** What worked last, on what, and how long a frame or a mask took; behind it, everything about networks and their providers. */
export function WorkStatus({ info }: { readonly info: HostInfo }) {
  const trouble = useEditorState(({ inference }) => troubleText(inference))
  const packWork = useEditorState(({ packDesk }) => (packDesk.work ? workWord(packDesk.work) : null))
  const { place, time } = useReading(({ now }) => {
    const work = lastWork(now)
    return {
      place: placeText(work, info, now.settings?.threadCount || info.threadCount),
      time: timeText(work),
    }
  })
  const said = [place, trouble, packWork, time].filter((text) => text !== null)
  return (
    <DialogTrigger>
      <Button
        className="work-status"
        data-keeps-focus
        aria-label={`Runs on ${said.join(', ')}. Networks and providers`}
      >
        <span className={'error' in info.engine ? 'bad-text' : ''}>{place}</span>
        {trouble ? <span className="warn-text">{trouble}</span> : null}
        {packWork ? <span className="cut pack-work">{packWork}</span> : null}
        <span>{time}</span>
      </Button>
      <Popover className="popover padded" placement="top start" offset={6}>
        <Dialog className="stack networks" aria-label="What the work runs on">
          <NetworkPanel info={info} />
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}
