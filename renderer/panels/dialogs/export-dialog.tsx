import { useState } from 'react'
import type { ExportSpec } from '../../../main/core/api.ts'
import { progressText } from '../jobs/job-list.tsx'
import { DialogWindow } from '../parts/dialog-window.tsx'
import { Notice } from '../parts/notice.tsx'
import { Progress } from '../parts/progress.tsx'
import { TextButton } from '../parts/text-button.tsx'
import { sentenceOf } from '../sentence-of.ts'
import { useEditor, useEditorState } from '../window-context.tsx'
import { ExportForm } from './export-form.tsx'
import { ExportPreview } from './export-preview.tsx'
import { Report, ReportFoot } from './report-dialog.tsx'
import { useExportSpec } from './use-export-spec.ts'

/** What to write and where, seen beforehand; then its progress; then what was written, converted and dropped. */
export function ExportDialog({ onClose }: { readonly onClose: () => void }) {
  const [jobId, setJobId] = useState<string | null>(null)
  if (jobId) return <ExportRun jobId={jobId} onBack={() => setJobId(null)} onClose={onClose} />
  return <ExportChoice onStarted={setJobId} onClose={onClose} />
}

function ExportChoice({
  onStarted,
  onClose,
}: {
  readonly onStarted: (jobId: string) => void
  readonly onClose: () => void
}) {
  const editor = useEditor()
  const draft = useExportSpec()
  const { spec, plan, problem } = draft
  const [refused, setRefused] = useState<string | null>(null)
  const [starting, setStarting] = useState(false)
  async function start(wanted: ExportSpec) {
    setStarting(true)
    setRefused(null)
    try {
      await editor.session.settled()
      const job = await editor.host.startJob(wanted)
      onStarted(job.id)
    } catch (error) {
      setRefused(sentenceOf(error))
      setStarting(false)
    }
  }
  return (
    <DialogWindow
      title="Export"
      size="wide"
      onClose={onClose}
      foot={
        <>
          <span className="grow">
            {spec ? (plan ? '' : 'Looking at what would be written') : 'Choose where it goes.'}
          </span>
          <TextButton onPress={onClose}>Cancel</TextButton>
          <TextButton
            look="primary"
            disabled={!spec || !plan || plan.problems.length > 0 || starting}
            onPress={() => spec && void start(spec)}
          >
            Export
          </TextButton>
        </>
      }
    >
      <div className="export">
        <ExportForm draft={draft} />
        <div className="stack export-preview">
          {refused || problem ? <Notice tone="bad">{refused ?? problem}</Notice> : null}
          <ExportPreview plan={plan} folderName={draft.choice.folderName} hasTarget={spec !== null} />
        </div>
      </div>
    </DialogWindow>
  )
}

interface ExportRunProps {
  readonly jobId: string
  readonly onBack: () => void
  readonly onClose: () => void
}

function ExportRun({ jobId, onBack, onClose }: ExportRunProps) {
  const editor = useEditor()
  const job = useEditorState((state) => state.jobs.find((item) => item.id === jobId))
  const report = job?.report
  if (job?.state === 'done' && report) {
    return (
      <DialogWindow
        title={report.title}
        onClose={onClose}
        foot={<ReportFoot report={report} onClose={onClose} />}
      >
        <Report report={report} />
      </DialogWindow>
    )
  }
  const ended = job !== undefined && job.state !== 'running' && job.state !== 'queued'
  return (
    <DialogWindow
      title={job?.label ?? 'Export'}
      size="narrow"
      onClose={onClose}
      foot={
        <>
          <span className="grow" />
          {ended ? (
            <TextButton onPress={onBack}>Back</TextButton>
          ) : (
            <>
              <TextButton onPress={() => void editor.run('job.cancel', { jobId })}>Cancel export</TextButton>
              <TextButton onPress={onClose}>Go on in the background</TextButton>
            </>
          )}
        </>
      }
    >
      {ended ? (
        <Notice tone={job.state === 'cancelled' ? 'warn' : 'bad'}>
          {job.sentence ?? 'Cancelled: nothing was written.'}
        </Notice>
      ) : (
        <div className="stack tight">
          <Progress label={job?.label ?? 'Export'} done={job?.done ?? 0} total={job?.total ?? 0} />
          <p className="quiet numbers">
            {job?.state === 'queued' ? 'Waits for the job before it.' : job ? progressText(job) : ''}
          </p>
        </div>
      )}
    </DialogWindow>
  )
}
