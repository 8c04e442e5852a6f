import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneClip } from './core/scene/scene-clips.ts'
import { writeMaskPng } from './host/dataset/write-mask-png.ts'
import { writeSceneVideo } from './host/scene-video.ts'
import { inbetween as runInbetween } from './test-command-line.ts'

const folder = mkdtempSync(join(tmpdir(), 'inbetween-cli-'))
const clip = sceneClip('short-test')
const keyFrames = [0, 12, 23]
const at = (name: string) => join(folder, name)

const inbetween = (args: readonly string[], onError?: Parameters<typeof runInbetween>[2]) =>
  runInbetween(folder, args, onError)

/** A film with its true masks: on the keyframes as labels to import, on every frame as the truth to score against. */
beforeAll(async () => {
  for (const name of ['labels', 'truth']) mkdirSync(join(folder, name, clip.name), { recursive: true })
  const written: Promise<void>[] = []
  await writeSceneVideo(clip, at(`${clip.name}.mp4`), {
    onFrame: (frameIndex, { index }) => {
      const plane = index.map((entity) => (entity <= clip.objectCount ? entity : 0))
      const name = `${String(frameIndex).padStart(5, '0')}.png`
      for (const place of keyFrames.includes(frameIndex) ? ['labels', 'truth'] : ['truth'])
        written.push(writeMaskPng(join(folder, place, clip.name, name), clip.width, clip.height, plane))
    },
  })
  await Promise.all(written)
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('the command line', () => {
  it('goes the whole way: import, labels, propagate, stop, resume, export, verify, evaluate', async () => {
    const project = at('street')
    expect(await inbetween(['new', project])).toMatchObject({
      code: 0,
      out: `Made the project ${project}.\n`,
    })
    const imported = await inbetween(['import', project, at(`${clip.name}.mp4`), '--classes', 'vipseg'])
    expect(imported.err).toContain('124 classes added')
    expect(imported).toMatchObject({ code: 0, out: `${clip.name}.mp4: 24 frames, 192x108, h264\n` })

    expect((await inbetween(['suggest', project])).out).toMatch(/^Nothing is known yet/)

    const labelled = await inbetween(['import-annotations', project, at('labels')])
    expect(labelled.code).toBe(0)
    expect(labelled.out).toContain('3 objects, 9 masks on 3 frames, all as keyframes')

    const estimate = await inbetween(['--json', 'propagate', project, '--estimate'])
    expect(JSON.parse(estimate.out)).toMatchObject({ objectCount: 3, frameCount: 21, sentence: null })
    const stopped = await inbetween(['propagate', project], (err, interrupt) => {
      if (err.includes('learning 3 objects') && !err.includes('Stopping')) interrupt()
    })
    expect(stopped.code, stopped.err).toBe(130)
    expect(stopped.err).toContain('what was finished is kept')
    const resumed = await inbetween(['propagate', project, '--resume', '--json'])
    expect(resumed.code).toBe(0)
    expect(JSON.parse(resumed.out)).toMatchObject({ state: 'done', propagatedMaskCount: 63 })
    const again = await inbetween(['propagate', project, '--stale'])
    expect(again.out).toBe('Nothing is stale: every propagated mask fits its keyframes.\n')

    const info = JSON.parse((await inbetween(['info', project, '--json'])).out)
    expect(info.media[0].objects).toHaveLength(3)
    for (const object of info.media[0].objects)
      expect(object).toMatchObject({ keyframeCount: 3, propagatedCount: 21, staleCount: 0 })

    const suggested = await inbetween(['suggest', project])
    expect(suggested.code).toBe(0)
    expect(suggested.out).toMatch(/, frame \d+\. Frames \d+–\d+ are the least certain|not worth it/)
    expect(JSON.parse((await inbetween(['suggest', project, '--json'])).out).suggestion).toMatchObject({
      worth: expect.any(Boolean),
      gain: expect.any(Number),
    })
    expect(info.media[0].nextKeyframe).toMatch(/Next keyframe: .+, frame \d+|not worth it/)

    const exported = await inbetween(['export', project, at('davis'), '--format', 'davis'])
    expect(exported.code).toBe(0)
    expect(exported.out).toContain(at('davis'))
    expect(readdirSync(at('davis')).sort()).toEqual([
      'Annotations',
      'ImageSets',
      'JPEGImages',
      'inbetween-export.json',
    ])
    expect(await inbetween(['verify', at('davis')])).toMatchObject({ code: 0 })
    const scored = await inbetween([
      '--json',
      'evaluate',
      at('davis/Annotations/Full-Resolution'),
      at('truth'),
    ])
    expect(scored.code).toBe(0)
    expect(JSON.stringify(JSON.parse(scored.out))).toMatch(/"j/i)
    expect((await inbetween(['evaluate', at('davis/Annotations/Full-Resolution'), at('truth')])).out).toMatch(
      /J/,
    )
  })

  it('refuses to write over what is there, and plans without writing', async () => {
    const refused = await inbetween(['export', at('street'), at('davis'), '--format', 'davis'])
    expect(refused).toMatchObject({ code: 1, out: '' })
    expect(refused.err).toContain(`${at('davis')} exists already`)
    const plan = await inbetween(['export', at('street'), at('coco'), '--format', 'coco', '--plan', '--json'])
    expect(JSON.parse(plan.out).fileCount).toBeGreaterThan(24)
    expect(readdirSync(folder)).not.toContain('coco')
  })

  it('says a broken rule and ends with 1', async () => {
    rmSync(at('davis/Annotations/Full-Resolution/short-test/00003.png'))
    const verified = await inbetween(['verify', at('davis')])
    expect(verified.code).toBe(1)
    expect(verified.out).toContain('00003')
  })

  it('answers wrong use with a sentence and the right code', async () => {
    expect((await inbetween(['bogus'])).code).toBe(2)
    expect((await inbetween(['export', at('street')])).code).toBe(2)
    for (const [args, sentence] of [
      [['info', at('nowhere')], 'nowhere'],
      [['import', at('street'), at('missing.mp4')], 'missing.mp4 does not exist'],
      [['propagate', at('street'), '--direction', 'sideways'], 'forward, backward or both'],
      [['propagate', at('street'), '--object', 'unicorn'], 'has no object named unicorn'],
      [['propagate', at('street'), '--range', '9-3'], 'names no frames'],
      [['export', at('street'), at('x'), '--format', 'pascal'], 'is no format'],
    ] as const) {
      const ran = await inbetween(args)
      expect(ran.code, args.join(' ')).toBe(1)
      expect(ran.err).toContain(sentence)
      expect(ran.err).not.toMatch(/\n\s+at /)
    }
  })

  it('lists every command in its help', async () => {
    const { code, out } = await inbetween(['--help'])
    expect(code).toBe(0)
    for (const name of [
      'new',
      'sample',
      'import',
      'import-annotations',
      'propagate',
      'review',
      'suggest',
      'export',
      'verify',
      'evaluate',
      'serve',
      'demo',
      'info',
    ])
      expect(out).toMatch(new RegExp(`^ {2}${name} `, 'm'))
    expect(out).toContain('Examples:')
  })
})
