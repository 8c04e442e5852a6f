import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Rectangle } from 'electron'

export interface WindowState {
  /** Null: centred, on the main screen. */
  readonly bounds: Rectangle | null
  readonly maximized: boolean
}

const fresh: WindowState = { bounds: null, maximized: false }

/** Where the window stood when it was last closed; as new where that is unknown or no longer on any screen. */
export function readWindowState(file: string, screens: readonly Rectangle[]): WindowState {
  try {
    const { bounds, maximized } = JSON.parse(readFileSync(file, 'utf8')) as Partial<WindowState>
    const kept =
      bounds && isRectangle(bounds) && screens.some((screen) => shows(screen, bounds)) ? bounds : null
    return { bounds: kept, maximized: maximized === true }
  } catch {
    return fresh
  }
}

export function writeWindowState(file: string, state: WindowState): void {
  try {
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(`${file}.new`, JSON.stringify(state))
    renameSync(`${file}.new`, file)
  } catch {
    // A full disk must not keep a window from closing; the next one stands where new ones do.
  }
}

function isRectangle(value: Rectangle): boolean {
  return (
    [value.x, value.y, value.width, value.height].every(Number.isInteger) &&
    value.width > 0 &&
    value.height > 0
  )
}

/** Whether enough of its title bar is on the screen to take hold of. */
function shows(screen: Rectangle, bounds: Rectangle): boolean {
  const across = Math.min(bounds.x + bounds.width, screen.x + screen.width) - Math.max(bounds.x, screen.x)
  return across >= 100 && bounds.y >= screen.y && bounds.y < screen.y + screen.height - 40
}
