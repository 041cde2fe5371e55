import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { ROOT } from '../tools/root.ts'

/** What is being built: its clauses may still wait for their tests. Whoever brings it in takes it out of here. */
const PENDING: readonly string[] = [
  'event-playback',
  'guests',
  'lists',
  'metadata',
  'NOTICE',
  'OPER, KILL, WALLOPS',
  'PROXY',
  'ranks',
  'room modes',
  'SCRAM-SHA-256',
  'server password',
  'STATUSMSG',
  'STS',
]

interface Row {
  readonly id: string
  readonly held: string
}

const page = await readFile(join(ROOT, 'docs/irc-clauses.md'), 'utf8')
const rows: readonly Row[] = [...page.matchAll(/^\| ([^|]+) \| [^|]+ \| (.*) \|$/gm)]
  .map(([, id = '', held = '']) => ({ id, held }))
  .filter(({ id }) => id !== 'id')

/** The names of the tests of each file, and what it says. */
const files = new Map<string, { readonly names: ReadonlySet<string>; readonly text: string }>()
for (const file of await readdir(join(ROOT, 'test/irc'))) {
  const text = await readFile(join(ROOT, 'test/irc', file), 'utf8')
  const calls = text.matchAll(/^(?:test|story)\(\s*(?:'([^'\n]+)'|"([^"\n]+)")/gm)
  files.set(`test/irc/${file}`, {
    text,
    names: new Set([...calls].map(([, one, other]) => one ?? other ?? '')),
  })
}

/** What is wrong with a row; undefined where it is held, or has its reason. */
function fault({ id, held }: Row): string | undefined {
  if (held.startsWith('pending: ')) return pendingFault(held.slice('pending: '.length))
  if (held.startsWith('— ')) return reasonFault(held.slice('— '.length))
  return held
    .split('<br>')
    .map(each => testFault(id, each))
    .find(each => each !== undefined)
}

function pendingFault(feature: string): string | undefined {
  return PENDING.includes(feature) ? undefined : `${feature} is there by now: which test holds it?`
}

function reasonFault(reason: string): string | undefined {
  const isSentence = reason.split(' ').length >= 3 && /^[A-Z].*\.$/.test(reason)
  return isSentence ? undefined : `this is no reason: ${reason}`
}

function testFault(id: string, held: string): string | undefined {
  const [, file = '', name = ''] = /^`(test\/irc\/[\w-]+\.test\.ts)`: (.+)$/.exec(held) ?? []
  const known = files.get(file)
  if (!known?.names.has(name)) return `there is no such test: ${held}`
  const names = new RegExp(`\\b${id}\\b`)
  return file.includes('/clauses-') && !names.test(known.text) ? `${file} does not name it` : undefined
}

test('every clause of docs/irc-clauses.md has a test that there is, or a reason', t => {
  const waiting = rows.filter(({ held }) => held.startsWith('pending: ')).map(({ id }) => id)
  t.diagnostic(`${waiting.length} clauses wait for what is being built: ${waiting.join(', ')}`)
  assert.ok(rows.length > 400, `${rows.length} rows were understood`)
  const faults = rows.flatMap(row => {
    const found = fault(row)
    return found === undefined ? [] : [`${row.id}: ${found}`]
  })
  assert.deepEqual(faults, [])
})

test('every id stands once in docs/irc-clauses.md, and each row has one', () => {
  const ids = rows.map(({ id }) => id)
  for (const id of ids) assert.match(id, /^[A-Z]{2,7}-\d+$/)
  assert.deepEqual(
    ids.filter((id, i) => ids.indexOf(id) !== i),
    [],
  )
  const lines = page.split('\n').filter(line => line.startsWith('|') && !/^\|(-| id )/.test(line))
  assert.equal(lines.length, rows.length, 'a line of a table was not understood')
})

test('every clause that a test names stands in docs/irc-clauses.md, under that test', () => {
  const kinds = new Set(rows.map(({ id }) => id.replace(/-\d+$/, '')))
  for (const [file, { text }] of files) {
    if (!file.includes('/clauses-')) continue
    for (const [id, kind = ''] of text.matchAll(/\b([A-Z]{2,7})-\d+\b/g)) {
      if (!kinds.has(kind) || id === 'UTF-8') continue
      const row = rows.find(each => each.id === id) ?? assert.fail(`${file} names ${id}`)
      assert.ok(row.held.includes(`\`${file}\``), `${id} is held by ${file}, which is not said`)
    }
  }
})
