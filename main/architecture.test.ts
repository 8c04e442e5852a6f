/**
 * Who may import whom, as one table. Everyone may import main/core, which imports nothing; the view and the program
 * meet only there; only the shell knows Electron. The files are parsed, not searched, so that no comment and no line
 * break hides an import.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'vite'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

interface Zone {
  readonly name: string
  /** Which files it holds: folders end with a slash, others are whole names. */
  readonly holds: readonly string[]
  /** Zones whose files it may import, beside its own. */
  readonly imports: readonly string[]
  /** Packages it may import: a test on the specifier. */
  readonly packages: (specifier: string) => boolean
}

const isElectron = (name: string) => name === 'electron' || name.startsWith('electron/')
const isReact = (name: string) =>
  /^(react|react-dom|react-aria-components|lucide-react|@tanstack\/react-)/.test(name)
const inNode = (name: string) => !isElectron(name) && !isReact(name)
const inPage = (name: string) => !isElectron(name) && !isBuiltin(name)
const inPlainPage = (name: string) => inPage(name) && !isReact(name)

/** The first zone that holds a file is the file's zone. */
const zones: readonly Zone[] = [
  { name: 'core', holds: ['main/core/'], imports: [], packages: () => false },
  { name: 'host', holds: ['main/host/'], imports: ['core', 'native', 'models'], packages: inNode },
  { name: 'native', holds: ['native/'], imports: ['core'], packages: inNode },
  // Makes the networks that ship; no part of the program.
  {
    name: 'training',
    holds: ['models/training/'],
    imports: ['core', 'host', 'native', 'models', 'bench'],
    packages: inNode,
  },
  { name: 'models', holds: ['models/'], imports: ['core', 'native'], packages: inNode },
  // What every entry of the program starts from, Electron's too.
  { name: 'start', holds: ['main/settings-folder.ts'], imports: [], packages: isBuiltin },
  { name: 'web', holds: ['main/web/'], imports: ['core'], packages: inNode },
  { name: 'preload', holds: ['preload/'], imports: ['core'], packages: isElectron },
  {
    name: 'shell',
    holds: ['main/electron/', 'main/index.ts'],
    imports: ['core', 'host', 'web', 'start'],
    packages: (name) => !isReact(name),
  },
  {
    name: 'entries',
    holds: ['main/'],
    imports: ['core', 'host', 'native', 'models', 'web', 'start'],
    packages: inNode,
  },
  { name: 'editor', holds: ['renderer/editor/'], imports: ['core'], packages: inPlainPage },
  { name: 'draw', holds: ['renderer/draw/'], imports: ['core', 'editor'], packages: inPlainPage },
  { name: 'panels', holds: ['renderer/panels/'], imports: ['core', 'editor', 'draw'], packages: inPage },
  { name: 'view', holds: ['renderer/'], imports: ['core', 'editor', 'draw', 'panels'], packages: inPage },
  {
    name: 'bench',
    holds: ['bench/'],
    imports: ['core', 'host', 'native', 'models', 'training', 'entries', 'start', 'e2e'],
    packages: inNode,
  },
  { name: 'ci', holds: ['.ci/'], imports: [], packages: isBuiltin },
  {
    name: 'e2e',
    holds: ['e2e/'],
    imports: ['core', 'host', 'models', 'web', 'entries', 'editor', 'draw', 'panels'],
    packages: () => true,
  },
]

/** Files that are their own reason to be longer than the rule: none. */
const maxLines = 400
const longFiles: Readonly<Record<string, string>> = {}

const vagueNames = new Set([
  'utils',
  'util',
  'helpers',
  'helper',
  'common',
  'types',
  'manager',
  'service',
  'misc',
  'shared',
])

interface SourceFile {
  readonly file: string
  readonly text: string
  readonly zone: Zone | undefined
  readonly isTest: boolean
  /** Specifiers of every import, export from, import(), import type and `new URL('./x.ts', import.meta.url)`. */
  readonly specifiers: readonly string[]
  /** Names of members used, such as the `only` of `test.only`. */
  readonly members: ReadonlySet<string>
}

