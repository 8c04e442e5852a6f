/** The smart mask by a network: chosen in the tool's strip, named beside the mask, and left again by one press. */
import path from 'node:path'
import { writePack } from '../main/host/models/test-packs.ts'
import { tinySam } from '../models/test-graphs/tiny-sam.ts'
import { expect, test } from './fixtures.ts'
import { workStatus } from './networks.ts'
import { sampleSize } from './sample-truth.ts'

test('a click is answered by the network that was chosen, and by Inbetween’s own after one press', async ({
  app,
}) => {
  await app.openSample()
  await app.chooseTool('Smart mask')
  const strip = app.page.getByRole('toolbar', { name: 'Tool options' })
  await expect(strip).toContainText('Drag a box round the object')
  await expect(strip.getByRole('radiogroup', { name: 'What makes the mask' })).toHaveCount(0)
  writePack(path.join(app.shell.settingsFolder, 'models', 'tiny-sam'), tinySam())
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
  // The time of the whole answer, and of what it ran on: heard as it is seen.
  const name = '(CPU|WebGPU|CUDA|DirectML|Core ML).*'
  await expect(workStatus(app.page)).toHaveText(new RegExp(`^${name}[\\d.,]+ ms a mask$`))
  await expect(workStatus(app.page)).toHaveAccessibleName(
    new RegExp(`^Runs on ${name}, [\\d.,]+ ms a mask\\. Networks and providers$`),
  )
  await own.click()
  await expect(app.page.getByText(/^Mask from 1 mark, \d+ ms/)).toBeVisible()
  await network.click()
  await expect(app.page.getByText(/^Mask from 1 mark by Tiny SAM, \d+ ms/)).toBeVisible()
  await app.press('Enter')
  await expect.poll(() => app.stateOf('object 1')).toBe('Keyframe')
})
