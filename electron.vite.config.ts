import path from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import type { Plugin } from 'vite'
import { contentPolicy } from './main/web/content-policy.ts'

const root = import.meta.dirname
const outMain = path.join(root, 'out', 'main')

/** Builds the desktop app's main process, its host process and the preload script for Electron, and the view for both shells. */
export default defineConfig({
  main: {
    plugins: [sourceUrls()],
    build: {
      outDir: outMain,
      rolldownOptions: {
        input: { index: 'main/index.ts' },
        // All in one folder, so that what sourceUrls() writes is right in every file.
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: 'preload/index.ts' },
        // A sandboxed preload script cannot be a module.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [react(), policyInPage()],
    worker: { format: 'es' },
    build: {
      outDir: path.join(root, 'out', 'renderer'),
      target: 'chrome130',
      // A font or a picture as a data: URL would need an exception in the policy.
      assetsInlineLimit: 0,
      rolldownOptions: { input: path.join(root, 'renderer', 'index.html') },
    },
  },
})

/**
 * The program finds its own parts by `import.meta.url`: native addons, other processes' entries, folders. Bundled, that
 * would be the bundle's address; so each module keeps the address of its source, and a `new URL('./x.ts', …)` becomes
 * the address of x.ts built beside it.
 */
function sourceUrls(): Plugin {
  const entryUrl = /new URL\(\s*(['"])(\.{1,2}\/[^'"]+\.ts)\1\s*,\s*import\.meta\.url\s*,?\s*\)/g
  const emitted = new Set<string>()
  return {
    name: 'source-urls',
    enforce: 'pre',
    buildStart: () => emitted.clear(),
    transform(code, id) {
      if (!id.startsWith(root) || id.includes('node_modules') || !code.includes('import.meta.')) return null
      const place = path.relative(outMain, id).split(path.sep).join('/')
      const source = `new URL(${JSON.stringify(place)}, import.meta.url)`
      const changed = code
        .replace(entryUrl, (_match, _quote, specifier: string) => {
          const entry = path.resolve(path.dirname(id), specifier)
          const fileName = `${path.basename(entry, '.ts')}.js`
          if (!emitted.has(entry)) this.emitFile({ type: 'chunk', id: entry, fileName })
          emitted.add(entry)
          return `new URL("./${fileName}", import.meta.url)`
        })
        .replace(/import\.meta\.(filename|dirname)\b/g, (_match, name: string) => {
          const address = name === 'dirname' ? `new URL('.', ${source})` : source
          return `process.getBuiltinModule('node:url').fileURLToPath(${address})`
        })
        .replace(/(?<!", )import\.meta\.url\b/g, `${source}.href`)
      return { code: changed, map: null }
    },
  }
}

/** The policy once more in the page itself, so that it holds however the page is served. */
function policyInPage(): Plugin {
  return {
    name: 'policy-in-page',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: {
          'http-equiv': 'Content-Security-Policy',
          content: contentPolicy({ mediaOrigin: 'media:', inMeta: true }),
        },
        injectTo: 'head-prepend',
      },
    ],
  }
}
