import type { JobBodies } from '../job-context.ts'
import { exportJob } from './export.ts'
import { frameTableJob } from './frame-table.ts'
import { importAnnotationsJob } from './import-annotations.ts'
import { importMediaJob } from './import-media.ts'
import { propagateJob } from './propagate.ts'
import { proxyJob } from './proxy.ts'

/** What each kind of job does. */
export const jobBodies: JobBodies = {
  propagate: propagateJob,
  export: exportJob,
  'import-media': importMediaJob,
  'import-annotations': importAnnotationsJob,
  'frame-table': frameTableJob,
  proxy: proxyJob,
}
