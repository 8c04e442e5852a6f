import type { ObjectStateName } from './object-rows.ts'

/** The same signs as on the timeline: a filled diamond, half of one, one with a tick, a line, a hatched line, nothing. */
export function StateMark({ state, color }: { readonly state: ObjectStateName; readonly color: string }) {
  return (
    <svg className="state-mark" viewBox="0 0 16 16" aria-hidden>
      {state === 'keyframe' ? <path d="M8 2.5 13.5 8 8 13.5 2.5 8z" fill={color} /> : null}
      {state === 'partial' ? (
        <>
          <path d="M8 2.5 13.5 8 8 13.5 2.5 8z" fill="none" stroke={color} strokeWidth="1.25" />
          <path d="M8 2.5v11L2.5 8z" fill={color} />
        </>
      ) : null}
      {state === 'confirmed' ? (
        <>
          <path d="M8 1.5 14.5 8 8 14.5 1.5 8z" fill={color} />
          <path d="m5.5 8.2 1.8 1.8 3.3-3.6" fill="none" stroke="var(--panel)" strokeWidth="1.75" />
        </>
      ) : null}
      {state === 'propagated' ? <path d="M2 8h12" stroke={color} strokeWidth="3" /> : null}
      {state === 'proposed' ? (
        <path d="M2 8h12" stroke={color} strokeWidth="3" strokeDasharray="3 2" />
      ) : null}
      {state === 'stale' ? (
        <path d="M2 11 5 5M6 11l3-6M10 11l3-6" stroke="var(--stale)" strokeWidth="1.75" />
      ) : null}
      {state === 'hidden' ? (
        <path d="M2 8.5h2.5M7 8.5h2.5M12 8.5h2.5" stroke="var(--text-faint)" strokeWidth="3" />
      ) : null}
      {state === 'outside' ? (
        <path d="M3 8h10" stroke="var(--text-faint)" strokeWidth="1.5" strokeDasharray="1.5 2" />
      ) : null}
    </svg>
  )
}
