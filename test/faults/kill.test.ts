import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { test } from 'node:test'
import { type Edit, quickHashes } from '../tools/edits.ts'
import { temporaryFolder } from '../tools/server.ts'
import { kill, killAtAnyMoment } from './killing.ts'

test('SIGKILL at any moment: whatever anybody saw is on disk, once, in order', t => killAtAnyMoment(t, 5))

const deliversBeforeCommit: Edit[] = [
  {
    file: 'store/sqlite/writer.ts',
    from: '      // point: before-commit\n',
    to: "      globalThis.early = calls.some(call => call.method === 'append')\n      if (globalThis.early) this.#port.report({ kind: 'round', outcomes })\n      if (globalThis.early) globalThis.reached?.('told-early')\n",
  },
  {
    file: 'store/sqlite/worker.ts',
    from: "        report({ kind: 'round', outcomes })",
    to: "        if (!globalThis.early) report({ kind: 'round', outcomes })",
  },
]

test('a build that delivers before the commit does not pass', async t => {
  const edits = [...quickHashes, ...deliversBeforeCommit]
  const data = await temporaryFolder()
  t.after(() => rm(data, { recursive: true, force: true }))
  const at = { point: 'told-early', from: 20 }
  const cycle = { edits, data, name: 'k0', at, delivers: true }
  await assert.rejects(kill(cycle), /seen but not on disk/)
})
