// `npm start`: see start.ts.
import { runOnNode24 } from './run-on-node-24.mjs'

await runOnNode24(new URL('./start.ts', import.meta.url).href)