const importing = new Set([
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'ImportExpression',
  'TSImportType',
])

const files = listSources()
const sources = files.map((file) => parseSource(file, readText(file) ?? ''))
const product = sources.filter((source) => !source.isTest)

describe('the layout', () => {
  test('finds the files it speaks of', () => {
    expect(sources.length).toBeGreaterThan(40)
    for (const zone of ['core', 'host', 'native', 'editor', 'draw', 'panels', 'shell'])
      expect(
        product.filter((source) => source.zone?.name === zone).length,
        `files in ${zone}`,
      ).toBeGreaterThan(0)
    // The parser sees imports at all: the contract imports the records.
    expect(sources.find((source) => source.file === 'main/core/api.ts')?.specifiers).toContain('./records.ts')
  })

  test('has no source folder but the ones agreed', () => {
    const outside = sources.filter((source) => !source.zone && source.file.includes('/'))
    expect(outside.map((source) => source.file)).toEqual([])
  })

  test('every import is allowed by the table', () => {
    expect(product.flatMap(forbiddenImports)).toEqual([])
  })

  test('tests reach no further than what they test, but for packages', () => {
    expect(sources.filter((source) => source.isTest).flatMap(forbiddenPaths)).toEqual([])
  })

  test('main/core imports nothing outside main/core', () => {
    const core = product.filter((source) => source.file.startsWith('main/core/'))
    const outside = core.flatMap((source) =>
      source.specifiers
        .filter((specifier) => !targetOf(source.file, specifier)?.startsWith('main/core/'))
        .map((specifier) => `${source.file} -> ${specifier}`),
    )
    expect(outside).toEqual([])
  })

  test('every relative import names a file that is there, with its extension', () => {
    const known = new Set(files)
    const broken = sources.flatMap((source) =>
      source.specifiers
        .map((specifier) => ({ specifier, target: targetOf(source.file, specifier) }))
        .filter(({ target }) => target && /\.(ts|tsx|mjs)$/.test(target) && !known.has(target))
        .map(({ specifier }) => `${source.file} -> ${specifier}`),
    )
    expect(broken).toEqual([])
  })
})

describe('the table itself', () => {
  test.each([
    ['renderer/draw/layer.ts', `import { createHost } from '../../main/host/host.ts'`],
    ['renderer/editor/editor.ts', `import type { Layer } from '../draw/layer.ts'`],
    ['renderer/draw/layer.ts', `export { x } from '../panels/window.tsx'`],
    ['renderer/draw/layer.ts', `import { useState } from 'react'`],
    ['main/host/host.ts', `const draw = await import('../../renderer/draw/layer.ts')`],
    ['main/host/host.ts', `import {\n  app } from 'electron'`],
    ['main/serve.ts', `import { BrowserWindow } from 'electron'`],
    ['main/core/store.ts', `import { readFileSync } from 'node:fs'`],
    ['main/core/store.ts', `type Host = import('../host/host.ts').Host`],
    ['native/index.ts', `import { createHost } from '../main/host/host.ts'`],
  ])('refuses %s: %s', (file, text) => {
    expect(forbiddenImports(parseSource(file, text))).toHaveLength(1)
  })

  test.each([
    ['main/electron/window.ts', `import { BrowserWindow } from 'electron'`],
    ['renderer/panels/window.tsx', `import { editor } from '../editor/editor.ts'`],
    ['main/host/host.ts', `// import { app } from 'electron'\nimport { open } from '../../native/index.ts'`],
  ])('allows %s: %s', (file, text) => {
    expect(forbiddenImports(parseSource(file, text))).toEqual([])
  })
})

