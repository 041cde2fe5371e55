// Before the tests: installs the programs that they talk to, and builds the web app once for all servers.

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { install, lacking } from './tools/programs.ts'
import { ROOT } from './tools/root.ts'

/** Programs: none, those of the usual tests, or also those of the long ones. */
export type Scope = 'none' | 'usual' | 'all'

/** @returns false if the web app could not be built or, with CI=true, a program is missing */
export async function prepare({ programs }: { readonly programs: Scope }): Promise<boolean> {
  const isComplete = programs === 'none' || hasPrograms({ long: programs === 'all' })
  const { status } = spawnSync(process.execPath, [join(ROOT, 'src/cli/build-web.ts')], { stdio: 'inherit' })
  return isComplete && status === 0
}

function hasPrograms({ long }: { readonly long: boolean }): boolean {
  const missing = install({ long, say: line => process.stdout.write(`${line}\n`) })
  if (missing.length === 0) return true
  process.stdout.write(
    `Not all tests can run here: this machine lacks something a suite ${lacking(...missing)}\n`,
  )
  return process.env.CI !== 'true'
}
