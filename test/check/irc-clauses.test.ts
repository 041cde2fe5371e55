import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { ROOT } from '../tools/root.ts'

/** The folders of tests that may cover a clause. */
const FOLDERS = ['test/irc', 'test/conversations']

interface Row {
  readonly id: string
  readonly held: string
}

const page = await readFile(join(ROOT, 'docs/irc-clauses.md'), 'utf8')
const rows: readonly Row[] = [...page.matchAll(/^\| ([^|]+) \| [^|]+ \| (.*) \|$/gm)]
  .map(([, id = '', held = '']) => ({ id, held }))
  .filter(({ id }) => id !== 'id')

/** Each file's text, and the names of its tests. */
const files = new Map<string, { readonly names: ReadonlySet<string>; readonly text: string }>()
for (const folder of FOLDERS)
  for (const file of await readdir(join(ROOT, folder))) {
    const text = await readFile(join(ROOT, folder, file), 'utf8')
    const calls = text.matchAll(/^(?:test|story)\(\s*(?:'([^'\n]+)'|"([^"\n]+)")/gm)
    files.set(`${folder}/${file}`, {
      text,
      names: new Set([...calls].map(([, one, other]) => one ?? other ?? '')),
    })
  }

/** What is wrong with a row; undefined if it names its tests, or a reason. */
function fault({ id, held }: Row): string | undefined {
  if (held.startsWith('— ')) return reasonFault(held.slice('— '.length))
  return held
    .split('<br>')
    .map(each => testFault(id, each))
    .find(each => each !== undefined)
}

function reasonFault(reason: string): string | undefined {
  const isSentence = reason.split(' ').length >= 3 && /^[A-Z].*\.$/.test(reason)
  return isSentence ? undefined : `this is no reason: ${reason}`
}

function testFault(id: string, held: string): string | undefined {
  const [, file = '', name = ''] =
    /^`(test\/(?:irc|conversations)\/[\w-]+\.test\.ts)`: (.+)$/.exec(held) ?? []
  const known = files.get(file)
  if (!known?.names.has(name)) return `there is no such test: ${held}`
  const names = new RegExp(`\\b${id}\\b`)
  return file.includes('/clauses-') && !names.test(known.text) ? `${file} does not name it` : undefined
}

test('every clause of docs/irc-clauses.md has a test that exists, or a reason', () => {
  assert.ok(rows.length > 500, `${rows.length} rows were understood`)
  const faults = rows.flatMap(row => {
    const found = fault(row)
    return found === undefined ? [] : [`${row.id}: ${found}`]
  })
  assert.deepEqual(faults, [])
})

test('each row of docs/irc-clauses.md has an id of its own', () => {
  const ids = rows.map(({ id }) => id)
  for (const id of ids) assert.match(id, /^[A-Z]{2,7}-\d+$/)
  assert.deepEqual(
    ids.filter((id, i) => ids.indexOf(id) !== i),
    [],
  )
  const lines = page.split('\n').filter(line => line.startsWith('|') && !/^\|(-| id )/.test(line))
  assert.equal(lines.length, rows.length, 'a line of a table was not understood')
})

test('docs/irc-clauses.md lists every clause that a test names, under that test', () => {
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
