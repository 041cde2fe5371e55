// Preloaded into a server under test (`--import`, with --expose-gc): on SIGUSR2 it collects its garbage, so that only
// what it holds is counted, and writes the bytes of its heap and its buffers to the file HELD_NOTE, if that is set.

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
