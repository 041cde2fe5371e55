// The OpenAPI document against a linter that knows the specification.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { openServer } from '../tools/hosted.ts'
import { ROOT } from '../tools/root.ts'
import { cleanEnvironment, temporaryFolder } from '../tools/server.ts'

test('the OpenAPI document passes a linter', async () => {
  await using server = await openServer()
  const folder = await temporaryFolder()
  const path = join(folder, 'openapi.json')
  const document = await (await fetch(`${server.web.origin}/api/v1/openapi.json`)).text()
  await writeFile(path, document)
  const linter = join(ROOT, 'test/node_modules/@redocly/cli/bin/cli.js')
  const env = { ...cleanEnvironment(), REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }
  const args = [linter, 'lint', path, '--format', 'json']
  const { stdout } = await promisify(execFile)(process.execPath, args, { env, cwd: folder })
  const { totals, problems } = JSON.parse(stdout)
  assert.deepEqual([totals.errors, totals.warnings], [0, 0], JSON.stringify(problems, undefined, 1))
  await rm(folder, { recursive: true })
})
