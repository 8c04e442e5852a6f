import { expect, test } from './fixtures.ts'
import type { ServedShell } from './served-shell.ts'

test('the page keeps its token out of the address and out of reach of scripts', async ({ app }) => {
  await expect(app.page.getByRole('heading', { name: 'Inbetween' })).toBeVisible()
  expect(app.page.url()).not.toContain('token')
  expect(await app.page.evaluate(() => document.cookie)).toBe('')
  const cookies = await app.page.context().cookies()
  expect(cookies).toMatchObject([{ httpOnly: true, sameSite: 'Strict', path: '/' }])
})

test('a browser that was not given the token gets a sentence and nothing else', async ({ app, shell }) => {
  const browser = app.page.context().browser()
  const stranger = await browser?.newContext()
  const page = await stranger?.newPage()
  if (!page) throw new Error('There is no browser.')
  const { origin } = new URL((shell as ServedShell).url)
  for (const place of ['/', '/media/x', '/?token=guessed']) {
    const answer = await page.goto(origin + place)
    expect(answer?.status(), place).toBe(401)
    await expect(page.getByText('Copy the whole address from the terminal')).toBeVisible()
  }
  await stranger?.close()
})

test('a page of another origin on the same computer reaches nothing, cookie or not', async ({
  app,
  shell,
}) => {
  app.forgive(/./)
  const { port } = new URL((shell as ServedShell).url)
  // Same browser, so the cookie is there; localhost is another origin than 127.0.0.1.
  const page = await app.page.context().newPage()
  await page.route('http://localhost:9998/', (route) =>
    route.fulfill({ contentType: 'text/html', body: 'elsewhere' }),
  )
  await page.goto('http://localhost:9998/')
  const answers = await page.evaluate(async (port) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/host`)
    const connected = new Promise((resolve) => {
      socket.onopen = () => resolve('opened')
      socket.onerror = () => resolve('refused')
    })
    const read = fetch(`http://127.0.0.1:${port}/`, { credentials: 'include' }).then(
      () => 'read',
      () => 'refused',
    )
    return { socket: await connected, read: await read }
  }, port)
  expect(answers).toEqual({ socket: 'refused', read: 'refused' })
})

test('the policy lets no foreign script, inline script or eval run, and nothing load from elsewhere', async ({
  app,
}) => {
  app.forgive(/Content Security Policy|Refused to|violates/)
  await expect(app.page.getByRole('heading', { name: 'Inbetween' })).toBeVisible()
  const answers = await app.page.evaluate(async () => {
    const refused = async (work: () => unknown) => {
      try {
        await work()
        return false
      } catch {
        return true
      }
    }
    const script = document.createElement('script')
    script.textContent = 'document.title = "inline ran"'
    document.head.append(script)
    return {
      inline: document.title !== 'inline ran',
      // Later, because what a debugger evaluates is let through.
      eval: await new Promise((resolve) =>
        setTimeout(() => resolve(refused(() => new Function('return 1')())), 50),
      ),
      network: await refused(() => fetch('https://example.com/')),
      otherPort: await refused(() => fetch('http://127.0.0.1:1/')),
    }
  })
  expect(answers).toEqual({ inline: true, eval: true, network: true, otherPort: true })
})
