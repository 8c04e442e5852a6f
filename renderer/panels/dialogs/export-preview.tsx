import { File, Folder } from 'lucide-react'
import type { ExportPlan } from '../../../main/core/api.ts'
import { Notice } from '../parts/notice.tsx'
import { bytesText, countOf } from '../words.ts'
import { type TreeLine, treeLines } from './tree-lines.ts'

export interface ExportPreviewProps {
  readonly plan: ExportPlan | null
  readonly folderName: string
  readonly hasTarget: boolean
}

/** The tree that an export would write, and what is said against it. */
export function ExportPreview({ plan, folderName, hasTarget }: ExportPreviewProps) {
  if (!plan)
    return (
      <div className="tree-box">
        <p className="empty-line">
          {hasTarget
            ? 'Looking at what would be written'
            : 'Choose where it goes to see what will be written.'}
        </p>
      </div>
    )
  return (
    <>
      {plan.problems.map((problem) => (
        <Notice key={problem} tone="bad">
          {problem}
        </Notice>
      ))}
      <div className="tree-box">
        <p className="tree-head">
          <strong className="grow cut">{folderName}</strong>
          <span className="quiet numbers">
            {countOf(plan.fileCount, 'file')}, about {bytesText(plan.byteLengthEstimate)}
          </span>
        </p>
        <ul className="tree" aria-label="Files that will be written">
          {treeLines(plan.files).map((line) => (
            <Line key={line.key} line={line} />
          ))}
        </ul>
        {plan.fileCount > plan.files.length ? (
          <p className="faint numbers">and {countOf(plan.fileCount - plan.files.length, 'more file')}</p>
        ) : null}
      </div>
      {plan.warnings.length > 0 ? (
        <Notice tone="warn">
          <ul className="stack tight">
            {plan.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Notice>
      ) : null}
    </>
  )
}

function Line({ line }: { readonly line: TreeLine }) {
  return (
    <li style={{ paddingInlineStart: `calc(${line.depth * 4} * var(--u))` }} className={line.kind}>
      {line.kind === 'more' ? null : line.kind === 'folder' ? <Folder aria-hidden /> : <File aria-hidden />}
      <span className="cut">{line.text}</span>
    </li>
  )
}
