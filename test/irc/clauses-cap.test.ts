// Clauses of capability negotiation, SASL and account registration (docs/irc-clauses.md).

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CAPS } from '../../src/doors/irc/wire/caps.ts'
import { bare, Irc, plain } from '../tools/irc-client.ts'
import { PASSWORD } from '../tools/line-client.ts'
import { HOST, quickServer, source } from './quick-server.ts'

/** The lists in a reply to CAP LS or LIST, and whether all lines but the last have the *. */
function listed(lines: readonly string[], subcommand: 'LS' | 'LIST'): readonly string[] {
  for (const [i, line] of lines.entries()) {
    const begins = i < lines.length - 1 ? `${subcommand} \\* :` : `${subcommand} :`
    assert.match(line, new RegExp(`^:${HOST} CAP \\S+ ${begins}`), 'CAP-12')
  }
  return lines.flatMap(line => line.slice(line.indexOf(' :') + 2).split(' '))
}

test('CAP: listed by version, asked for as a whole, taken back, and never in the way of what follows', async t => {
  const server = await quickServer(t)
  using client = await Irc.connect(server.port)
  const plainNames = listed(await client.ask('CAP LS'), 'LS')
  assert.ok(!plainNames.some(name => name.includes('=')), 'CAP-7: no values for who does not know 302')
  assert.ok((await client.ask('CAP LS')).length === 1, 'CAP-7: nor several lines')
  const valued = listed(await client.ask('CAP LS 307'), 'LS')
  assert.ok(
    valued.some(name => /^sasl=[A-Z0-9-]+(,[A-Z0-9-]+)*$/.test(name)),
    'CAP-8, SASL-11, SASL-12: a version is a number, what is known below it holds',
  )
  assert.deepEqual(
    valued.map(name => name.split('=', 1)[0]).toSorted(),
    [...CAPS].toSorted(),
    'CAP-20, SASL-13, STS-1: no policy where none is set',
  )
  for (const name of valued) assert.match(name, /^[a-z0-9][a-z0-9./-]*(=|$)/, 'CAP-21, CAP-22')
  assert.deepEqual(listed(await client.ask('CAP LS'), 'LS').toSorted(), plainNames.toSorted(), 'CAP-9')
  assert.deepEqual(listed(await client.ask('CAP LIST'), 'LIST'), ['cap-notify'], 'CAP-9, CAP-17, CAP-11')
  assert.match((await client.ask('CAP REQ :-cap-notify')).join(), / CAP \* NAK :?-cap-notify/, 'CAP-18')
  assert.match((await client.ask('CAP REQ cap-notify')).join(), / CAP \* ACK :?cap-notify/, 'CAP-19')
  assert.match((await client.ask('CAP FOO')).join(), / 410 \* FOO :/, 'CAP-3, CAP-4')
  assert.match((await client.ask('CAP REQ :batch nada')).join(), / CAP \* NAK :batch nada/, 'CAP-14')
  assert.deepEqual(
    listed(await client.ask('CAP LIST'), 'LIST'),
    ['cap-notify'],
    'CAP-15: nothing has changed',
  )
  assert.match((await client.ask('CAP REQ :Batch')).join(), / NAK /, 'CAP-21: names are what they are')
  assert.match((await client.ask('CAP REQ :batch batch')).join(), / ACK /, 'CAP-13')
  assert.match((await client.ask('CAP REQ :batch -setname')).join(), / ACK /, 'CAP-13')
  const many = 'batch '.repeat(80).trim()
  for (const [asked, subcommand] of [
    [many, 'ACK'],
    [`${many} nada`, 'NAK'],
  ] as const) {
    const answers = await client.ask(`CAP REQ :${asked}`)
    const words = answers.map(line => line.split(new RegExp(` CAP \\* ${subcommand} :?`))[1])
    assert.equal(words.join(' '), asked, 'CAP-13, CAP-14: all that was asked for, in more than one line')
  }
  await client.ask('CAP REQ :setname -setname')
  assert.deepEqual(
    listed(await client.ask('CAP LIST'), 'LIST'),
    ['batch', 'cap-notify'],
    'CAP-2: from left to right',
  )
  client.send('NICK ana', 'USER a 0 * :Ana')
  assert.deepEqual(await client.ask(), [], 'CAP-1, CAP-6, REG-8: until END nobody is registered')
  client.send('CAP END')
  await client.expect(/ 376 ana /)
  assert.match((await client.ask('CAP LS 302'))[0] ?? '', / CAP ana LS /, 'CAP-4, CAP-5: also later')
  assert.deepEqual(await client.ask('CAP END'), [], 'CAP-16')
  assert.match((await client.ask('CAP REQ :-batch')).join(), / CAP ana ACK :?-batch/, 'CAP-5')
  using hasty = await Irc.connect(server.port)
  hasty.send('CAP REQ :batch', 'NICK beto', 'USER b 0 * :Beto')
  await hasty.expect(/ CAP \* ACK :?batch$/)
  assert.deepEqual(await hasty.ask(), [], 'CAP-6: REQ alone holds it up, too')
  hasty.send('CAP REQ :-cap-notify')
  await hasty.expect(/ CAP beto ACK :?-cap-notify$/) // CAP-23
  hasty.send('CAP REQ :-batch', 'CAP LIST')
  await hasty.expect(`:${HOST} CAP beto LIST :`) // CAP-10
})

