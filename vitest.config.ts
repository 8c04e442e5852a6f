import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** Tests stand beside the code they test and run in Node; what needs a browser is under e2e and runs in Playwright. */
export default defineConfig({
  test: {
    environment: 'node',
    include: ['{main,native,renderer,models,bench,preload,e2e}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', 'out/**'],
    // Forks, not threads: a native addon that crashes then fails its own file and no other.
    pool: 'forks',
    maxWorkers: Math.max(1, Math.min(4, availableParallelism())),
    // A busy machine takes many times as long; what never ends still does.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // A test left focused must never make the rest of the suite silent.
    allowOnly: false,
    passWithNoTests: false,
    reporters: process.env.CI ? ['default', ['json', { outputFile: 'test-results/unit.json' }]] : ['default'],
  },
})
