import { basename } from 'node:path'
import type { ExportFormat, JobSpec } from '../core/api.ts'
import type { ReadableStore } from './job-context.ts'

const formatNames: Readonly<Record<ExportFormat, string>> = {
  davis: 'DAVIS 2017',
  'youtube-vos': 'YouTube-VOS',
  viposeg: 'VIPOSeg',
  'youtube-vis': 'YouTube-VIS',
  coco: 'COCO instances',
  overlay: 'an overlay video',
  'frame-table': 'the frame table',
}

/** What the job list calls a job: 'Propagate 3 objects'. */
export function jobLabel(store: ReadableStore, spec: JobSpec): string {
  switch (spec.type) {
    case 'propagate': {
      if (spec.objectIds?.length === 1)
        return `Propagate ${store.get(spec.objectIds[0]!)?.name ?? '1 object'}`
      return spec.objectIds ? `Propagate ${spec.objectIds.length} objects` : 'Propagate all objects'
    }
    case 'export':
      return `Export ${formatNames[spec.format]}`
    case 'import-media':
      return spec.paths.length === 1 ? 'Import media' : `Import ${spec.paths.length} media`
    case 'import-annotations':
      return `Import annotations for ${store.get(spec.mediaId)?.name ?? basename(spec.path)}`
    case 'proxy':
      return `Make a playable copy of ${store.get(spec.mediaId)?.name ?? 'the video'}`
    case 'frame-table':
      return `Read the frames of ${store.get(spec.mediaId)?.name ?? 'the video'}`
  }
}
