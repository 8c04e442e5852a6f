import { defineConfig } from '@playwright/test'

/** Two shells, one app: `served` runs it in a Chromium, `desktop` in a real Electron (needs a display). */
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/e2e',
  fullyParallel: false,
  // Each worker has an app, a host and a browser of its own; two cores carry one of those well.
  workers: 1,
  forbidOnly: true,
  // A test that passes only the second time stops nobody's work, but the last lines of the run name it.
  retries: process.env.CI ? 1 : 0,
  timeout: 180_000,
  expect: { timeout: 20_000 },
  reporter: process.env.CI
    ? [['list'], ['json', { outputFile: `test-results/${process.env.E2E_REPORT ?? 'e2e'}.json` }]]
    : [['list']],
  globalSetup: './e2e/build-first.ts',
  use: { actionTimeout: 30_000, trace: 'off', screenshot: 'only-on-failure' },
  projects: [
    { name: 'served', testMatch: /.*\.served\.spec\.ts$/ },
    { name: 'desktop', testMatch: /.*\.desktop\.spec\.ts$/ },
  ],
})
