/** Names that Windows gives to devices, whatever follows after a point. */
const reserved = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])$/i
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not be there
const odd = /[\u0000-\u001f\u007f<>:"|?*]/

/**
 * Why a path may not stand in a pack, as the end of a sentence; null for one that may. Relative, with `/`, and such that
 * it names the same one file below the pack's folder on every system.
 */
export function packPathProblem(path: string): string | null {
  if (path === '') return 'is empty'
  if (path.length > 240) return 'is longer than 240 characters'
  if (path.includes('\\')) return 'has a backslash, where folders are parted by /'
  if (path.startsWith('/')) return 'is absolute, so not in the pack'
  if (/^[a-z]:/i.test(path)) return 'begins with a drive, so it is not in the pack'
  if (odd.test(path) || !path.isWellFormed()) return 'has a character that not every system allows in a name'
  for (const part of path.split('/')) {
    if (part === '..') return 'leads out of its folder by “..”'
    if (part === '' || part === '.') return 'has an empty part'
    if (/[. ]$/.test(part)) return 'has a part that ends in a point or a space'
    if (isReservedName(part)) return `has the part “${part}”, which is the name of a device on Windows`
  }
  return null
}

export function isReservedName(part: string): boolean {
  return reserved.test(part.split('.')[0]?.trimEnd() ?? '')
}

/** Equal for paths that some system takes for the same file: case, and letters written in two ways. */
export function pathKey(path: string): string {
  return path.normalize('NFC').toLowerCase().normalize('NFC')
}
