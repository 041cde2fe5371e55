// Formulas, spoilers and tasks of the web app's Markdown.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isModest, MOST_FORMULAS } from '../../src/clients/web/markup/formulas.ts'
import { parse } from '../../src/clients/web/markup/parse.ts'
import { ticked } from '../../src/clients/web/markup/tasks.ts'
import type { Inline } from '../../src/clients/web/markup/tree.ts'
import { excerpt } from '../../src/clients/web/model/excerpt.ts'

function inlines(text: string): readonly Inline[] {
  return parse(text).blocks.flatMap(block => (block.kind === 'paragraph' ? block.inside : []))
}

function formulas(text: string): readonly string[] {
  return inlines(text).flatMap(each => (each.kind === 'formula' ? [each.text] : []))
}

test('dollars make formulas; prices and shell variables stay text', () => {
  for (const text of [
    ...[
      'cuesta $5 y $10',
      '$5, no 5$ ni 10$',
      'echo $HOME:$PATH',
      'cd $HOME/$USER',
      'US$5 o MX$90',
      '$ ls $',
    ],
    ...['`$x$`', '\\$x$', '$x\ny$', '$$', '$$ $$', 'entre $20 y 30$ cada uno', '$1$2'],
  ])
    assert.deepEqual(formulas(text), [], text)
  assert.deepEqual(formulas('sea $x^2$, y $\\frac{a}{b} + 1$.'), ['$x^2$', '$\\frac{a}{b} + 1$'])
  assert.deepEqual(formulas('$$\n- a\n+ b_1 * c_2 *\n$$'), ['$$\n- a\n+ b_1 * c_2 *\n$$'])
  assert.deepEqual(
    inlines('$*a*$ *b*').map(({ kind }) => kind),
    ['formula', 'text', 'emphasis'],
  )
})

test('hostile formulas are not parsed, and many are bounded', () => {
  for (const source of [
    ...['\\def\\a{\\a\\a}\\a', '\\newcommand{\\x}{y}', '\\href{javascript:1}{a}', '\\htmlStyle{a}{b}'],
    ...['{'.repeat(40) + '}'.repeat(40), '\\frac'.repeat(401), 'x'.repeat(100_000)],
  ])
    assert.equal(isModest(source), false, source.slice(0, 30))
  const begin = performance.now()
  assert.equal(formulas('$x$ '.repeat(25_000)).length, MOST_FORMULAS)
  parse(`$$${'{\\frac'.repeat(17_000)}`)
  parse('||a'.repeat(30_000))
  assert.ok(performance.now() - begin < 5_000)
})

test('a spoiler hides its text in excerpts; code and operators are none', () => {
  assert.equal(excerpt({ text: 'muere ||el **perro**|| al final', format: 'markdown' }), 'muere ▒▒▒ al final')
  for (const text of ['if (a||b||c)', 'a || b || c', '||||', '`||x||`', '|| x||'])
    assert.equal(excerpt({ text, format: 'markdown' }), text.replaceAll('`', ''), text)
})

test('tasks know the line that they are written in, and are ticked there', () => {
  const text =
    'para hoy\n\n- [ ] leer\n- [x] *entregar*\n  1. [ ] dentro\n- [y] nada\n\n```\n- [ ] código\n```'
  const [, list] = parse(text).blocks
  assert.ok(list?.kind === 'list')
  assert.deepEqual(
    list.items.map(({ task }) => task),
    [{ isDone: false, line: 2 }, { isDone: true, line: 3 }, undefined],
  )
  assert.match(ticked(text, 2) ?? '', /^- \[x\] leer$/m)
  assert.match(ticked(text, 3) ?? '', /^- \[ \] \*entregar\*$/m)
  assert.match(ticked(text, 4) ?? '', /^ {2}1\. \[x\] dentro$/m)
  assert.equal(ticked(text, 0), undefined)
  assert.equal(ticked('> - [ ] citado', 0), '> - [x] citado')
})
