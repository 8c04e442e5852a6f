/** The smart mask by a network: chosen in the tool's strip, named beside the mask, and left again by one press. */
import path from 'node:path'
import { writePack } from '../main/host/models/test-packs.ts'
import { graphBytes } from '../models/test-graphs/graph-builder.ts'
import { testManifest } from '../models/test-graphs/run-here.ts'
import { sam2ImageGraphs } from '../models/test-graphs/sam2-image-graphs.ts'
import { sam2Preprocessing } from '../models/test-graphs/sam2-video-graphs.ts'
import { sha256 } from '../models/test-pack.ts'
import { expect, test } from './fixtures.ts'
import { sampleSize } from './sample-truth.ts'

/** A stand-in of SAM 2: a click becomes a disc. */
function writeTinySam(folder: string): void {
  const graphs = sam2ImageGraphs()
  const files = new Map(Object.entries(graphBytes(graphs)))
  const manifest = testManifest(graphs, {
    id: 'tiny-sam',
    name: 'Tiny SAM',
    role: 'segment-image',
    contract: 'sam2-image',
    preprocessing: sam2Preprocessing,
    files: [...files].map(([file, bytes]) => ({ path: file, sha256: sha256(bytes), bytes: bytes.length })),
  })
  writePack(folder, { manifest, files })
}

test('a click is answered by the network that was chosen, and by Inbetween’s own after one press', async ({
  app,
}) => {
  await app.openSample()
  await app.chooseTool('Smart mask')
  const strip = app.page.getByRole('toolbar', { name: 'Tool options' })
  await expect(strip).toContainText('Drag a box round the object')
  await expect(strip.getByRole('radiogroup', { name: 'What makes the mask' })).toHaveCount(0)
  writeTinySam(path.join(app.shell.settingsFolder, 'models', 'tiny-sam'))
  await app.page.reload()
  await app.expectProject()
  await app.chooseTool('Smart mask')
  const maker = strip.getByRole('radiogroup', { name: 'What makes the mask' })
  const own = maker.getByRole('radio', { name: 'Inbetween' })
  const network = maker.getByRole('radio', { name: 'Tiny SAM' })
  await expect(own).toBeChecked()
  await network.click()
  await expect(network).toBeChecked()

  await app.newObject()
  const { x, y } = await app.screenPoint({ x: sampleSize.width / 2, y: sampleSize.height / 2 }, sampleSize)
  await app.page.mouse.click(x, y)
  await expect(app.page.getByText(/^Mask from 1 mark by Tiny SAM, \d+ ms/)).toBeVisible()
  await own.click()
  await expect(app.page.getByText(/^Mask from 1 mark, \d+ ms/)).toBeVisible()
  await network.click()
  await expect(app.page.getByText(/^Mask from 1 mark by Tiny SAM, \d+ ms/)).toBeVisible()
  await app.press('Enter')
  await expect.poll(() => app.stateOf('object 1')).toBe('Keyframe')
})
