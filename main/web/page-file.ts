import { readFile, realpath } from 'node:fs/promises'
import path from 'node:path'

export interface PageFile {
  readonly bytes: Buffer<ArrayBuffer>
  readonly contentType: string
  /** The name holds a hash of the content, so it never changes. */
  readonly immutable: boolean
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.map': 'application/json; charset=utf-8',
}

/**
 * One file of the built view by the path of its URL; `/` is index.html. Null for what is not there, is no file of a
 * kind the view has, or lies outside of the folder by any way: `..`, an encoded slash, a link.
 */
export async function readPageFile(folder: string, urlPath: string): Promise<PageFile | null> {
  const name = decodedPath(urlPath)
  if (name === null) return null
  const contentType = contentTypes[path.extname(name)]
  if (!contentType) return null
  const base = await realpath(folder).catch(() => null)
  if (base === null) return null
  try {
    const file = await realpath(path.join(base, name))
    if (!file.startsWith(base + path.sep)) return null
    const bytes = (await readFile(file)) as Buffer<ArrayBuffer>
    return { bytes, contentType, immutable: name.startsWith('assets/') }
  } catch {
    return null
  }
}

/** `/assets/index.js` -> `assets/index.js`; null when it could mean a place and not a name. */
function decodedPath(urlPath: string): string | null {
  let text: string
  try {
    text = decodeURIComponent(urlPath)
  } catch {
    return null
  }
  if (text === '/') return 'index.html'
  if (!text.startsWith('/') || /[\\\0:]/.test(text)) return null
  const parts = text.slice(1).split('/')
  return parts.some((part) => part === '' || part.startsWith('.')) ? null : parts.join('/')
}
