// A process that hosts several servers (hosted.ts). Plain JavaScript: it is loaded before there is a compile cache.

import { enableCompileCache, flushCompileCache } from 'node:module'

const { directory } = enableCompileCache()
if (directory) process.env.NODE_COMPILE_CACHE = directory // threads look for it there

const { main } = await import('../../src/cli/start.ts')
/** Server's id → the function that stops it. */
const stops = new Map()
const tell = news => process.connected && process.send(news)

process.on('disconnect', () => process.exit())
process.on('message', async ({ kind, id, args }) => {
  if (kind === 'stop') return stops.get(id)?.()
  const stream = kind => ({ isTTY: false, write: text => void tell({ id, kind, text }) })
  await main(
    { args, env: process.env },
    {
      stdout: stream('stdout'),
      stderr: stream('stderr'),
      exit: code => tell({ id, kind: 'exit', code }),
      onStopSignal: stop => stops.set(id, stop),
    },
  )
  flushCompileCache()
})
