// What `npm start` runs. Plain JavaScript, because there is no compile cache before this file has turned it on: loading
// even one line of TypeScript without it makes Node load its whole TypeScript compiler.

import { enableCompileCache, flushCompileCache } from 'node:module'

const { directory } = enableCompileCache()
if (directory) process.env.NODE_COMPILE_CACHE = directory // threads look for it there
// Whoever read what is said is gone; the chat goes on.
process.stdout.on('error', () => {})
process.stderr.on('error', () => {})

const { main } = await import('./start.ts')
await main({ args: process.argv.slice(2), env: process.env })
flushCompileCache()
