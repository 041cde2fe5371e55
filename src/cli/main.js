// Entry point of `npm start` and `npm run tertulia`. Plain JavaScript: before this file has turned on the compile
// cache, a single line of TypeScript would make Node load its whole TypeScript compiler.

import { enableCompileCache, flushCompileCache } from 'node:module'
import { setFlagsFromString } from 'node:v8'

// Otherwise V8 collects its whole heap twenty times for each gigabyte that goes through sockets (docs/decisions/0025).
setFlagsFromString('--external-memory-accounted-in-global-limit')

const { directory } = enableCompileCache()
if (directory) process.env.NODE_COMPILE_CACHE = directory // threads look for it there
// The server outlives the reader of its output.
process.stdout.on('error', () => {})
process.stderr.on('error', () => {})

const { main } = await import('./start.ts')
await main({ args: process.argv.slice(2), env: process.env })
flushCompileCache()
