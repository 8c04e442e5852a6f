import { test } from './fixtures.ts'
import { findProviders } from './networks.ts'

test('the inference process runs on Electron’s own executable, from the built app', async ({ app }) => {
  await findProviders(app)
})
