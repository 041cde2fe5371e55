// Run before the tests: the programs they talk to, and the web app, which hundreds of servers are not to build.

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { install, lacking } from './tools/parts.ts'
import { ROOT } from './tools/root.ts'

const missing = install(line => process.stdout.write(`${line}\n`))
if (missing.length > 0) {
  process.stdout.write(
    `Not all tests can run here: this machine lacks something a suite ${lacking(...missing)}\n`,
  )
  if (process.env.CI === 'true') process.exitCode = 1
}

const { status } = spawnSync(process.execPath, [join(ROOT, 'src/cli/build-web.ts')], { stdio: 'inherit' })
if (status !== 0) process.exitCode = 1
