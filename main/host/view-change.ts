import type { Diff } from '../core/diff.ts'
import { UserError } from '../core/user-error.ts'
import type { ReadableStore } from './job-context.ts'

/**
 * A view draws and names; which files a project reads is for import and relink alone, which go through the path gate.
 * Otherwise a page could write any path of this computer into a media record and then ask for its bytes by id. Compared
 * with the record that is there, because the view's own word for what was before proves nothing. Throws UserError
 * 'media-by-import'.
 */
export function checkViewChange(store: ReadableStore, diff: Diff): void {
  const results = [...Object.values(diff.added), ...Object.values(diff.updated).map(([, to]) => to)]
  for (const record of results) {
    if (record.kind !== 'media') continue
    const known = store.get(record.id)
    if (known && JSON.stringify(known.source) === JSON.stringify(record.source)) continue
    throw new UserError(
      'media-by-import',
      `Where the pictures of "${record.name}" come from cannot be changed by an edit: import the file, or relink it.`,
    )
  }
}
