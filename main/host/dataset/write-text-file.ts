import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Writes text that comes in pieces, gathered to about 1 MB a write, making folders on the way. */
export async function writeTextFile(path: string, pieces: Iterable<string>): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const handle = await open(path, 'w')
  try {
    let waiting = ''
    for (const piece of pieces) {
      waiting += piece
      if (waiting.length < 1 << 20) continue
      await handle.write(waiting)
      waiting = ''
    }
    if (waiting) await handle.write(waiting)
  } finally {
    await handle.close()
  }
}
