import { ArrowLeft, ArrowRight, ChevronDown } from 'lucide-react'
import { useState } from 'react'
import { Button, Dialog, DialogTrigger, Popover, Toolbar } from 'react-aria-components'
import { Estimate } from '../jobs/estimate.tsx'
import { ActionIcon, ActionText } from '../parts/action-button.tsx'
import { Segments } from '../parts/fields.tsx'

/** Backward, both ways, forward; the arrow beside them says beforehand what a run would take. */
export function PropagateButtons() {
  return (
    <Toolbar className="propagate" aria-label="Propagate">
      <ActionIcon id="propagate.backward" icon={ArrowLeft} />
      <ActionText id="propagate.both" text="Propagate" />
      <ActionIcon id="propagate.forward" icon={ArrowRight} />
      <RunChoice />
    </Toolbar>
  )
}

type Direction = 'backward' | 'both' | 'forward'
type Reach = 'all' | 'next' | 'stale'

function RunChoice() {
  const [open, setOpen] = useState(false)
  return (
    <DialogTrigger isOpen={open} onOpenChange={setOpen}>
      <Button className="icon-button narrow" aria-label="Estimate and choose a run" data-keeps-focus>
        <ChevronDown aria-hidden />
      </Button>
      <Popover className="popover padded" placement="top start" offset={6}>
        <Dialog className="stack run-choice" aria-label="Run">
          <RunForm onStarted={() => setOpen(false)} />
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}

function RunForm({ onStarted }: { readonly onStarted: () => void }) {
  const [direction, setDirection] = useState<Direction>('both')
  const [reach, setReach] = useState<Reach>('all')
  return (
    <>
      <Segments
        label="Direction"
        value={direction}
        options={[
          { value: 'backward', label: 'Backward' },
          { value: 'both', label: 'Both' },
          { value: 'forward', label: 'Forward' },
        ]}
        onChange={setDirection}
      />
      <Segments
        label="How far"
        value={reach}
        options={[
          { value: 'all', label: 'To the ends' },
          { value: 'next', label: 'To the next keyframe' },
          { value: 'stale', label: 'Stale only' },
        ]}
        onChange={setReach}
      />
      <Estimate direction={direction} reach={reach} onStarted={onStarted} />
    </>
  )
}