test('CAP: lists too long for one line come in several, from version 302 on only', async t => {
  const server = await quickServer(t, {
    edits: [{ file: 'doors/irc/commands/registration.ts', set: { LONGEST_LIST: 100 } }],
  })
  using old = await Irc.connect(server.port)
  assert.equal((await old.ask('CAP LS')).length, 1, 'CAP-7')
  await old.ask(`CAP REQ :${CAPS.join(' ')}`)
  assert.equal((await old.ask('CAP LIST')).length, 1, 'CAP-7')
  const many = await old.ask('CAP LS 302')
  assert.ok(many.length > 3, 'CAP-12')
  assert.deepEqual(
    listed(many, 'LS').map(name => name.split('=', 1)[0]),
    CAPS,
    'CAP-12, CAP-20',
  )
  const mine = await old.ask('CAP LIST')
  assert.ok(mine.length > 3, 'CAP-9, CAP-12: the higher version is kept')
  assert.deepEqual(listed(mine, 'LIST'), CAPS, 'CAP-11, CAP-12')
  assert.equal((await old.ask('CAP LS')).length, 1, 'CAP-9: by the rules of the version that it names')
})

test('SASL: its messages, in the order in which they may come, and what each failure is', async t => {
  const server = await quickServer(t)
  using _ = await Irc.register(server.port, 'ana', { caps: '' })
  using client = await Irc.connect(server.port)
  client.send('CAP LS 302', 'NICK ana', 'USER a 0 * :A')
  await client.expect(/ CAP \S+ LS :/)
  assert.match(
    (await client.ask('AUTHENTICATE PLAIN')).join(),
    / 904 ana :/,
    'SASL-1: without the capability',
  )
  await client.ask('CAP REQ sasl')
  const unknown = await client.ask('AUTHENTICATE NADA')
  assert.match(unknown.join('\n'), / 908 ana [A-Z0-9,-]+ :[^\n]*\n.* 904 ana :/, 'SASL-2, SASL-3')
  assert.deepEqual(await client.ask('AUTHENTICATE PLAIN'), ['AUTHENTICATE +'], 'SASL-4')
  assert.match((await client.ask('AUTHENTICATE *')).join(), / 906 ana :/, 'SASL-6')
  await client.ask('AUTHENTICATE PLAIN')
  assert.match((await client.ask(`AUTHENTICATE ${'A'.repeat(401)}`)).join(), / 905 ana :/, 'SASL-7')
  await client.ask('AUTHENTICATE PLAIN')
  assert.match(
    (await client.ask(`AUTHENTICATE ${plain('ana', 'no')}`)).join(),
    / 904 ana :/,
    'SASL-7, SASL-14',
  )
  assert.deepEqual(await client.ask('AUTHENTICATE PLAIN'), ['AUTHENTICATE +'], 'SASL-7: one may try again')
  assert.deepEqual(
    await client.ask(`AUTHENTICATE ${'A'.repeat(400)}`),
    [],
    'SASL-5: 400 bytes, there is more',
  )
  assert.match((await client.ask('AUTHENTICATE +')).join(), / 904 /, 'SASL-5: + ends it')
  await client.ask('AUTHENTICATE PLAIN')
  const done = await client.ask(`AUTHENTICATE ${plain('ana', PASSWORD)}`)
  assert.match(done.join('\n'), / 900 ana ana!ana@\S+ ana :[^\n]*\n.* 903 ana :/, 'SASL-8')
  assert.match((await client.ask('AUTHENTICATE PLAIN')).join(), / 907 ana :/, 'SASL-9, SASL-15')
  using hasty = await Irc.connect(server.port)
  hasty.send('CAP REQ sasl', 'NICK otra', 'USER o 0 * :O', 'AUTHENTICATE PLAIN', 'CAP END')
  await hasty.expect(/ 906 otra :/) // SASL-10
  await hasty.expect(/ 001 otra :/)
  hasty.send('CAP REQ :cap-notify sasl account-notify', 'AUTHENTICATE PLAIN')
  hasty.send(`AUTHENTICATE ${plain('ana', PASSWORD)}`)
  await hasty.expect(/ 900 otra otra!otra@\S+ ana :/) // SASL-15: also later
  await hasty.expect(`:otra!otra@${HOST} ACCOUNT ana`) // ANOT-2
  await hasty.expect(/ 903 otra :/)
})

