import { expect, type Page } from '@playwright/test'

/** Descriptions of visible controls that a screen reader could not name. */
function namelessControls(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const controls = document.querySelectorAll<HTMLElement>(
      'button, input, select, textarea, canvas[role], [role="separator"][tabindex], [role="grid"], [role="dialog"]',
    )
    const nameOf = (element: HTMLElement) => {
      const labelledBy = element.getAttribute('aria-labelledby')?.split(' ') ?? []
      const labels = labelledBy.map((id) => document.getElementById(id)?.textContent ?? '').join(' ')
      const own = element.getAttribute('aria-label') ?? ''
      const wrapping = element instanceof HTMLInputElement ? (element.labels?.[0]?.textContent ?? '') : ''
      return `${own}${labels}${wrapping}${element.textContent ?? ''}`.trim()
    }
    return [...controls]
      .filter((element) => element.checkVisibility() && !element.closest('[aria-hidden="true"]'))
      .filter((element) => nameOf(element) === '')
      .map((element) => element.outerHTML.slice(0, 160))
  })
}

/** Everybody can be told what each control of the page is. */
export async function expectNamed(page: Page): Promise<void> {
  expect(await namelessControls(page)).toEqual([])
}