describe('the files', () => {
  test(`have at most ${maxLines} lines`, () => {
    const long = sources
      .map(({ file, text }) => ({ file, lineCount: text.split('\n').length - 1 }))
      .filter(({ file, lineCount }) => lineCount > maxLines && !(file in longFiles))
      .map(({ file, lineCount }) => `${file}: ${lineCount} lines`)
    expect(long).toEqual([])
  })

  test('are named for the one thing they hold, in kebab-case', () => {
    const bad = files.filter((file) => {
      const name = path.posix.basename(file).split('.')[0] ?? ''
      const words = [...file.split('/').slice(0, -1), name]
      return !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || words.some((word) => vagueNames.has(word))
    })
    expect(bad).toEqual([])
  })

  test('leave no test focused', () => {
    const focused = sources.filter(({ isTest, members }) => isTest && members.has('only'))
    expect(focused.map(({ file }) => file)).toEqual([])
  })
})

function listSources(): string[] {
  // Untracked files count too: a rule that holds only after a commit is found out too late.
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
  })
  const names = listed.toString('utf8').split('\0')
  return [...new Set(names)]
    .filter((name) => /\.(ts|tsx|mjs)$/.test(name) && !name.endsWith('.d.ts'))
    .filter((name) => readText(name) !== null)
    .sort()
}

function readText(file: string): string | null {
  try {
    return readFileSync(path.join(root, file), 'utf8')
  } catch {
    // Listed by git and deleted in the working tree.
    return null
  }
}

function parseSource(file: string, text: string): SourceFile {
  const parsed = parseSync(file, text)
  if (parsed.errors.length > 0) throw new Error(`${file}: ${parsed.errors[0]?.message}`)
  const specifiers = new Set<string>()
  const members = new Set<string>()
  visit(parsed.program, (node) => {
    const specifier = specifierOf(node)
    if (specifier !== null) specifiers.add(specifier)
    if (node.type === 'MemberExpression' && isNode(node.property)) members.add(String(node.property.name))
  })
  const isTest = /\.(test|spec)\.tsx?$/.test(file) || file.startsWith('e2e/')
  return { file, text, zone: zoneOf(file), isTest, specifiers: [...specifiers], members }
}

type Node = Readonly<Record<string, unknown>>

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null
}

function visit(node: unknown, see: (node: Node) => void): void {
  if (!isNode(node)) return
  if (!Array.isArray(node)) see(node)
  for (const inner of Object.values(node)) visit(inner, see)
}

function specifierOf(node: Node): string | null {
  if (importing.has(String(node.type))) return literalOf(node.source) ?? literalOf(node.argument)
  if (node.type === 'NewExpression' && isNode(node.callee) && node.callee.name === 'URL') {
    const [first, second] = node.arguments as unknown[]
    const name = literalOf(first)
    return second && name !== null && /\.(ts|tsx|mjs)$/.test(name) ? name : null
  }
  return null
}

function literalOf(node: unknown): string | null {
  return isNode(node) && typeof node.value === 'string' ? node.value : null
}

/** The file inside the repository that a relative specifier names; null for a package. */
function targetOf(file: string, specifier: string): string | null {
  if (!specifier.startsWith('.')) return null
  return path.posix.join(path.posix.dirname(file), specifier.replace(/\?.*$/, ''))
}

function zoneOf(file: string): Zone | undefined {
  return zones.find(({ holds }) =>
    holds.some((place) => file === place || (place.endsWith('/') && file.startsWith(place))),
  )
}

function forbiddenImports(source: SourceFile): string[] {
  const packages = source.specifiers
    .filter(
      (specifier) => targetOf(source.file, specifier) === null && source.zone?.packages(specifier) === false,
    )
    .map((specifier) => `${source.file} -> ${specifier}`)
  return [...packages, ...forbiddenPaths(source)]
}

function forbiddenPaths(source: SourceFile): string[] {
  const { zone } = source
  if (!zone) return []
  return source.specifiers
    .filter((specifier) => {
      const target = targetOf(source.file, specifier)
      const other = target === null ? undefined : zoneOf(target)
      return (
        other !== undefined && other !== zone && !zone.imports.includes(other.name) && other.name !== 'core'
      )
    })
    .map((specifier) => `${source.file} -> ${specifier}`)
}
