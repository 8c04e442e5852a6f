import { expect, type Locator, type Page } from '@playwright/test'
import type { Shell } from './shell.ts'

export interface ImagePoint {
  readonly x: number
  readonly y: number
}

/** Free room around a fitted picture, CSS pixels. */
const fitMargin = 16

/** The app as a person sees it: what can be read in the window, and what can be done in it. */
export class App {
  readonly shell: Shell
  /** What the page said went wrong: errors on its console and exceptions nobody took. */
  readonly complaints: string[] = []
  readonly #forgiven: RegExp[] = []

  constructor(shell: Shell) {
    this.shell = shell
    this.#listen()
  }

  get page(): Page {
    return this.shell.page
  }

  /** Words in complaints that are part of what the test does, such as a connection that it cut. */
  forgive(words: RegExp): void {
    this.#forgiven.push(words)
  }

  /** What a page says while its host is gone, in the middle of whatever it was reading. */
  forgiveLostHost(): void {
    this.forgive(
      /WebSocket|ERR_CONNECTION|Failed to load|Failed to fetch|Error fetching|disconnected|connection to the program/i,
    )
  }

  /** Settings, sample and project stay; the window or the server is a new one. */
  async restart(): Promise<void> {
    this.forgiveLostHost()
    const before = this.page
    await this.shell.restart()
    if (this.page !== before) this.#listen()
  }

  async openSample(): Promise<void> {
    await this.page.getByRole('button', { name: 'Open the sample', exact: true }).click()
    await this.expectProject()
  }

  /** A project is open and its picture has come. */
  async expectProject(): Promise<void> {
    await expect(this.picture).toBeVisible({ timeout: 120_000 })
    await expect(this.frameField).toBeVisible()
  }

  get picture(): Locator {
    return this.page.getByRole('img', { name: /^Frame \d+ of / })
  }

  get frameField(): Locator {
    return this.page.getByRole('textbox', { name: /^Frame, 0 to / })
  }

  get objects(): Locator {
    return this.page.getByRole('grid', { name: 'Objects' }).getByRole('row')
  }

  object(name: string): Locator {
    return this.page
      .getByRole('grid', { name: 'Objects' })
      .getByRole('row', { name: new RegExp(`^${name},`) })
  }

  /** 'Keyframe', 'Propagated', 'Stale', … as the object list says it of the frame on screen. */
  async stateOf(name: string): Promise<string> {
    const label = (await this.object(name).getAttribute('aria-label')) ?? ''
    return label.split(', ').at(-1) ?? ''
  }

  async frameCount(): Promise<number> {
    const label = (await this.frameField.getAttribute('aria-label')) ?? ''
    return Number(/to (\d+)/.exec(label)?.[1]) + 1
  }

  /** How many frames have a mask of any object, as the status bar says it. */
  async labelledFrameCount(): Promise<number> {
    const text = (await this.page.getByRole('contentinfo').textContent()) ?? ''
    return Number(/([\d,]+) of [\d,]+ frames? labelled/.exec(text)?.[1]?.replaceAll(',', '') ?? Number.NaN)
  }

  async goToFrame(frameIndex: number): Promise<void> {
    await this.frameField.fill(String(frameIndex))
    await this.frameField.press('Enter')
    await expect(this.frameField).toHaveValue(frameIndex.toLocaleString('en-US'))
    await this.picture.focus()
  }

  async newObject(): Promise<void> {
    await this.page.getByRole('button', { name: 'New object' }).first().click()
  }

  async select(name: string): Promise<void> {
    await this.object(name).click()
  }

  async chooseTool(name: string): Promise<void> {
    await this.page
      .getByRole('toolbar', { name: 'Tools' })
      .getByRole('button', { name: new RegExp(`^${name}`) })
      .click()
  }

