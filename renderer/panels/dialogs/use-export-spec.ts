import { useEffect, useState } from 'react'
import type { ExportFormat, ExportPlan, ExportSpec, FrameChoice, PathRef } from '../../../main/core/api.ts'
import type { MediaId } from '../../../main/core/records.ts'
import { sentenceOf } from '../sentence-of.ts'
import { useEditor } from '../window-context.tsx'

export interface ExportChoiceState {
  readonly format: ExportFormat
  readonly target: { readonly ref: PathRef; readonly name: string } | null
  readonly folderName: string
  readonly mediaIds: readonly MediaId[]
  readonly frames: FrameChoice
  readonly valShare: number
  readonly layout: 'train' | 'valid'
  readonly overwrite: boolean
  readonly includeFrames: boolean
}

export interface ExportDraft {
  readonly choice: ExportChoiceState
  readonly set: (patch: Partial<ExportChoiceState>) => void
  /** Null while there is no place to write to. */
  readonly spec: ExportSpec | null
  /** What would be written; null while it is looked at. */
  readonly plan: ExportPlan | null
  /** Why there is no plan. */
  readonly problem: string | null
}

/** What is chosen in the export dialog, and what the program says would come of it. Latest wins. */
export function useExportSpec(): ExportDraft {
  const editor = useEditor()
  const [choice, setChoice] = useState<ExportChoiceState>(() => ({
    format: 'davis',
    target: null,
    folderName: `${editor.now.project?.name ?? 'dataset'} davis`,
    mediaIds: [...editor.store.ofKind('media')].map((media) => media.id),
    frames: { type: 'all' },
    valShare: 0,
    layout: 'train',
    overwrite: false,
    includeFrames: true,
  }))
  const [plan, setPlan] = useState<ExportPlan | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const spec: ExportSpec | null = choice.target
    ? { type: 'export', ...choice, target: choice.target.ref }
    : null
  const key = JSON.stringify(spec)
  useEffect(() => {
    const wanted = JSON.parse(key) as ExportSpec | null
    setPlan(null)
    setProblem(null)
    if (!wanted) return
    let stale = false
    const timer = setTimeout(() => {
      editor.host.planExport(wanted).then(
        (next) => stale || setPlan(next),
        (error: unknown) => stale || setProblem(sentenceOf(error)),
      )
    }, 150)
    return () => {
      stale = true
      clearTimeout(timer)
    }
  }, [editor, key])
  return {
    choice,
    set: (patch) => setChoice((before) => withFolderName({ ...before, ...patch }, before)),
    spec,
    plan,
    problem,
  }
}

/** The proposed folder name follows the format until the user writes another. */
function withFolderName(next: ExportChoiceState, before: ExportChoiceState): ExportChoiceState {
  if (next.format === before.format || !before.folderName.endsWith(` ${before.format}`)) return next
  return { ...next, folderName: before.folderName.slice(0, -before.format.length) + next.format }
}
