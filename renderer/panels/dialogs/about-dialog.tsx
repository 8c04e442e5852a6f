import { DialogWindow } from '../parts/dialog-window.tsx'
import { Mark } from '../welcome/mark.tsx'
import { useProgram } from '../window-context.tsx'
import { engineText } from '../words.ts'

export function AboutDialog({ onClose }: { readonly onClose: () => void }) {
  const { info } = useProgram()
  if (!info) return null
  const rows = [
    ['Version', info.version],
    ['Runs', info.mode === 'desktop' ? `on the desktop, ${info.platform}` : `served, ${info.platform}`],
    ['Engine', 'error' in info.engine ? info.engine.error : engineText(info.engine, info.threadCount)],
    [
      'Video',
      'error' in info.ffmpeg ? info.ffmpeg.error : `FFmpeg ${info.ffmpeg.version}, ${info.ffmpeg.origin}`,
    ],
    ['Licence', 'Apache-2.0'],
  ]
  return (
    <DialogWindow title="About Inbetween" size="narrow" onClose={onClose}>
      <div className="stack">
        <div className="across">
          <Mark size={32} />
          <p>
            <strong>Inbetween</strong>
            <br />
            <span className="quiet">Label the keyframes. Get the inbetweens.</span>
          </p>
        </div>
        <dl className="figures selectable">
          {rows.map(([name, value]) => (
            <div key={name} className="figure">
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <p className="faint">Nothing leaves this machine: no account, no server, no telemetry.</p>
      </div>
    </DialogWindow>
  )
}
