// Loaded into a server under test (`--import`, with --expose-gc): it collects its garbage when it gets SIGUSR2, so
// that what it holds can be told from what it has not yet thrown away.

import { isMainThread } from 'node:worker_threads'

if (isMainThread) process.on('SIGUSR2', () => globalThis.gc?.())
