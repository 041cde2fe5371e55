// Before the tests: the programs they talk to, and the web app, which hundreds of servers are not to build.

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { install, lacking } from './tools/programs.ts'
import { ROOT } from './tools/root.ts'

/** Programs: none, those of the usual tests, or also those of the long ones. */
export type Parts = 'none' | 'usual' | 'all'

/** @returns whether all is there that must be: with CI=true, everything */
export async function prepare({ parts }: { readonly parts: Parts }): Promise<boolean> {
  const isComplete = parts === 'none' || hasParts({ long: parts === 'all' })
  const { status } = spawnSync(process.execPath, [join(ROOT, 'src/cli/build-web.ts')], { stdio: 'inherit' })
  return isComplete && status === 0
}

function hasParts({ long }: { readonly long: boolean }): boolean {
  const missing = install({ long, say: line => process.stdout.write(`${line}\n`) })
  if (missing.length === 0) return true
  process.stdout.write(
    `Not all tests can run here: this machine lacks something a suite ${lacking(...missing)}\n`,
  )
  return process.env.CI !== 'true'
}
