// The command line: what `npm start` runs.

import { enableCompileCache } from 'node:module'

enableCompileCache()
process.stdout.on('error', () => {}) // whoever read the console is gone; the chat goes on

const { main } = await import('./start.ts')
await main({ args: process.argv.slice(2), env: process.env })
