// Before the tests: the programs they talk to, and the web app, which hundreds of servers are not to build.

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { install, lacking } from './tools/parts.ts'
import { ROOT } from './tools/root.ts'

/** @returns whether all is there that must be: with CI=true, everything */
export async function prepare({ parts }: { readonly parts: boolean }): Promise<boolean> {
  const isComplete = !parts || hasParts()
  const { status } = spawnSync(process.execPath, [join(ROOT, 'src/cli/build-web.ts')], { stdio: 'inherit' })
  return isComplete && status === 0
}

function hasParts(): boolean {
  const missing = install(line => process.stdout.write(`${line}\n`))
  if (missing.length === 0) return true
  process.stdout.write(
    `Not all tests can run here: this machine lacks something a suite ${lacking(...missing)}\n`,
  )
  return process.env.CI !== 'true'
}
