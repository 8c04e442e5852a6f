import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createHost } from '../main/host/host.ts'
import type { DesktopShell } from './desktop-shell.ts'
import { expect, test } from './fixtures.ts'

/** What a script could try if one that is not ours ever ran in the page. */
test.describe('the page', () => {
  test('is sandboxed and isolated, and sees the bridge alone', async ({ app, shell }) => {
    const desktop = shell as DesktopShell
    const seen = await app.page.evaluate(() => {
      const page = globalThis as unknown as Record<string, unknown>
      return {
        node: ['process', 'require', 'module', 'Buffer', 'global'].filter((name) => name in page),
        bridge: Object.keys((page.inbetween ?? {}) as object).sort(),
        shell: Object.keys(((page.inbetween as { shell?: object })?.shell ?? {}) as object).sort(),
      }
    })
    expect(seen).toEqual({
      node: [],
      bridge: ['connect', 'shell'],
      shell: ['pathOf', 'pick', 'setTitle', 'showInFolder'],
    })
    const preferences = await desktop.application.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows()
      // Not in the typings, but what Electron itself goes by.
      const contents = window?.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }
      const { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag } =
        contents.getLastWebPreferences()
      return { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag: webviewTag ?? false }
    })
    expect(preferences).toEqual({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
    })
  })

  test('comes by a scheme of ours with a policy that lets nothing else run or load', async ({ app }) => {
    app.forgive(/Content Security Policy|Content-Security-Policy|ERR_BLOCKED_BY_CLIENT|Refused to|net::ERR/)
    expect(app.page.url()).toBe('app://inbetween/')
    const answer = await app.page.evaluate(async () => {
      const policy = (await fetch('app://inbetween/')).headers.get('content-security-policy') ?? ''
      const attempt = async (work: () => unknown) => {
        try {
          await work()
          return 'worked'
        } catch {
          return 'refused'
        }
      }
      const script = document.createElement('script')
      script.textContent = 'document.title = "inline ran"'
      document.head.append(script)
      const remote = document.createElement('script')
      const loaded = new Promise((resolve, reject) =>
        Object.assign(remote, { onload: resolve, onerror: reject }),
      )
      remote.src = 'https://example.com/x.js'
      document.head.append(remote)
      return {
        policy,
        eval: await attempt(() => new Function('return 1')()),
        network: await attempt(() => fetch('https://example.com/')),
        loopback: await attempt(() => fetch('http://127.0.0.1:1/')),
        file: await attempt(() => fetch('file:///etc/passwd')),
        remoteScript: await attempt(() => loaded),
        inline: document.title === 'inline ran' ? 'worked' : 'refused',
      }
    })
    expect(answer.policy).toContain("default-src 'none'")
    expect(answer.policy).not.toMatch(/unsafe-inline|unsafe-eval'(?!;)|https?:|\*/)
    expect({ ...answer, policy: '' }).toEqual({
      policy: '',
      eval: 'refused',
      network: 'refused',
      loopback: 'refused',
      file: 'refused',
      remoteScript: 'refused',
      inline: 'refused',
    })
    await expect(app.page.locator('meta[http-equiv="Content-Security-Policy"]')).toHaveCount(1)
  })

  test('cannot go elsewhere, open a window, hold a webview or another site', async ({ app, shell }) => {
    app.forgive(/./)
    const desktop = shell as DesktopShell
    await expect(app.page.getByRole('heading', { name: 'Inbetween' })).toBeVisible()
    // From the main process, because Playwright waits for navigations that were begun and then refused.
    const attempt = async () => {
      const wait = () => new Promise((resolve) => setTimeout(resolve, 200))
      const opened = window.open('https://example.com/') !== null
      const places: string[] = []
      for (const url of [
        'https://example.com/',
        'file:///etc/passwd',
        'data:text/html,x',
        'app://elsewhere/',
      ]) {
        const link = document.createElement('a')
        link.href = url
        document.body.append(link)
        link.click()
        await wait()
        places.push(window.location.href)
      }
      for (const name of ['iframe', 'webview']) {
        const element = document.createElement(name)
        element.setAttribute('src', 'https://example.com/')
        document.body.append(element)
      }
      await wait()
      return { opened, places, heading: document.querySelector('h1')?.textContent }
    }
    const answer = await desktop.application.evaluate(async ({ webContents }, script) => {
      const [page] = webContents.getAllWebContents()
      const inPage = await page?.executeJavaScript(script)
      return {
        inPage,
        kinds: webContents.getAllWebContents().map((each) => each.getType()),
        // A frame that was blocked shows an error page, which has no origin.
        origins: page?.mainFrame.framesInSubtree.map(({ origin }) => origin),
      }
    }, `(${attempt})()`)
    expect(answer).toEqual({
      inPage: { opened: false, places: Array(4).fill('app://inbetween/'), heading: 'Inbetween' },
      kinds: ['window'],
      origins: ['app://inbetween', 'null'],
    })
  })

  test('gets no permission and no device', async ({ app }) => {
    app.forgive(/./)
    const answers = await app.page.evaluate(async () => {
      const refused = (work: Promise<unknown>) =>
        work.then(
          () => 'granted',
          () => 'refused',
        )
      return {
        camera: await refused(navigator.mediaDevices.getUserMedia({ video: true })),
        screen: await refused(navigator.mediaDevices.getDisplayMedia({ video: true })),
        place: await refused(
          new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(resolve, reject)),
        ),
        notes: await Notification.requestPermission(),
        midi: await refused(navigator.requestMIDIAccess({ sysex: true })),
        clipboard: (await navigator.permissions.query({ name: 'clipboard-read' as PermissionName })).state,
      }
    })
    expect(answers).toEqual({
      camera: 'refused',
      screen: 'refused',
      place: 'refused',
      notes: 'denied',
      midi: 'refused',
      clipboard: 'denied',
    })
  })
})

