import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button, Disclosure, DisclosurePanel, Heading } from 'react-aria-components'
import { useLayout } from './use-layout.ts'

export interface SidePanelProps {
  readonly id: string
  readonly title: string
  /** Takes the room that is left. */
  readonly grows?: boolean
  readonly closedAtFirst?: boolean
  readonly children: ReactNode
}

/** A part of the side that folds and remembers it. */
export function SidePanel({ id, title, grows, closedAtFirst, children }: SidePanelProps) {
  const open = useLayout(`${id}Open`, !closedAtFirst)
  return (
    <Disclosure
      className={`side-panel ${grows && open.value ? 'grows' : ''}`}
      isExpanded={open.value}
      onExpandedChange={open.keep}
    >
      <Heading level={2} className="side-title">
        <Button slot="trigger" className="side-trigger">
          <ChevronRight aria-hidden />
          {title}
        </Button>
      </Heading>
      <DisclosurePanel className="side-body">{open.value ? children : null}</DisclosurePanel>
    </Disclosure>
  )
}
