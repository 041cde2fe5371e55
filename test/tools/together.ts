// Runs test files in one process, one after the other: each is a suite with the file's name.

import { join } from 'node:path'
import { describe } from 'node:test'
import { pathToFileURL } from 'node:url'
import { ROOT } from './root.ts'

for (const file of process.argv.slice(2))
  describe(file, async () => {
    await import(pathToFileURL(join(ROOT, file)).href)
  })
