import { test } from './fixtures.ts'
import { mainFlow } from './main-flow.ts'

test('open, draw, propagate, cancel, resume, undo, redo, correct, run again, kill, go on, export, verify', async ({
  app,
}) => {
  test.setTimeout(5 * 60_000)
  await mainFlow(app, async () => {
    // The server is the host: a person starts it again and opens the project.
    await app.restart()
    await app.openSample()
  })
})
