import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { lacking } from '../tools/parts.ts'
import { ROOT } from '../tools/root.ts'

const CELLS = ['100/1/64', '100@1000']

test('the bench in miniature: nothing is lost, and every column is filled', {
  skip: lacking('cc'),
}, async () => {
  const args = [
    '--rounds',
    '1',
    '--seconds',
    '0.3',
    '--warm-up',
    '0.2',
    '--only',
    'Tertulia,copy',
    '--cells',
    CELLS.join(),
  ]
  const { stdout } = await promisify(execFile)(process.execPath, [join(ROOT, 'bench/run.ts'), ...args], {
    cwd: ROOT,
  })
  for (const cell of CELLS) {
    const [, table = ''] = stdout.split(`\n${cell}\n`)
    const rows = table.split('\n').slice(1, 3)
    assert.deepEqual(
      rows.map(row => row.split(/ {2,}/)[0]),
      ['Tertulia', 'copy (the limit)'],
    )
    for (const row of rows) {
      const numbers = row.split(/ {2,}/).slice(1)
      assert.equal(numbers.length, 10, row)
      assert.ok(
        numbers.every(each => /^[×\d]/.test(each) && !each.includes('NaN')),
        row,
      )
      assert.equal(numbers.at(-1)?.trim(), '0', `something was lost: ${row}`)
      assert.notEqual(numbers[2], '0', `nothing was sent: ${row}`)
    }
  }
})
