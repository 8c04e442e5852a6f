import { test } from './fixtures.ts'
import { mainFlow } from './main-flow.ts'

test('open, draw, propagate, cancel, resume, undo, redo, correct, run again, kill, go on, export, verify', async ({
  app,
}) => {
  test.setTimeout(5 * 60_000)
  // The window starts a new host by itself and comes back with the project.
  await mainFlow(app, () => app.expectProject())
})
