/**
 * How long it takes from starting the app to a usable window on the sample project: its first frame's pixels on screen,
 * its objects listed. After install, build and a first start: the sample is there. A real Electron (the test one, 33, where
 * the declared one cannot be fetched), and beside it the same app served to a browser that already runs.
 */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { openDesktopShell } from '../e2e/desktop-shell.ts'
import { openServedShell } from '../e2e/served-shell.ts'
import { ensureBuilt } from '../main/ensure-built.ts'
import { ensureSample } from '../main/host/sample.ts'
import type { BenchOutcome, BenchRow } from './bench.ts'

const runCount = 5

export async function run(): Promise<BenchOutcome> {
  const folder = await mkdtemp(join(tmpdir(), 'inbetween-start-'))
  const folders = { folder, settingsFolder: join(folder, 'settings') }
  try {
    await ensureBuilt(console.error)
    await ensureSample(join(folders.settingsFolder, 'samples'), {
      now: () => Date.now(),
      newId: (word) => `${word}-${randomUUID()}`,
    })
    const desktop: number[] = []
    const served: number[] = []
    // One run more than counted: the first reads everything from disk.
    for (let run = 0; run <= runCount; run++) {
      const times = [await desktopSeconds(folders), await servedSeconds(folders)] as const
      if (run === 0) continue
      desktop.push(times[0])
      served.push(times[1])
    }
    return {
      input: `the sample project, ${runCount} starts after one not counted`,
      rows: [...rowsOf('desktop', desktop), ...rowsOf('served', served)],
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

type Folders = Parameters<typeof openServedShell>[0]

async function desktopSeconds(folders: Folders): Promise<number> {
  const started = performance.now()
  const shell = await openDesktopShell(folders, ['--sample'])
  try {
    await usable(shell.page)
    return (performance.now() - started) / 1000
  } finally {
    await shell.close()
  }
}

/** The browser's own start is not counted: a person has one open. The server's is. */
async function servedSeconds(folders: Folders): Promise<number> {
  const shell = await openServedShell(folders)
  try {
    const started = performance.now()
    await shell.restart()
    await shell.page.getByRole('button', { name: 'Open the sample', exact: true }).click()
    await usable(shell.page)
    return (performance.now() - started) / 1000
  } finally {
    await shell.close()
  }
}

async function usable(page: Page): Promise<void> {
  await page.locator('[data-shown-frame]').waitFor({ state: 'attached', timeout: 120_000 })
  await page.getByRole('grid', { name: 'Objects' }).getByRole('row').first().waitFor()
}

function rowsOf(name: string, seconds: readonly number[]): BenchRow[] {
  const sorted = [...seconds].sort((a, b) => a - b)
  const at = (share: number) => Math.round(sorted[Math.floor(share * (sorted.length - 1))]! * 100) / 100
  return [
    { case: name, metric: 'start to usable window, median', value: at(0.5), unit: 's' },
    { case: name, metric: 'slowest', value: at(1), unit: 's' },
  ]
}
