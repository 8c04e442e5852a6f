/** What an export would write, and what forbids it, before anything is written. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ExportPlan, ExportSpec } from '../../core/api.ts'
import { plannedExport } from '../../core/formats/prepared-dataset.ts'
import { projectDataset } from '../../core/formats/project-dataset.ts'
import type { ProjectContext } from '../job-context.ts'
import { projectPixels } from '../jobs/project-pixels.ts'

/** Reads records only: no picture is decoded and no shape is read. */
export async function planExport(context: ProjectContext, spec: ExportSpec): Promise<ExportPlan> {
  const plan = plannedExport(projectDataset(context.store, spec.mediaIds, projectPixels(context)), spec)
  const folder = join(context.resolvePath(spec.target), spec.folderName)
  const problem = spec.overwrite ? null : occupiedSentence(folder)
  return problem === null ? plan : { ...plan, problems: [...plan.problems, problem] }
}

function occupiedSentence(folder: string): string | null {
  if (!existsSync(folder)) return null
  const isFree = statSync(folder).isDirectory() && readdirSync(folder).length === 0
  return isFree ? null : `${folder} exists already. Choose another name, or allow overwriting it.`
}
