// Loaded into a server under test (`--import`, with --expose-gc): it collects its garbage when it gets SIGUSR2, so
// that what it holds can be told from what it has not yet thrown away. Its heap and its buffers, in bytes, are written
// to the file that HELD_NOTE names, if it does.

import { renameSync, writeFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

if (isMainThread)
  process.on('SIGUSR2', () => {
    globalThis.gc?.()
    const note = process.env.HELD_NOTE
    if (note === undefined) return
    const { heapUsed, external } = process.memoryUsage()
    writeFileSync(`${note}.new`, `${heapUsed + external}`)
    renameSync(`${note}.new`, note)
  })