  /** Clicks a vertex at each point and closes with Enter. `size` is the picture's. */
  async drawPolygon(points: readonly ImagePoint[], size: { width: number; height: number }): Promise<void> {
    await this.chooseTool('Polygon')
    for (const point of points) {
      const at = await this.screenPoint(point, size)
      await this.page.mouse.move(at.x, at.y)
      await this.page.mouse.click(at.x, at.y)
    }
    await this.page.keyboard.press('Enter')
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key)
  }

  /** Runs an action by its name, through the palette. */
  async act(label: string): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+k')
    const palette = this.page.getByRole('dialog')
    await palette
      .getByRole('searchbox')
      .or(palette.getByRole('combobox'))
      .or(palette.getByRole('textbox'))
      .first()
      .fill(label)
    await this.page.keyboard.press('Enter')
    await expect(palette).toBeHidden()
  }

  get runLine(): Locator {
    return this.page.getByRole('button', { name: /^Cancel Propagate/ })
  }

  /** Presses the key for Cancel as soon as the run line counts so many; looked at with every picture, as runs are fast. */
  async cancelRunAfter(doneCount: number): Promise<void> {
    await this.page.waitForFunction(
      (least) => {
        const line = [...document.querySelectorAll('[role="status"]')].find((each) =>
          each.querySelector('[role="progressbar"]'),
        )
        return (
          Number(/([\d,]+) of [\d,]+/.exec(line?.textContent ?? '')?.[1]?.replaceAll(',', '') ?? 0) >= least
        )
      },
      doneCount,
      { polling: 'raf', timeout: 60_000 },
    )
    await this.page.keyboard.press('Shift+Escape')
  }

  /** The first frames of a run are there. */
  async expectRunBegun(): Promise<void> {
    await expect(this.runLine).toBeVisible({ timeout: 60_000 })
  }

  async resumeRun(): Promise<void> {
    await this.page
      .getByRole('region', { name: 'Jobs' })
      .getByRole('button', { name: 'Resume' })
      .last()
      .click()
    await expect(this.runLine.or(this.page.getByText('Nothing was left to do')).first()).toBeVisible()
  }

  /** Exports every frame with masks as DAVIS into a new folder, and closes the report. */
  async exportTo(folder: string, folderName: string): Promise<void> {
    await this.picture.focus()
    await this.page.keyboard.press('ControlOrMeta+e')
    const dialog = this.page.getByRole('dialog', { name: 'Export' })
    await this.shell.willPick(folder)
    await dialog.getByRole('button', { name: 'Choose', exact: true }).click()
    if (this.shell.name === 'served') {
      const browse = this.page.getByRole('dialog', { name: 'Export into' })
      await browse.getByRole('button', { name: 'Use this folder' }).click()
    }
    await dialog.getByRole('textbox', { name: 'New folder' }).fill(folderName)
    await dialog.getByRole('button', { name: 'Export', exact: true }).click()
    const done = this.page.getByRole('dialog').getByRole('button', { name: 'Done' })
    await done.click({ timeout: 120_000 })
  }

  async propagate(direction: 'forward' | 'backward' | 'both'): Promise<void> {
    const keys = { forward: 'Shift+F', backward: 'Shift+B', both: 'Shift+P' }
    await this.picture.focus()
    await this.page.keyboard.press(keys[direction])
  }

  /** The run that goes on ends by itself. */
  async expectRunEnded(timeout = 150_000): Promise<void> {
    await expect(this.runLine).toHaveCount(0, { timeout })
  }

  async undo(): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+z')
  }

  async redo(): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+Shift+z')
  }

  async screenPoint(point: ImagePoint, size: { width: number; height: number }): Promise<ImagePoint> {
    const box = await this.picture.boundingBox()
    if (!box) throw new Error('There is no picture on screen.')
    const zoom = Math.min(
      (box.width - 2 * fitMargin) / size.width,
      (box.height - 2 * fitMargin) / size.height,
    )
    return {
      x: box.x + (box.width - size.width * zoom) / 2 + point.x * zoom,
      y: box.y + (box.height - size.height * zoom) / 2 + point.y * zoom,
    }
  }

  #listen(): void {
    const complain = (text: string) => {
      if (!this.#forgiven.some((words) => words.test(text))) this.complaints.push(text)
    }
    this.page.on('console', (message) => message.type() === 'error' && complain(message.text()))
    this.page.on('pageerror', (error) => complain(String(error)))
  }
}
