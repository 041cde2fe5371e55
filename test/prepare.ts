// Run before the tests: the programs they talk to.

import { install, lacking } from './tools/parts.ts'

const missing = install(line => process.stdout.write(`${line}\n`))
if (missing.length > 0) {
  process.stdout.write(
    `Not all tests can run here: this machine lacks something a suite ${lacking(...missing)}\n`,
  )
  if (process.env.CI === 'true') process.exitCode = 1
}
