import { Film } from 'lucide-react'
import { ActionText } from '../parts/action-button.tsx'
import { Progress } from '../parts/progress.tsx'
import { useProgram, useReading } from '../window-context.tsx'

/** An open project without any media yet, or one whose first media is just coming in. */
export function NoMedia() {
  const { info } = useProgram()
  const job = useReading((editor) =>
    editor.now.jobs.find(
      (item) => item.spec.type === 'import-media' && (item.state === 'running' || item.state === 'queued'),
    ),
  )
  return (
    <div className="canvas-host empty-state">
      <Film aria-hidden className="big-icon" />
      {job ? (
        <div className="empty-progress" role="status">
          <p>{job.at || job.label}</p>
          <Progress label={job.label} done={job.done} total={job.total} />
        </div>
      ) : (
        <>
          <h2>No video yet</h2>
          <p className="quiet">
            {info?.mode === 'desktop'
              ? 'Drop a video or a folder of images here, or choose one.'
              : 'Choose a video or a folder of images.'}
          </p>
          <ActionText id="file.import-media" look="primary" />
        </>
      )}
    </div>
  )
}
