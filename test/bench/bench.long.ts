import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { lacking } from '../tools/programs.ts'
import { ROOT } from '../tools/root.ts'
import { cleanEnvironment } from '../tools/server.ts'

const CELLS = ['100/1/64', '100@1000']
const OPTIONS = {
  rounds: '1',
  seconds: '0.3',
  'warm-up': '0.2',
  only: 'Tertulia,copy',
  cells: CELLS.join(),
  situations: 'logIns',
}

test('the bench in miniature: nothing is lost, and every column is filled', {
  skip: lacking('cc'),
}, async () => {
  const args = Object.entries(OPTIONS).flatMap(([name, value]) => [`--${name}`, value])
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [join(ROOT, 'bench/run.ts'), ...args, '--profile'],
    { cwd: ROOT, env: cleanEnvironment() },
  )
  assert.equal(stderr, '')
  for (const cell of CELLS) {
    const [, section = ''] = stdout.split(`\n${cell}\n`)
    const [, ours, byIrc, copy, ...parts] = section.split('\n\n')[0]?.split('\n') ?? []
    checkRow(ours, { name: 'Tertulia', unknown: 0 })
    checkRow(byIrc, { name: 'Tertulia, IRC', unknown: 2 })
    checkRow(copy, { name: 'copy (the limit)', unknown: 2 })
    assert.ok(parts.length > 4, `a profile of ${cell}: ${parts}`)
  }
  const [, findings = ''] = stdout.split('Tertulia alone')
  const results = findings.trim().split('\n').slice(1)
  assert.equal(results.length, 2)
  for (const result of results) assert.match(result, /\d+\.\d$/, 'all logged in')
})

/** @param unknown columns that only ours has */
function checkRow(row = '', { name, unknown }: { name: string; unknown: number }): void {
  const [server, ...numbers] = row.split(/ {2,}/)
  assert.equal(server, name)
  assert.equal(numbers.length, 12, row)
  assert.ok(
    numbers.every(each => /^[×\d–-]/.test(each) && !each.includes('NaN')),
    row,
  )
  assert.equal(numbers.filter(each => each === '–').length, unknown, row)
  assert.equal(numbers.at(-1)?.trim(), '0', `something was lost: ${row}`)
  assert.notEqual(numbers[2], '0', `nothing was sent: ${row}`)
}
