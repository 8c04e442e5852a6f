/** Edit lists that no encoder makes. */

export interface Edit {
  readonly durationMs: number
  /** -1: nothing is shown for that long. */
  readonly startMs: number
}

/** An mp4 whose index stands behind its data, with an `edts` box in its first track, in place of the one it may have. Times are rounded to the file's own units. */
export function insertEditList(mp4: Buffer, edits: readonly Edit[]): Buffer {
  const movieScale = mp4.readUInt32BE(mp4.indexOf('mvhd') + 4 + 4 + 8)
  const mediaScale = mp4.readUInt32BE(mp4.indexOf('mdhd') + 4 + 4 + 8)
  const entries = edits.map(({ durationMs, startMs }) => {
    const entry = Buffer.alloc(12)
    entry.writeUInt32BE(Math.round((durationMs * movieScale) / 1000), 0)
    entry.writeInt32BE(startMs < 0 ? -1 : Math.round((startMs * mediaScale) / 1000), 4)
    entry.writeUInt32BE(0x10000, 8)
    return entry
  })
  const head = Buffer.alloc(8)
  head.writeUInt32BE(edits.length, 4)
  const edts = box('edts', box('elst', Buffer.concat([head, ...entries])))
  return mapBox(mp4, ['moov', 'trak'], (trak) => {
    const kept = childBoxes(trak).filter((child) => boxName(child) !== 'edts')
    const header = kept.findIndex((child) => boxName(child) === 'tkhd')
    return Buffer.concat([...kept.slice(0, header + 1), edts, ...kept.slice(header + 1)])
  })
}

function box(name: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(content.length + 8, 0)
  head.write(name, 4, 'latin1')
  return Buffer.concat([head, content])
}

function boxName(bytes: Buffer): string {
  return bytes.toString('latin1', 4, 8)
}

function childBoxes(content: Buffer): Buffer[] {
  const boxes: Buffer[] = []
  for (let at = 0; at + 8 <= content.length; ) {
    const length = content.readUInt32BE(at) || content.length - at
    boxes.push(content.subarray(at, at + length))
    at += length
  }
  return boxes
}

/** Replaces the content of the first box at a path. */
function mapBox(content: Buffer, path: readonly string[], replace: (content: Buffer) => Buffer): Buffer {
  const [name, ...rest] = path
  if (!name) return replace(content)
  let found = false
  return Buffer.concat(
    childBoxes(content).map((child) => {
      if (found || boxName(child) !== name) return child
      found = true
      return box(name, mapBox(child.subarray(8), rest, replace))
    }),
  )
}
