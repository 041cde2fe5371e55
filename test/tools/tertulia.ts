// The `tertulia` command line.

import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT } from './root.ts'
import { cleanEnvironment } from './server.ts'

const run = promisify(execFile)

/** Runs a command on the data in a folder. @param typed its stdin */
export async function tertulia(folder: string, words: readonly string[], typed = '') {
  const running = run(process.execPath, [join(ROOT, 'src/cli/main.js'), '--data', folder, ...words], {
    env: cleanEnvironment(),
    encoding: 'utf8',
  })
  running.child.stdin?.end(typed)
  return running.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    error => ({ code: Number(error.code), stdout: String(error.stdout), stderr: String(error.stderr) }),
  )
}
