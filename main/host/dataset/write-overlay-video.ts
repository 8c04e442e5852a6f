import { once } from 'node:events'
import type { DatasetVideo } from '../../core/formats/dataset.ts'
import { paintOverlay } from '../../core/formats/overlay-frame.ts'
import { visibleMasks } from '../../core/formats/visible-masks.ts'
import { UserError } from '../../core/user-error.ts'
import { ffmpegComplaint, resolveFfmpeg, startFfmpeg } from '../ffmpeg.ts'

/**
 * Writes the video with its masks painted over as H.264 in mp4, at the video's mean pace (an mp4 of still length a
 * frame plays everywhere). Odd sizes get one more row or column, which 4:2:0 needs. Yields each frame's index when it
 * is written.
 */
export async function* writeOverlayVideo(
  path: string,
  video: DatasetVideo,
  frameIndexes: readonly number[],
  signal: AbortSignal,
): AsyncGenerator<number> {
  const ffmpeg = await resolveFfmpeg()
  const rate = meanFrameRate(video.timesUs, frameIndexes)
  // biome-ignore format: option and value side by side
  const run = startFfmpeg(ffmpeg, [
    '-loglevel', 'error', '-y',
    '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${video.width}x${video.height}`, '-r', rate.toFixed(6), '-i', 'pipe:0',
    '-vf', 'pad=ceil(iw/2)*2:ceil(ih/2)*2', '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '18', '-pix_fmt', 'yuv420p',
    '-movflags', '+faststart', '-an', path,
  ], { signal })
  run.stdout.resume()
  try {
    for await (const { frameIndex, rgb } of video.frames(frameIndexes, signal)) {
      const painted = rgb.slice()
      const masks = visibleMasks(video, video.masksAt(frameIndex)).masks
      paintOverlay(
        painted,
        video.width,
        masks.map(({ objectIndex, rle }) => ({ rle, color: video.objects[objectIndex]!.color })),
      )
      if (!run.stdin.write(painted)) await Promise.race([once(run.stdin, 'drain', { signal }), run.ended])
      yield frameIndex
    }
    run.stdin.end()
    const { exitCode, lines } = await run.ended
    if (exitCode === 0) return
    const complaint = ffmpegComplaint(lines) ?? `exit code ${exitCode}`
    throw new UserError(
      'overlay-failed',
      `ffmpeg could not write the overlay of ${video.name} as H.264: ${complaint}`,
    )
  } finally {
    run.kill()
    await run.ended.catch(() => {})
  }
}

/** Frames a second over the chosen frames; 25 where there is only one. */
export function meanFrameRate(timesUs: Float64Array, frameIndexes: readonly number[]): number {
  const first = timesUs[frameIndexes[0] ?? 0] ?? 0
  const last = timesUs[frameIndexes.at(-1) ?? 0] ?? 0
  return last > first ? Math.min(240, Math.max(0.1, ((frameIndexes.length - 1) * 1e6) / (last - first))) : 25
}

/** Whether frames follow each other at uneven times, by more than a millisecond and a twentieth of the mean. */
export function hasUnevenPace(timesUs: Float64Array, frameIndexes: readonly number[]): boolean {
  const mean = 1e6 / meanFrameRate(timesUs, frameIndexes)
  return frameIndexes.some((frame, i) => {
    const next = frameIndexes[i + 1]
    return next !== undefined && Math.abs(timesUs[next]! - timesUs[frame]! - mean) > Math.max(1000, mean / 20)
  })
}
