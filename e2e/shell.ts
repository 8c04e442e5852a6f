import type { Page } from '@playwright/test'

/** One of the two ways a person gets the app: a window of Electron, or a page in a browser. */
export interface Shell {
  readonly name: 'served' | 'desktop'
  readonly page: Page
  /** Where settings and the sample are, of this test alone. */
  readonly settingsFolder: string
  /** A folder that files can be picked from. */
  readonly folder: string
  /** kill -9 of the process that has the project. */
  killHost(): Promise<void>
  /** What a person does after that, or after closing everything: starts the app again. */
  restart(): Promise<void>
  /** What the open dialog of the system will answer, which no test can click in. A browser has none. */
  willPick(...paths: readonly string[]): Promise<void>
  close(): Promise<void>
}
