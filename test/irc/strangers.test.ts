// Strangers: what registered clients without an account may ask, and how often.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commands } from '../../src/doors/irc/commands/commands.ts'
import { openServer } from '../tools/hosted.ts'
import { Irc } from '../tools/irc-client.ts'
import { HOST, quickServer } from './quick-server.ts'

/** Commands that end the connection, take a nick, or register an account, which must tell that a name is taken. */
const OF_ONESELF = new Set(['QUIT', 'NICK', 'CAP', 'AUTHENTICATE', 'REGISTER', 'VERIFY'])
const SHAPES = ['ana', 'ana #club', '#club', '#club ana', '#club +v ana', '+ ana', 'GET ana x', 'ana GET x']
const MORE = [
  'WHO',
  'WHO *',
  'WHO ana %tcuhnar,1',
  'LIST',
  'NAMES',
  'INVITE',
  'MONITOR S',
  'MONITOR L',
  'CHATHISTORY LATEST ana * 10',
  'CHATHISTORY LATEST #club * 10',
  'CHATHISTORY TARGETS timestamp=2020-01-01T00:00:00.000Z timestamp=2099-01-01T00:00:00.000Z 10',
]

async function stranger(port: number, caps = 'message-tags'): Promise<Irc> {
  const irc = await Irc.connect(port)
  irc.send(`CAP REQ :${caps}`, 'NICK nadie', 'USER n 0 * :N', 'CAP END')
  await irc.expect(/ 376 /)
  await irc.settled()
  return irc
}

test('strangers learn of no person and no room, whatever they ask', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  await ana.ask('SETNAME :Ana García', 'AWAY :en el hospital', 'JOIN #club', 'TOPIC #club :el tema')
  using eva = await stranger(server.port)
  const names = Object.keys(commands).filter(name => !OF_ONESELF.has(name))
  const questions = [...names.flatMap(name => SHAPES.map(shape => `${name} ${shape}`)), ...MORE]
  for (const question of questions) {
    const said = question.replaceAll('ana', 'zzz').replaceAll('#club', '#nada')
    const [there, nobody] = [await eva.ask(question), await eva.ask(said)].map(answer =>
      answer.join('\n').replaceAll(/\d\d:\d\d:\d\d\.\d+/g, ''),
    )
    const alike = there?.replaceAll(/(?<!\p{L})ana(?!\p{L})/gu, 'zzz').replaceAll('#club', '#nada')
    assert.equal(alike, nobody, question)
    assert.doesNotMatch(there ?? '', /García|hospital|el tema/, question)
  }
  const how = 'Hace falta una cuenta. Entra con SASL, con PASS usuario:contraseña, o así: '
  for (const [question, about] of [
    ['WHOIS ana', 'ana'],
    ['WHO', 'WHO'],
    ['ISON ana zzz', 'ana'],
    ['MODE ana', 'ana'],
    ['JOIN #club', '#club'],
    ['LIST', 'LIST'],
  ] as const) {
    const [answer = '', ...more] = await eva.ask(question)
    assert.ok(answer.startsWith(`:${HOST} 477 nadie ${about} :${how}`), answer)
    assert.deepEqual(more, [], question)
  }
  await ana.ask('AWAY')
  ana.send('QUIT')
  await ana.closed
  assert.deepEqual(await eva.ask('TIME').then(lines => lines.filter(line => !/ 391 /.test(line))), [])
})

test('clients with standard-replies get ACCOUNT_REQUIRED', async t => {
  const server = await quickServer(t)
  using eva = await stranger(server.port, 'standard-replies')
  const [answer = ''] = await eva.ask('WHOIS ana')
  assert.match(answer, /^:\S+ FAIL WHOIS ACCOUNT_REQUIRED :Hace falta una cuenta\. /)
})

test('strangers see the server, their own modes, and numbers of users', async t => {
  const server = await quickServer(t)
  using eva = await stranger(server.port)
  for (const [question, wanted] of [
    ['MODE nadie', / 221 nadie \+i$/],
    ['MODE nadie +w', / MODE nadie \+w$/],
    ['LUSERS', / 251 nadie :There are 0 users and 1 invisible on 1 servers$/m],
    ['MOTD', / 376 nadie /],
    ['VERSION', / 005 nadie /],
    ['AWAY :un rato', / 306 nadie /],
  ] as const)
    assert.match((await eva.ask(question)).join('\n'), wanted, question)
})

test('a stranger’s flood is read more slowly, too', async () => {
  const edits = [{ file: 'core/limits/rate-limit.ts', set: { SIZE: '{ capacity: 5, perSecond: 20 }' } }]
  await using server = await openServer({ edits })
  using eva = await Irc.connect(server.port)
  const begun = performance.now()
  eva.send('NICK eva', 'USER e 0 * :E', ...Array.from({ length: 15 }, () => 'TIME'))
  await eva.settled()
  assert.equal(eva.lines.filter(line => / 391 /.test(line)).length, 15)
  const took = performance.now() - begun
  assert.ok(took > 550, `17 turns, of which 5 are at once and 20 a second after that, took ${took} ms`)
})