test('REGISTER and VERIFY answer with what their specification names', async t => {
  const server = await quickServer(t)
  using _ = await Irc.register(server.port, 'ana', { caps: '' })
  using client = await Irc.connect(server.port)
  const [value = ''] = listed(await client.ask('CAP LS 302'), 'LS').flatMap(
    name => /^draft\/account-registration=(.*)$/.exec(name)?.[1] ?? [],
  )
  const keys = value.split(',')
  assert.equal(new Set(keys).size, keys.length, 'AREG-2')
  assert.ok(keys.includes('before-connect') && keys.includes('custom-account-name'), 'AREG-3')
  client.send('CAP REQ draft/account-registration')
  const asked = async (line: string) => (await client.ask(line)).map(bare).join('\n')
  assert.match(
    await asked(`REGISTER ana * ${PASSWORD}`),
    / FAIL REGISTER NEED_NICK \* :/,
    'AREG-3, AREG-4, AREG-7',
  )
  client.send('NICK beto', 'USER b 0 * :Beto')
  assert.match(await asked(`REGISTER ana * ${PASSWORD}`), / FAIL REGISTER ACCOUNT_EXISTS ana :/, 'AREG-4')
  assert.match(await asked(`REGISTER a*b * ${PASSWORD}`), / FAIL REGISTER BAD_ACCOUNT_NAME a\*b :/, 'AREG-6')
  assert.match(await asked('REGISTER * * :'), / FAIL REGISTER WEAK_PASSWORD beto :/, 'AREG-8')
  const long = 'x'.repeat(257)
  assert.match(await asked(`REGISTER * * ${long}`), / FAIL REGISTER UNACCEPTABLE_PASSWORD beto :/, 'AREG-8')
  assert.match(await asked('VERIFY beto 1'), / FAIL VERIFY INVALID_CODE beto :/, 'AREG-9')
  assert.match(
    await asked(`REGISTER * * ${PASSWORD}`),
    / REGISTER SUCCESS beto :[^\n]*\n.* 900 beto \S+ beto :/,
    'AREG-5: it is as if SASL had been used',
  )
  assert.match(
    await asked(`REGISTER * * ${PASSWORD}`),
    / FAIL REGISTER ALREADY_AUTHENTICATED beto :/,
    'AREG-10',
  )
  assert.match(await asked('VERIFY beto 1'), / FAIL VERIFY ALREADY_AUTHENTICATED beto :/, 'AREG-10')
  client.send('CAP END')
  await client.expect(`${source('beto')} JOIN #general`) // AREG-5
})
