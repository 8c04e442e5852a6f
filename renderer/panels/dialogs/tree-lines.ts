export interface TreeLine {
  readonly key: string
  readonly depth: number
  readonly kind: 'folder' | 'file' | 'more'
  readonly text: string
}

const shownPerFolder = 4

/** Paths as an indented tree, folders once, a long folder cut after a few of its files. */
export function treeLines(paths: readonly string[]): TreeLine[] {
  const root: Branch = { folders: new Map(), files: [] }
  for (const path of paths) {
    const parts = path.split('/')
    const name = parts.pop() ?? ''
    let branch = root
    for (const part of parts) {
      let next = branch.folders.get(part)
      if (!next) {
        next = { folders: new Map(), files: [] }
        branch.folders.set(part, next)
      }
      branch = next
    }
    branch.files.push(name)
  }
  return linesOf(root, '', 0)
}

interface Branch {
  readonly folders: Map<string, Branch>
  readonly files: string[]
}

function linesOf(branch: Branch, path: string, depth: number): TreeLine[] {
  const lines: TreeLine[] = []
  for (const [name, inner] of branch.folders) {
    lines.push({ key: `${path}${name}/`, depth, kind: 'folder', text: name })
    lines.push(...linesOf(inner, `${path}${name}/`, depth + 1))
  }
  const shown =
    branch.files.length > shownPerFolder + 1 ? branch.files.slice(0, shownPerFolder) : branch.files
  for (const name of shown) lines.push({ key: path + name, depth, kind: 'file', text: name })
  const rest = branch.files.length - shown.length
  if (rest > 0) lines.push({ key: `${path}…`, depth, kind: 'more', text: `… ${rest} more` })
  return lines
}
