import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { describeFfmpeg, ffmpegComplaint, findFfmpeg, readAll, resolveFfmpeg, startFfmpeg } from './ffmpeg.ts'

const folder = mkdtempSync(join(tmpdir(), 'inbetween-ffmpeg-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const banner = 'ffmpeg version 9.9-test Copyright\nlibavutil      59. 39.100 / 59. 39.100\n'

function pretendFfmpeg(name: string, mode = 0o755): string {
  const path = join(folder, name)
  writeFileSync(path, `#!/bin/sh\nprintf '${banner.replaceAll('\n', '\\n')}'\n`)
  chmodSync(path, mode)
  return path
}

describe('finding ffmpeg', () => {
  it('takes FFMPEG_PATH before all others and says so', async () => {
    const path = pretendFfmpeg('own')
    expect(await findFfmpeg({ FFMPEG_PATH: path, PATH: process.env.PATH })).toMatchObject({
      path,
      version: '9.9-test',
      origin: 'FFMPEG_PATH',
    })
  })

  it('refuses an FFMPEG_PATH that is none, rather than take another', async () => {
    const path = join(folder, 'nothing')
    await expect(findFfmpeg({ FFMPEG_PATH: path })).rejects.toThrow(
      /FFMPEG_PATH names .*nothing, which does not run/,
    )
  })

  it('makes a binary executable that npm left without the bit', async () => {
    const path = pretendFfmpeg('unset', 0o644)
    expect(await findFfmpeg({ FFMPEG_PATH: path })).toMatchObject({ path })
  })

  it('falls back to the packaged build where the system has none', async () => {
    const found = await findFfmpeg({ PATH: folder })
    expect(['ffmpeg-static', '@ffmpeg-installer/ffmpeg']).toContain(found.origin)
  })
})

describe('what ffmpeg says of itself', () => {
  it.each([
    ['N-47683-g0e8eb07980-static', '56. 24.101', '-vsync'],
    ['4.4.2', '56. 70.100', '-vsync'],
    ['5.1.9-0+deb12u1', '57. 28.100', '-fps_mode'],
    ['7.0.2-static', '59.  8.100', '-fps_mode'],
  ])('knows how %s is told to keep every frame', (version, library, option) => {
    const text = `ffmpeg version ${version} Copyright\n  libavutil      ${library} / ${library}\n`
    expect(describeFfmpeg('/x', 'system', text)).toMatchObject({
      version,
      keepEveryFrame: [option, 'passthrough'],
    })
  })

  it('takes no other program for ffmpeg', () => {
    expect(describeFfmpeg('/x', 'system', 'avconv version 11')).toBeNull()
  })

  it('finds the telling line among others', () => {
    const lines = [
      'Input #0',
      '[mov @ 0x5560] moov atom not found',
      'file:x.mp4: Invalid data found when processing input',
      '',
    ]
    expect(ffmpegComplaint(lines)).toBe('file:x.mp4: Invalid data found when processing input')
    expect(ffmpegComplaint(['all is well'])).toBeNull()
  })
})

describe('running ffmpeg', () => {
  it('gives raw frames as a stream and the exit code at the end', async () => {
    const args = [
      '-v',
      'error',
      '-f',
      'lavfi',
      '-i',
      'color=red:size=8x8:rate=5:duration=1',
      '-f',
      'rawvideo',
      '-pix_fmt',
      'rgb24',
      '-',
    ]
    const run = startFfmpeg(await resolveFfmpeg(), args)
    expect(await readAll(run.stdout)).toHaveLength(5 * 8 * 8 * 3)
    expect(await run.ended).toEqual({ exitCode: 0, lines: [] })
  })

  it('is killed by its signal', async () => {
    const controller = new AbortController()
    const args = ['-f', 'lavfi', '-i', 'testsrc=size=64x64', '-f', 'rawvideo', '-']
    const run = startFfmpeg(await resolveFfmpeg(), args, { signal: controller.signal })
    run.stdout.once('data', () => controller.abort(new Error('Enough')))
    await expect(run.ended).rejects.toThrow('Enough')
  })
})
