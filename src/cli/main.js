// What `npm start` runs. Plain JavaScript: only behind this line is there a compile cache, and to load a single line of
// TypeScript without one, Node loads its whole compiler of TypeScript.

import { enableCompileCache, flushCompileCache } from 'node:module'

const { directory } = enableCompileCache()
if (directory) process.env.NODE_COMPILE_CACHE = directory // threads look for it there
process.stdout.on('error', () => {}) // whoever read the console is gone; the chat goes on

const { main } = await import('./start.ts')
await main({ args: process.argv.slice(2), env: process.env })
flushCompileCache()