test('calls to the shell from any other page than the app’s are refused', async ({ app, shell }) => {
  const desktop = shell as DesktopShell
  // A window that is not the app's, with the app's own preload script: the worst case of a page that got in.
  const answer = await desktop.application.evaluate(
    async ({ BrowserWindow }, preload) => {
      const [own] = BrowserWindow.getAllWindows()
      const before = own?.getTitle()
      const stranger = new BrowserWindow({
        show: false,
        webPreferences: { preload, sandbox: true, contextIsolation: true },
      })
      await stranger.loadURL('app://inbetween/nothing-here.html').catch(() => {})
      const reply = await stranger.webContents.executeJavaScript(
        `window.inbetween.shell.setTitle('taken').then(() => 'worked', (error) => error.message)`,
      )
      stranger.destroy()
      return { reply, before, after: own?.getTitle() }
    },
    path.resolve(import.meta.dirname, '..', 'out', 'preload', 'index.cjs'),
  )
  expect(answer.reply).toContain('Only the page of Inbetween')
  expect(answer.after).toBe(answer.before)
  expect(app.page.url()).toBe('app://inbetween/')
})

test('media come by id with ranges, to the app’s own page alone, and never by a path', async ({
  app,
  shell,
}) => {
  app.forgive(/404|416|Failed to load/)
  await app.openSample()
  const secret = path.join(shell.folder, 'secret.txt')
  await writeFile(secret, 'secret')
  expect(existsSync(secret)).toBe(true)
  const own = `media://id/${await sampleMediaId(shell.settingsFolder)}`
  const answers = await app.page.evaluate(
    async ({ secretPath, own }) => {
      const ask = async (url: string, range?: string) => {
        const response = await fetch(url, range ? { headers: { range } } : {}).catch(() => null)
        const body = response ? new Uint8Array(await response.arrayBuffer()) : new Uint8Array()
        return {
          status: response?.status ?? 0,
          byteLength: body.byteLength,
          range: response?.headers.get('content-range'),
        }
      }
      const encoded = encodeURIComponent(secretPath)
      return {
        part: await ask(own, 'bytes=4-13'),
        outside: await ask(own, 'bytes=99999999999-'),
        paths: await Promise.all(
          [
            `media://id/${encoded}`,
            `media://id/..%2f..%2f${encoded}`,
            `media://id${secretPath}`,
            `media://file/${encoded}`,
            'media://id/',
            'media://frame/nothing/0',
          ].map(async (url) => (await ask(url)).status),
        ),
        view: await Promise.all(
          [
            '/../../package.json',
            '/..%2f..%2fpackage.json',
            '/%2e%2e/main/index.js',
            '//etc/passwd',
            `/${encoded}`,
          ].map(async (name) => (await ask(`app://inbetween${name}`)).status),
        ),
      }
    },
    { secretPath: secret, own },
  )
  expect(answers.part).toEqual({
    status: 206,
    byteLength: 10,
    range: expect.stringMatching(/^bytes 4-13\/\d+$/),
  })
  expect(answers.outside.status).toBe(416)
  expect(answers.paths.every((status) => status === 404 || status === 0)).toBe(true)
  expect(answers.view.every((status) => status === 404)).toBe(true)
})

/** Read beside the app that has the project open. */
async function sampleMediaId(settingsFolder: string): Promise<string> {
  const host = await createHost({ mode: 'cli', settingsFolder })
  const [sample] = await host.recentProjects()
  await host.openProject(sample?.folder ?? '', { readOnly: true })
  const snapshot = await host.snapshot()
  await host.close()
  return snapshot?.media[0]?.mediaId ?? ''
}
