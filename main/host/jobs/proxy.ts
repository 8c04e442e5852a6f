/** The job that makes a copy of a video which the view can show frame by frame. What is done of it survives a stop. */
import type { ProxySpec } from '../../core/api.ts'
import { UserError } from '../../core/user-error.ts'
import type { JobBody } from '../job-context.ts'
import { makeProxy } from '../media/proxy.ts'
import { proxyPath } from '../media-status.ts'

export const proxyJob: JobBody<ProxySpec> = async function* (context, { mediaId }, _cursor, signal) {
  const media = context.store.get(mediaId)
  if (!media)
    throw new UserError(
      'no-media',
      'The video was taken out of the project before its playable copy was made.',
    )
  const source = context.mediaSource(media)
  if (source.type === 'images')
    return { sentence: `${media.name} is a folder of images and needs no playable copy.` }
  const { width, height, rotation } = media
  const file = { path: source.path, streamIndex: source.streamIndex, rotation, width, height }
  const steps = makeProxy(file, context.frameTable(mediaId), proxyPath(context.folders, mediaId), signal)
  for await (const { done, total } of steps)
    yield { done, total, at: `frame ${done}`, frameIndex: Math.min(done, total - 1) }
  return undefined
}
