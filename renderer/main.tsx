/** Connects the window to the program, makes the editor, and shows it. */
import { createRoot } from 'react-dom/client'
import { Editor } from './editor/editor.ts'
import { connectHost } from './host.ts'
import { App, ConnectionFailure } from './panels/app.tsx'
import './styles/index.css'

// React Aria adds one style element of its own unless this id is taken; the page's policy would refuse it, so its one
// rule stands in base.css.
const pressableStyle = document.createElement('meta')
pressableStyle.id = 'react-aria-pressable-style'
document.head.append(pressableStyle)

const root = createRoot(document.getElementById('root') as HTMLElement)

async function start(): Promise<void> {
  const { host, shell } = await connectHost()
  const editor = new Editor(host, {
    shell,
    platform: /Mac/.test(navigator.userAgent) ? 'mac' : 'other',
    reconnect: async () => (await connectHost()).host,
    nextTick: (callback) => {
      const frame = requestAnimationFrame(callback)
      return () => cancelAnimationFrame(frame)
    },
  })
  root.render(<App editor={editor} />)
  await editor.open()
}

start().catch((error: unknown) => {
  root.render(<ConnectionFailure sentence={error instanceof Error ? error.message : String(error)} />)
})
