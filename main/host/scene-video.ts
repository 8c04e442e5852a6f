/** Films a made-up scene (core/scene) through ffmpeg: the sample project, the demo and the tests start from such a file. */
import { once } from 'node:events'
import { type Scene, type SceneFrame, type SceneSpec, sceneOf } from '../core/scene/scene.ts'
import { UserError } from '../core/user-error.ts'
import { ffmpegComplaint, resolveFfmpeg, startFfmpeg } from './ffmpeg.ts'

export interface SceneVideoOptions {
  /** Called with every frame as it is drawn: the truth, before any codec. */
  readonly onFrame?: (frameIndex: number, frame: SceneFrame) => void
  readonly signal?: AbortSignal | undefined
}

/** Writes the scene as H.264 in mp4 at `path` (its folder must exist), one keyframe a second. Returns the scene. */
export async function writeSceneVideo(
  spec: SceneSpec,
  path: string,
  options: SceneVideoOptions = {},
): Promise<Scene> {
  const { onFrame, signal } = options
  const scene = sceneOf(spec)
  const run = startFfmpeg(await resolveFfmpeg(), encodeArguments(spec, path), { signal })
  run.stdout.resume()
  let stopped = false
  run.ended.then(
    () => (stopped = true),
    () => (stopped = true),
  )
  for (let frameIndex = 0; frameIndex < spec.frameCount && !stopped; frameIndex++) {
    signal?.throwIfAborted()
    const frame = scene.frame(frameIndex)
    onFrame?.(frameIndex, frame)
    if (!run.stdin.write(frame.rgb)) await Promise.race([once(run.stdin, 'drain'), run.ended])
    // Drawing is synchronous: let others have their turn between frames.
    await new Promise((resolve) => setImmediate(resolve))
  }
  run.stdin.end()
  const { exitCode, lines } = await run.ended
  if (exitCode !== 0)
    throw new UserError(
      'scene-not-written',
      `${path} could not be written (${ffmpegComplaint(lines) ?? `ffmpeg ended with ${exitCode}`}). Free some space or choose another folder.`,
    )
  return scene
}

function encodeArguments(spec: SceneSpec, path: string): string[] {
  const { width, height, framesPerSecond } = spec
  return [
    ...['-v', 'error', '-nostats', '-y'],
    ...['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${width}x${height}`, '-r', String(framesPerSecond)],
    ...['-i', 'pipe:0', '-an', '-vf', 'scale=out_color_matrix=bt709:flags=accurate_rnd+full_chroma_int'],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '17', '-g', String(Math.round(framesPerSecond))],
    ...['-pix_fmt', width % 2 === 0 && height % 2 === 0 ? 'yuv420p' : 'yuv444p'],
    ...[
      '-colorspace',
      'bt709',
      '-color_primaries',
      'bt709',
      '-color_trc',
      'bt709',
      '-movflags',
      '+faststart',
    ],
    path,
  ]
}
