import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'

const icons = { plain: Info, warn: TriangleAlert, bad: CircleAlert, good: CircleCheck }

/** A sentence that must not be missed. Troubles are announced to screen readers. */
export function Notice({
  tone,
  children,
}: {
  readonly tone: keyof typeof icons
  readonly children: ReactNode
}) {
  const Icon = icons[tone]
  return (
    <div className={`notice ${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
      <Icon aria-hidden />
      <div className="grow">{children}</div>
    </div>
  )
}
