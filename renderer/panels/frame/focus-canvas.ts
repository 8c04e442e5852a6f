/** Gives the focus to the picture, where keys mean tools and playback; nothing happens while there is no picture. */
export function focusCanvas(): void {
  document.querySelector<HTMLElement>('.canvas-surface')?.focus({ preventScroll: true })
}
