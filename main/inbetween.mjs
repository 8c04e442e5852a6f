#!/usr/bin/env node
// `inbetween` on the command line: see cli.ts.
import { runOnNode24 } from './run-on-node-24.mjs'

await runOnNode24(new URL('./cli.ts', import.meta.url).href)
