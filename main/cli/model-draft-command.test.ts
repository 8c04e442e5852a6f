import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { tinySam } from '../../models/test-graphs/tiny-sam.ts'
import { writePack } from '../host/models/test-packs.ts'
import { testFolder } from '../host/test-projects.ts'
import { inbetween } from '../test-command-line.ts'

const place = testFolder()
afterAll(() => place.remove())

it('writes a manifest for exported graphs and says what is left to the person, once', async () => {
  const folder = writePack(join(place.path, 'my-sam'), tinySam())
  rmSync(join(folder, 'manifest.json'))
  const draft = (contract: string) =>
    inbetween(place.path, ['models', 'draft', folder, '--contract', contract])
  expect(await draft('sam3')).toMatchObject({
    code: 1,
    err: expect.stringContaining('“sam3” is no contract. Write one of sam2-image, edgetam-image,'),
  })
  const { code, out, err } = await draft('sam2-image')
  expect(code, err).toBe(0)
  expect(out).toContain(`${join(folder, 'manifest.json')} is a draft of 2 graphs and 2 files.`)
  expect(out).toContain('  encoder: encoder.onnx\n  decoder: decoder.onnx\nLeft to you:\n  licence.spdx: ')
  expect(out).toContain(`docs/model-packs.md explains each field. Then: inbetween models add ${folder}`)
  expect(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))).toMatchObject({ id: 'my-sam' })
  expect((await draft('sam2-image')).err).toContain('is there already, and is not written over')
}, 120_000)
