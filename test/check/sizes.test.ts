import assert from 'node:assert/strict'
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { ROOT } from '../tools/root.ts'

/** Lines of a file that one person reads at one sitting. */
const LONGEST = 350
/** Sentences in two languages, and steps that are only ever added to. */
const TABLES = /^wording\/|\/migrations\.ts$/

test('no source is too long to be read at one sitting', async () => {
  const files = await Array.fromAsync(glob('**/*.{js,ts,tsx,css}', { cwd: join(ROOT, 'src') }))
  assert.ok(files.length > 400)
  const lines = await Promise.all(
    files.map(
      async file => [file, (await readFile(join(ROOT, 'src', file), 'utf8')).split('\n').length - 1] as const,
    ),
  )
  const long = lines.filter(([file, count]) => count > LONGEST && !TABLES.test(file.replaceAll('\\', '/')))
  assert.deepEqual(long, [], 'cut them by subject')
})
