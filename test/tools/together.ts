// Test files in one process, one behind the other: each is a suite that is called as it is.

import { join } from 'node:path'
import { describe } from 'node:test'
import { pathToFileURL } from 'node:url'
import { ROOT } from './root.ts'

for (const file of process.argv.slice(2))
  describe(file, async () => {
    await import(pathToFileURL(join(ROOT, file)).href)
  })
