import { useEditorState } from '../window-context.tsx'
import { clockText, countOf } from '../words.ts'

/** There is no Save button: this says when the last change reached the disk. */
export function SavedTime() {
  const { savedAt, pendingCount, readOnly } = useEditorState((state) => ({
    savedAt: state.savedAt,
    pendingCount: state.pendingCount,
    readOnly: state.project?.readOnly ?? null,
  }))
  const text = readOnly
    ? 'read-only'
    : pendingCount > 0
      ? `saving ${countOf(pendingCount, 'change')}`
      : savedAt
        ? `saved ${clockText(savedAt)}`
        : ''
  return (
    <span className="saved quiet numbers" title="Every change is on disk within a tenth of a second">
      {text}
    </span>
  )
}
