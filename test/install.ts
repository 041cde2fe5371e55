// Installs what this folder's package.json names, where it is not what the lock says: those who only run Tertulia need
// none of it. Comes before tests, checks and benchmarks, so it imports nothing that it installs.

import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const LOCK = join(import.meta.dirname, 'package-lock.json')
/** The lock as it was when all of it was there: `npm ci` takes it away first. */
const INSTALLED = join(import.meta.dirname, 'node_modules', '.installed.json')

const isInstalled = existsSync(INSTALLED) && readFileSync(INSTALLED).equals(readFileSync(LOCK))
if (!isInstalled) {
  process.stdout.write('npm ci in test/: what tests and checks need is missing, or older than its lock\n')
  // A shell, for on Windows npm is a script of one.
  const { status } = spawnSync('npm ci', { cwd: import.meta.dirname, stdio: 'inherit', shell: true })
  if (status === 0) copyFileSync(LOCK, INSTALLED)
  else process.exitCode = 1
}
