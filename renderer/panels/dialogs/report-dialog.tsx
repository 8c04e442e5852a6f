import { FolderOpen } from 'lucide-react'
import type { JobReport } from '../../../main/core/api.ts'
import { DialogWindow } from '../parts/dialog-window.tsx'
import { TextButton } from '../parts/text-button.tsx'
import { useEditorState, useProgram } from '../window-context.tsx'

/** What a job wrote, converted and dropped. */
export function ReportDialog({ jobId, onClose }: { readonly jobId: string; readonly onClose: () => void }) {
  const report = useEditorState((state) => state.jobs.find((job) => job.id === jobId)?.report ?? null)
  if (!report) return null
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

export function Report({ report }: { readonly report: JobReport }) {
  const parts: readonly (readonly [string, readonly string[]])[] = [
    ['Written', report.written],
    ['Converted', report.converted],
    ['Dropped', report.dropped],
  ]
  return (
    <div className="stack report selectable">
      {parts.map(([title, lines]) => (
        <section key={title}>
          <h3>{title}</h3>
          {lines.length === 0 ? <p className="faint">Nothing</p> : null}
          <ul>
            {lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </section>
      ))}
      {report.folder ? <p className="faint">{report.folder}</p> : null}
    </div>
  )
}

export function ReportFoot({
  report,
  onClose,
}: {
  readonly report: JobReport
  readonly onClose: () => void
}) {
  const { shell } = useProgram()
  const { folder } = report
  return (
    <>
      <span className="grow" />
      {folder && shell ? (
        <TextButton icon={FolderOpen} onPress={() => void shell.showInFolder(folder)}>
          Show in folder
        </TextButton>
      ) : null}
      <TextButton look="primary" onPress={onClose}>
        Done
      </TextButton>
    </>
  )
}
