import assert from 'node:assert/strict'
import { test } from 'node:test'
import { looksOf } from '../../src/cli/looks.ts'
import { checkName, checkPassword, checkText, checkUsername } from '../../src/core/rules.ts'

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
    assert.equal(checkUsername(` ${good} `, looksOf), good.normalize('NFC'))
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
    refuses('bad-username', () => checkUsername(none, looksOf))
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
    ...[
      'admi\u0307n',
      'ADMİN',
      'ADMIΝ',
      'ΝicΚServ',
      'ΝICKSERV',
      'ТODOS',
      'ROOТ',
      'SYSТEM',
      'Ꭺdmin',
      'МODERADOR',
    ],
    ...['saIir', 'saӏir', 'TERTULΙA', 'ЅALIR', 'aII', 'adm\u0131\u0307n'],
  ]) {
    refuses('reserved-username', () => checkUsername(reserved, looksOf))
  }
})

test('the letters that are shown count, too: capitals look like others than their small letters do', () => {
  const mayBeTakenFor = (newcomer: string, there: string) => {
    const [one, other] = [looksOf(newcomer), looksOf(there)]
    return [one.skeleton, one.written].includes(other.skeleton) || one.shown === other.shown
  }
  for (const [a, b] of [
    ['Вeto', 'Beto'],
    ['ΑΝΑ', 'ANA'],
    ['ΑΝΑ', 'Ana'],
    ['ΝΙΝΑ', 'NINA'],
    ['Ιvan', 'Ivan'],
    ['pauI', 'paul'],
    ['danieI', 'Daniel'],
    ['lsla', 'Isla'],
    ['lui\u0307s', 'luis'],
    ['LUİS', 'Luis'],
    ['j\u0307uan', 'juan'],
    ['рӏаn', 'plan'],
  ] as const) {
    assert.ok(mayBeTakenFor(a, b), `${a} ~ ${b}`)
    assert.ok(mayBeTakenFor(b, a), `${b} ~ ${a}`)
  }
  assert.ok(mayBeTakenFor('ΝΙΝΑ', 'nina'))
  for (const [a, b] of [
    ['Ian', 'Lan'],
    ['Eila', 'Ella'],
    ['ALI', 'all'],
    ['Ana', 'Aná'],
    ['ñu', 'nu'],
  ] as const) {
    assert.ok(!mayBeTakenFor(a, b), `${a} ≁ ${b}`)
    assert.ok(!mayBeTakenFor(b, a), `${b} ≁ ${a}`)
  }
  for (const good of ['ALI', 'Ali', 'Ian', 'Lan', 'ΑΝΑ', 'Вова', 'İnci', 'Luis'])
    assert.equal(checkUsername(good, looksOf), good)
})

test('names are compared without case, and by what they look like across scripts', () => {
  const same = (a: string, b: string) => looksOf(a).skeleton === looksOf(b).skeleton
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
