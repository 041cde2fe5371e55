import assert from 'node:assert/strict'
import { test } from 'node:test'
import { skeletonsOf } from '../../src/cli/confusables.ts'
import { checkMask } from '../../src/core/model/masks.ts'
import {
  checkKey,
  checkName,
  checkPassword,
  checkRoomName,
  checkStatus,
  checkText,
  checkTopic,
  checkUsername,
  foldKey,
  foldRoomName,
  foldUsername,
} from '../../src/core/model/rules.ts'
import { Passwords } from '../../src/core/people/passwords.ts'
import { verifierOf } from '../../src/core/people/scram.ts'
import { parseQuery } from '../../src/core/search/query.ts'
import { plain } from '../../src/doors/line/commands/words.ts'
import { source, sourceFiles } from '../tools/sources.ts'

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
    assert.equal(checkUsername(` ${good} `, skeletonsOf), good.normalize('NFC'))
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
    refuses('bad-username', () => checkUsername(none, skeletonsOf))
  }
  for (const reserved of [
    'MemoServ',
    'НostServ',
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
    ...['ADMlN', 'SlSTEMA', 'NlCKSERV', 'SALlR', 'TERTULlA', 'АDМlN'],
    ...['saIir', 'saӏir', 'TERTULΙA', 'ЅALIR', 'aII', 'adm\u0131\u0307n'],
  ]) {
    refuses('reserved-username', () => checkUsername(reserved, skeletonsOf))
  }
})

test('the letters that are shown count, too: capitals look like others than their small letters do', () => {
  const mayBeTakenFor = (newcomer: string, there: string) => {
    const [one, other] = [skeletonsOf(newcomer), skeletonsOf(there)]
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
    assert.equal(checkUsername(good, skeletonsOf), good)
})

test('names are compared without case, and by what they look like across scripts', () => {
  const same = (a: string, b: string) => skeletonsOf(a).skeleton === skeletonsOf(b).skeleton
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

test('what people send is brought to a normal form only where it is short', async t => {
  const lengths: number[] = []
  const { normalize } = String.prototype
  t.mock.method(String.prototype, 'normalize', function (this: string, form?: string) {
    lengths.push(this.length)
    return normalize.call(this, form)
  })
  const marks = `a${'\u0345'.repeat(8000)}${'\u0334'.repeat(8000)}`
  for (const code of ['bad-username', 'bad-name', 'bad-room-name', 'bad-key'] as const) {
    const check = { 'bad-username': checkUsername, 'bad-name': checkName, 'bad-room-name': checkRoomName }
    refuses(code, () => (code === 'bad-key' ? checkKey(marks) : check[code](marks, skeletonsOf)))
  }
  refuses('bad-mask', () => checkMask(marks))
  refuses('bad-query', () => parseQuery(marks, 'UTC'))
  for (const fold of [foldUsername, foldRoomName, foldKey, plain]) fold(marks)
  for (const check of [checkTopic, checkStatus]) assert.match(check(marks), /^a\p{M}{2}$/u)
  refuses('long-topic', () => checkTopic('a\u0301'.repeat(301)))
  assert.equal(await new Passwords(1).verify(marks, undefined), false)
  await verifierOf(marks)
  assert.ok(Math.max(...lengths) <= 1200, `${Math.max(...lengths)}`)
})

test('the longest names may come in any form', () => {
  const long = '\u1f82'.repeat(32) // of four code points each
  for (const form of ['NFC', 'NFD'] as const) {
    assert.equal(checkUsername(long.normalize(form), skeletonsOf), long)
    assert.equal(checkRoomName(long.normalize(form)), long)
    assert.equal(checkName((long + long).normalize(form)), long + long)
    assert.equal(foldUsername(long.normalize(form)), foldUsername(long))
    assert.equal(checkMask((long + long).normalize(form)), foldUsername(long + long))
    assert.equal(checkTopic('\u1f82'.repeat(300).normalize(form)), '\u1f82'.repeat(300))
  }
})

test('nothing of the server brings to a normal form what may be long', async () => {
  const bounded = [
    'cli/confusables.ts',
    'core/model/rules.ts',
    'core/search/folding.ts',
    'core/text/normal-forms.ts',
    'wire/roster.ts',
  ]
  const found: string[] = []
  for (const file of await sourceFiles())
    if (!file.startsWith('clients/web/') && (await source(file)).includes('.normalize(')) found.push(file)
  assert.deepEqual(found, bounded)
})
