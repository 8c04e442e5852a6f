import { CircleHelp } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button, Dialog, DialogTrigger, Popover } from 'react-aria-components'

/** What the signs on the lanes mean. */
export function TimelineLegend() {
  return (
    <DialogTrigger>
      <Button className="icon-button small" aria-label="What the lanes show" data-keeps-focus>
        <CircleHelp aria-hidden />
      </Button>
      <Popover className="popover padded" placement="top start" offset={4}>
        <Dialog className="legend" aria-label="What the lanes show">
          <dl>
            {signs.map(({ words, sign }) => (
              <div key={words}>
                <dt>
                  <svg viewBox="0 0 32 16" aria-hidden>
                    {sign}
                  </svg>
                </dt>
                <dd>{words}</dd>
              </div>
            ))}
          </dl>
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}

const diamond = 'M16 2.5 21.5 8 16 13.5 10.5 8z'

function curve(color: string, top: number): ReactNode {
  return (
    <>
      <path d={`M2 ${top}h28V15H2z`} fill={color} opacity="0.3" />
      <path d={`M2 ${top}h28v2H2z`} fill={color} />
    </>
  )
}

const signs: readonly { readonly words: string; readonly sign: ReactNode }[] = [
  { words: 'Keyframe', sign: <path d={diamond} fill="var(--text)" /> },
  {
    words: 'Confirmed',
    sign: (
      <>
        <path d={diamond} fill="var(--text)" />
        <path d="m13.5 8.2 1.8 1.8 3.3-3.6" fill="none" stroke="var(--panel)" strokeWidth="1.5" />
      </>
    ),
  },
  { words: 'Propagated: the higher, the surer', sign: curve('var(--good)', 2) },
  { words: 'Worth a look', sign: curve('var(--warn)', 6) },
  { words: 'Probably wrong', sign: curve('var(--bad)', 11) },
  {
    words: 'Proposed: found again, not accepted',
    sign: (
      <>
        <path d="M4 14 12 4M10 14l8-10M16 14l8-10M22 14l6-8" stroke="var(--accent)" />
        <path d="M2.5 3.5h27v11h-27z" fill="none" stroke="var(--accent)" strokeDasharray="4 3" />
      </>
    ),
  },
  {
    words: 'Hidden',
    sign: <path d="M3 12h3v3H3zM10 12h3v3h-3zM17 12h3v3h-3zM24 12h3v3h-3z" fill="var(--text-faint)" />,
  },
  {
    words: 'Stale: propagate again',
    sign: <path d="M2 14 9 6M8 14l7-8M14 14l7-8M20 14l7-8M26 14l4-5" stroke="var(--stale)" />,
  },
  {
    words: 'Outside',
    sign: <path d="M3 14h2M9 14h2M15 14h2M21 14h2M27 14h2" stroke="var(--line-strong)" />,
  },
  {
    words: 'Shot cut',
    sign: <path d="M11 15 16 8l5 7z" fill="var(--text)" />,
  },
  {
    words: 'Made by the run under way, and where it is',
    sign: (
      <>
        <path d="M2 9h20v3H2z" fill="var(--accent)" />
        <circle cx="24" cy="10" r="4" fill="var(--warn)" />
      </>
    ),
  },
  {
    words: 'Suggested keyframe',
    sign: (
      <>
        <path
          d="M16 1 23 8l-7 7-7-7z"
          fill="none"
          stroke="var(--accent)"
          strokeWidth="1.5"
          strokeDasharray="2.5 2"
        />
        <path d="M13.5 8h5M16 5.5v5" stroke="var(--accent)" />
      </>
    ),
  },
]
