import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ObjectRecord } from '../core/records.ts'
import { inbetween as runInbetween } from '../test-command-line.ts'
import { type MadeMask, propagatedProject } from './test-propagated-project.ts'

const folder = mkdtempSync(join(tmpdir(), 'inbetween-proposals-'))
let path = ''
let object: ObjectRecord

const inbetween = (command: string, ...args: readonly string[]) =>
  runInbetween(folder, [command, path, ...args])
const proposals = (...args: readonly string[]) => inbetween('proposals', ...args)

/** An object with a key mask on frame 0, hidden on 1 and 2, proposed from 3 to 5 and from 8 to 9. */
beforeAll(async () => {
  const masks = [1, 2, 3, 4, 5, 8, 9].map(
    (frameIndex): MadeMask => ({
      frameIndex,
      confidence: 0.84,
      ...(frameIndex < 3 ? { empty: true } : { state: 'proposed' }),
    }),
  )
  const made = await propagatedProject(folder, masks)
  path = made.path
  object = made.object
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

it('says after a run what waits for an answer', async () => {
  const ran = await inbetween('propagate', '--object', object.name, '--range', '11-12', '--frame', '11')
  expect(ran).toMatchObject({ code: 0 })
  expect(ran.out).toContain('2 proposals wait for you')
  expect(ran.out).toContain('List what was found again with "inbetween proposals"')
  const info = JSON.parse((await inbetween('info', '--json')).out)
  const summary = info.media[0].objects.find(({ name }: { name: string }) => name === object.name)
  expect(summary).toMatchObject({ proposedCount: 5, propagatedCount: 4 })
}, 60_000)

it('lists what was found again, and takes a person’s answers', async () => {
  const { name } = object
  const all = await proposals()
  expect(all.code).toBe(0)
  expect(all.out).toMatch(new RegExp(`${name} +3 +3 to 5 +84%`))
  expect(all.out).toContain(`2 proposals: answer with --accept or --reject, as in ${name}@3.`)

  expect(await proposals('--accept', `${name}@6`)).toMatchObject({
    code: 1,
    err: `${name} has no proposal on frame 6. "inbetween proposals PROJECT" lists what there is.\n`,
  })
  expect((await proposals('--accept', 'nobody@3')).err).toContain('has no object named nobody')
  expect((await proposals('--accept', name)).err).toContain('names no proposal')

  const accepted = await proposals('--accept', `${name}@3`, '--json')
  expect(JSON.parse(accepted.out)).toMatchObject({
    proposals: [{ objectName: name, firstFrame: 8, lastFrame: 9, foundFrame: 8 }],
  })
  expect((await proposals('--reject', `${name}@9`)).out).toBe('Nothing is proposed.\n')
}, 60_000)
