import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { en } from '../../src/wording/en.ts'
import { es } from '../../src/wording/es.ts'
import { ROOT } from '../tools/root.ts'
import { source, sourceFiles } from '../tools/sources.ts'

/** Flags and pragmas, which are neither paths nor names in the code. */
const NO_NAMES = new Set(['--lan', '--lang en', 'synchronous = FULL'])

const fromTheLab = await readFile(join(ROOT, 'docs/from-the-lab.md'), 'utf8')

test('every path and name in docs/architecture.md and docs/from-the-lab.md is there', async () => {
  const architecture = await readFile(join(ROOT, 'docs/architecture.md'), 'utf8')
  const sources = (await Promise.all((await sourceFiles()).map(source))).join('\n')
  for (const page of [architecture, fromTheLab]) {
    const named = new Set([...page.matchAll(/`([^`]+)`/g)].map(match => match[1] ?? ''))
    assert.ok(named.size > 20)
    for (const name of named) {
      if (NO_NAMES.has(name)) continue
      if (name.includes('/')) assert.ok(existsSync(join(ROOT, name)), `no such path: ${name}`)
      else assert.ok(declares(sources, name), `nothing declares ${name}`)
    }
  }
})

test('paths that CONTRIBUTING.md, SECURITY.md and docs/decisions name or link to are there', async () => {
  const decisions = (await readdir(join(ROOT, 'docs/decisions'))).map(name => `docs/decisions/${name}`)
  assert.ok(decisions.length > 20)
  for (const page of ['CONTRIBUTING.md', 'SECURITY.md', 'docs/README.md', ...decisions]) {
    const text = await readFile(join(ROOT, page), 'utf8')
    for (const [, link = ''] of text.matchAll(/\]\(([^)#:]+)\)/g))
      assert.ok(existsSync(join(ROOT, dirname(page), link)), `${page} links to ${link}`)
    for (const [, path = ''] of text.matchAll(/`((?:src|test|bench|docs)\/[^`\s…*]+)`/g))
      assert.ok(existsSync(join(ROOT, path)), `${page} names ${path}`)
  }
})

function declares(sources: string, name: string): boolean {
  assert.match(name, /^\w+$/)
  const declared = new RegExp(
    `\\b(class|interface|type|const|function\\*?) ${name}\\b|^  (async |\\*)?${name}[(:]`,
    'm',
  )
  return declared.test(sources)
}

test('the ten texts stand in docs/from-the-lab.md as they are said', () => {
  const rows = [...fromTheLab.matchAll(/^\| `(\w+)` \| (.+) \| (.+) \|$/gm)]
  assert.equal(rows.length, 10)
  for (const [, key = '', spanish, english] of rows) {
    assert.equal(said(es, key), spanish)
    assert.equal(said(en, key), english)
  }
})

function said(wording: object, key: string): string {
  const text: unknown = Object.entries(wording).find(([name]) => name === key)?.[1]
  const argument = { listening: '127.0.0.1:8000', left: '[username]' }[key] ?? '[Nombre]'
  return String(typeof text === 'function' ? text(argument) : text).replace(/ $/, '&nbsp;')
}
