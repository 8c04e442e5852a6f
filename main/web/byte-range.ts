/** First and last byte, both inclusive. */
export interface ByteRange {
  readonly first: number
  readonly last: number
}

/**
 * What a Range header asks of a file (RFC 9110, section 14). 'whole' where there is no range, where it is in a unit or
 * form we do not serve (more than one range): a server may then send everything. 'none' where nothing of it is there.
 */
export function byteRange(
  header: string | null | undefined,
  byteLength: number,
): ByteRange | 'whole' | 'none' {
  const match = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(header ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return 'whole'
  const [, from = '', to = ''] = match
  if (from === '') {
    const count = Number(to)
    if (count === 0 || byteLength === 0) return 'none'
    return { first: Math.max(0, byteLength - count), last: byteLength - 1 }
  }
  const first = Number(from)
  const last = to === '' ? byteLength - 1 : Math.min(Number(to), byteLength - 1)
  if (first >= byteLength) return 'none'
  // An end before the start makes the header invalid, and an invalid header is ignored.
  return last < first ? 'whole' : { first, last }
}
