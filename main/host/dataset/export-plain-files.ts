import { join } from 'node:path'
import type { JobReport } from '../../core/api.ts'
import type { DatasetSource } from '../../core/formats/dataset.ts'
import { chosenFrames } from '../../core/formats/frame-choice.ts'
import { frameTableCsv } from '../../core/formats/frame-table-csv.ts'
import { counted, folderNames } from '../../core/formats/prepared-video.ts'
import type { ExportOptions, ExportProgress } from './export-dataset.ts'
import { hasUnevenPace, writeOverlayVideo } from './write-overlay-video.ts'
import { writeTextFile } from './write-text-file.ts'

/** Overlay videos or frame tables, one file a video, into a folder that exists. */
export async function* exportPlainFiles(
  options: ExportOptions & { readonly format: 'overlay' | 'frame-table' },
  source: DatasetSource,
  folder: string,
  signal: AbortSignal,
): AsyncGenerator<ExportProgress, JobReport> {
  const names = folderNames(source.videos.map(({ name }) => name))
  const written: string[] = []
  const converted: string[] = []
  const dropped: string[] = []
  const frames = source.videos.map((video) => chosenFrames(video, options.frames))
  const total = frames.reduce((sum, list) => sum + list.length, 0)
  let done = 0
  for (const [index, video] of source.videos.entries()) {
    const name = names[index]!
    if (options.format === 'frame-table') {
      await writeTextFile(join(folder, `${name}.csv`), frameTableCsv(video))
      written.push(`${name}.csv: ${counted(video.timesUs.length, 'frame')}`)
      done += frames[index]!.length
      yield { done, total, at: video.name, frameIndex: null }
      continue
    }
    if (frames[index]!.length === 0) {
      dropped.push(`${video.name}: none of its frames is among those chosen.`)
      continue
    }
    for await (const frameIndex of writeOverlayVideo(
      join(folder, `${name}.mp4`),
      video,
      frames[index]!,
      signal,
    )) {
      done++
      yield { done, total, at: `${video.name}, frame ${frameIndex}`, frameIndex }
    }
    written.push(`${name}.mp4: ${counted(frames[index]!.length, 'frame')}`)
    if (hasUnevenPace(video.timesUs, frames[index]!))
      converted.push(
        `${video.name}: its frames do not follow at an even pace; the overlay shows each for the same time.`,
      )
    if (video.width % 2 || video.height % 2)
      converted.push(`${video.name}: one row or column was added, because H.264 wants even sizes.`)
  }
  const title = options.format === 'overlay' ? 'Overlay video' : 'Frame table'
  return {
    title: `${title}: ${counted(written.length, 'file')}`,
    folder: options.folder,
    written,
    converted,
    dropped,
  }
}
