/** The job that writes a dataset. Begun anew when resumed: what was half-written never had its final name. */
import { join } from 'node:path'
import type { ExportSpec } from '../../core/api.ts'
import { projectDataset } from '../../core/formats/project-dataset.ts'
import { exportDataset } from '../dataset/export-dataset.ts'
import type { JobBody } from '../job-context.ts'
import { projectPixels } from './project-pixels.ts'

export const exportJob: JobBody<ExportSpec> = async function* (context, spec, _cursor, signal) {
  const folder = join(context.resolvePath(spec.target), spec.folderName)
  const source = projectDataset(context.store, spec.mediaIds, projectPixels(context))
  const writing = exportDataset({ ...spec, folder }, source, signal)
  for (;;) {
    const next = await writing.next()
    if (next.done) return { report: next.value }
    const { done, total, at, frameIndex } = next.value
    yield { done, total, at, ...(frameIndex === null ? {} : { frameIndex }) }
  }
}
