/** How long the page takes to show what a mark gives. */
import type { Page } from '@playwright/test'

/** In the page: notes when the button came up, and when what the status bar tells of `count` marks has been painted. */
export async function watchPreviews(page: Page): Promise<void> {
  await page.evaluate(() => {
    const seen = { up: 0, previews: {} as Record<string, number> }
    Object.assign(window, { seen })
    addEventListener('pointerup', (event) => (seen.up = event.timeStamp), true)
    new MutationObserver(() => {
      const said = document.querySelector('.said')?.textContent ?? ''
      const marks = /^Mask from (box|\d+)/.exec(said)?.[1]
      if (!marks || seen.previews[marks]) return
      const since = seen.up
      seen.previews[marks] = -1
      // The mask is drawn with the next picture; a message comes after that one.
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = () => (seen.previews[marks] = performance.now() - since)
        port2.postMessage(null)
      })
    }).observe(document.body, { subtree: true, childList: true, characterData: true })
  })
}

/** Milliseconds until the preview of so many marks (0: of the box alone) that `act` asks for has been painted. */
export async function previewAfter(page: Page, marks: number, act: () => Promise<void>): Promise<number> {
  const key = marks === 0 ? 'box' : String(marks)
  type Watched = Window & { seen?: { previews: Record<string, number> } }
  await page.evaluate((of) => delete (window as Watched).seen?.previews[of], key)
  await act()
  const answer = await page.waitForFunction((of) => {
    const ms = (window as Watched).seen?.previews[of] ?? 0
    return ms > 0 ? ms : null
  }, key)
  return (await answer.jsonValue()) as number
}
