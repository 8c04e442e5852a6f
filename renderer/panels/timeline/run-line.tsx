import { Ban } from 'lucide-react'
import { progressText } from '../jobs/job-list.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { Progress } from '../parts/progress.tsx'
import { useEditor, useFollowed } from '../window-context.tsx'

/** The run under way, in one line, with its way out. */
export function RunLine() {
  const editor = useEditor()
  const job = useFollowed((editor) => editor.now.jobs.find((item) => item.state === 'running'))
  if (!job) return <span className="grow" />
  return (
    <div className="run-line" role="status">
      <span className="cut numbers">{progressText(job)}</span>
      <Progress label={job.label} done={job.done} total={job.done > 0 ? job.total : 0} />
      <IconButton
        small
        label={`Cancel ${job.label}`}
        icon={Ban}
        onPress={() => void editor.run('job.cancel', { jobId: job.id })}
      />
    </div>
  )
}
