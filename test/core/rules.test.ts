import assert from 'node:assert/strict'
import { test } from 'node:test'
import { skeleton } from '../../src/cli/skeleton.ts'
import { checkName, checkPassword, checkText, checkUsername, foldUsername } from '../../src/core/rules.ts'

function refuses(code: string, call: () => unknown): void {
  assert.throws(call, { name: 'Refusal', code })
}

test('usernames: 1–32 letters, digits, _ - .', () => {
  for (const good of [
    'a',
    'ana',
    'José',
    'ñandú',
    'juan_1',
    'a.b-c',
    '1',
    'Ωmega',
    'анна',
    '田中',
    'x'.repeat(32),
  ]) {
    assert.equal(checkUsername(` ${good} `, skeleton), good.normalize('NFC'))
  }
  for (const none of [
    '',
    ' ',
    'a b',
    'a:b',
    'a|b',
    'a\u200bb',
    'a\u202eb',
    'ㅤ',
    'a\u0301\u0302\u0303\u0304',
    '👍',
    'a/b',
    'x'.repeat(33),
  ]) {
    refuses('bad-username', () => checkUsername(none, skeleton))
  }
  for (const reserved of [
    'salir',
    'SALIR',
    'todos',
    'ｓalir',
    'sistema',
    'аdmin',
    'NickSеrv',
    'moderаdоr',
    'rооt',
    'sіstema',
  ]) {
    refuses('reserved-username', () => checkUsername(reserved, skeleton))
  }
})

test('names are compared without case, and by what they look like across scripts', () => {
  const same = (a: string, b: string) => skeleton(foldUsername(a)) === skeleton(foldUsername(b))
  for (const [a, b] of [
    ['Ana', 'ana'],
    ['ana', 'аnа'],
    ['ÑANDÚ', 'ñandú'],
    ['paypal', 'раураl'],
    ['ａｎａ', 'ana'],
  ] as const) {
    assert.ok(same(a, b), `${a} ~ ${b}`)
  }
  for (const [a, b] of [
    ['juan1', 'juanl'],
    ['juan0', 'juano'],
    ['rnaria', 'maria'],
    ['jose', 'josé'],
    ['ana', 'ane'],
  ] as const) {
    assert.ok(!same(a, b), `${a} ≠ ${b}`)
  }
})

test('full names: 1–64 printable characters', () => {
  assert.equal(checkName('  Ana María Rojas-Peña '), 'Ana María Rojas-Peña')
  assert.equal(checkName('x'.repeat(64)).length, 64)
  for (const none of [
    '',
    '   ',
    'a\tb',
    'a\x1b[2J',
    'a\u202eb',
    'x'.repeat(65),
    'a\u0301\u0302\u0303\u0304',
  ]) {
    refuses('bad-name', () => checkName(none))
  }
})

test('passwords: counted in code points', () => {
  checkPassword('1', 1)
  checkPassword('ñandú😀😀😀', 8)
  checkPassword('x'.repeat(256), 8)
  refuses('bad-password', () => checkPassword('', 1))
  refuses('bad-password', () => checkPassword('1234567', 8))
  refuses('bad-password', () => checkPassword('x'.repeat(257), 1))
})

test('texts: 1–4,000 code points, well-formed, lines ended by \\n', () => {
  assert.equal(checkText('😀'.repeat(4000)).length, 8000)
  assert.equal(checkText('a\r\nb\rc\nd'), 'a\nb\nc\nd')
  assert.equal(checkText('a\0b\ud800c'), 'a\ufffdb\ufffdc')
  refuses('long-text', () => checkText('x'.repeat(4001)))
  refuses('long-text', () => checkText('😀'.repeat(4001)))
  for (const none of ['', ' ', '\n\t ']) refuses('empty-text', () => checkText(none))
})
