// Adds up the reports of vitest and of both Playwright projects, and fails when anything failed, a report is missing, or
// nothing ran.
import { existsSync, readFileSync } from 'node:fs'

const total = { passed: 0, failed: 0, skipped: 0 }
const missing = []

function report(name) {
  const file = new URL(`../test-results/${name}.json`, import.meta.url)
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'))
  missing.push(name)
  return null
}

function add(name, passed, failed, skipped) {
  console.log(`${name}: ${passed} passed, ${failed} failed, ${skipped} skipped`)
  total.passed += passed
  total.failed += failed
  total.skipped += skipped
}

function flakyTitles(suites = []) {
  return suites.flatMap(({ specs = [], suites: inner }) => [
    ...specs
      .filter(({ tests }) => tests.some(({ status }) => status === 'flaky'))
      .map(({ file, title }) => `${file}: ${title}`),
    ...flakyTitles(inner),
  ])
}

const unit = report('unit')
if (unit) {
  // A file that could not be loaded counts as one failure: it has no tests to count.
  const brokenFiles = unit.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  )
  add(
    'unit',
    unit.numPassedTests,
    unit.numFailedTests + brokenFiles.length,
    unit.numPendingTests + unit.numTodoTests,
  )
}
for (const name of ['served', 'desktop']) {
  const ended = report(name)
  if (!ended) continue
  const { expected, flaky, unexpected, skipped } = ended.stats
  add(name, expected + flaky, unexpected + ended.errors.length, skipped)
  for (const title of flakyTitles(ended.suites)) console.log(`  passed only the second time: ${title}`)
}
for (const name of missing) console.log(`${name}: left no report, so it did not run to its end`)
const failed = total.failed + missing.length
console.log(`${total.passed} passed, ${failed} failed, ${total.skipped} skipped`)
if (failed > 0 || total.passed === 0) process.exitCode = 1
