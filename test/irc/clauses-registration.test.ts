// Clauses of Modern IRC about registration and the end of a connection (docs/irc-clauses.md).

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isupport } from '../../src/doors/irc/replies/registration-burst.ts'
import { Irc, plain } from '../tools/irc-client.ts'
import { PASSWORD } from '../tools/line-client.ts'
import { HOST, quickServer, source } from './quick-server.ts'

const numericsIn = (lines: readonly string[]) =>
  lines.flatMap(line => /^(?:@\S+ )?:\S+ (\d{3}) /.exec(line)?.[1] ?? [])

test('the registration burst comes in order, before any other reply', async t => {
  const server = await quickServer(t)
  using _ = await Irc.register(server.port, 'ana')
  using client = await Irc.connect(server.port)
  client.send('NICK beto', 'JOIN #club', 'PRIVMSG ana :hola', 'TIME')
  await client.expect(/ 451 beto :/) // REG-1: JOIN, PRIVMSG and TIME wait for registration
  await client.expect(/ 451 beto :/)
  await client.expect(/ 451 beto :/)
  client.send('USER b 0 * :Beto', 'TIME')
  await client.expect(/ 391 beto /)
  const said = numericsIn(client.lines).filter(number => number !== '451')
  assert.deepEqual([...new Set(said)].slice(0, 5), ['001', '002', '003', '004', '005'], 'REG-2')
  const counts = ['251', '252', '254', '255', '265', '266']
  const last = said.lastIndexOf('005')
  assert.deepEqual(
    said.slice(last + 1),
    [...counts, '375', '372', '376', '221', '391'],
    'REG-3 the counts, REG-4 the message of the day, REG-5 the modes of the user, ISUP-2 before what is asked',
  )
  assert.equal(last - said.indexOf('005') + 1, said.filter(number => number === '005').length, 'ISUP-3')
  assert.ok(client.lines.includes(`:${HOST} 221 beto +i`), 'REG-5')
  const [welcome = ''] = client.lines.filter(line => / 001 /.test(line))
  assert.match(welcome, /^:\S+ 001 beto :[^!@]*$/, 'REG-6, NUM-3: the nick, and no host in the text')
})

test('tokens of 005 have the right form', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps: '' })
  const lines = ana.lines.filter(line => / 005 /.test(line))
  assert.ok(lines.length > 0, 'ISUP-1')
  for (const line of lines) {
    const tokens = line.slice(line.indexOf(' ana ') + 5, line.indexOf(' :are supported')).split(' ')
    const names = tokens.map(token => token.split('=', 1)[0] ?? '')
    assert.ok(tokens.length <= 13, `ISUP-4: ${line}`)
    for (const name of names)
      assert.match(name, /^(?:(?:draft|soju\.im)\/)?[A-Z\d]{1,20}$/, `ISUP-5: ${name}`)
    assert.equal(new Set(names).size, names.length, `ISUP-6: ${line}`)
  }
  const all = lines.flatMap(line => line.split(' '))
  for (const positive of 'AWAYLEN CHANNELLEN HOSTLEN KICKLEN NICKLEN TOPICLEN USERLEN MODES'.split(' '))
    assert.ok(
      all.some(token => new RegExp(`^${positive}=[1-9]\\d*$`).test(token)),
      `ISUP-7: ${positive}`,
    )
  assert.ok(all.includes('CASEMAPPING=ascii'), 'ISUP-8, ISUP-9, MSG-17')
  assert.ok(
    all.some(token => token.startsWith('TARGMAX=')),
    'ISUP-12',
  )
  assert.ok(all.includes('SAFELIST') && all.includes('WHOX'), 'ISUP-13, WHOX-1: without a value')
  const modes = /^CHANMODES=(.*)$/.exec(all.find(token => token.startsWith('CHANMODES=')) ?? '')?.[1] ?? ''
  const ranks = /^PREFIX=\((\w+)\)(\S+)$/.exec(all.find(token => token.startsWith('PREFIX=')) ?? '')
  assert.equal(modes.split(',').length, 4, 'ISUP-10')
  assert.equal(ranks?.[1]?.length, ranks?.[2]?.length, 'CMODE-1')
  for (const rank of ranks?.[1] ?? assert.fail('no ranks'))
    assert.ok(!modes.includes(rank), `ISUP-11: ${rank}`)
  assert.ok(
    isupport({ network: 'a b=c\\', longestNick: 32 }, '').includes('NETWORK=a\\x20b\\x3dc\\x5c'),
    'ISUP-15',
  )
  assert.ok(HOST.includes('.'), 'NAME-1: the name of a server has a dot')
})

test('NICK, USER, PASS, PING: what is accepted, and how the rest is refused', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps: '' })
  using client = await Irc.connect(server.port)
  client.send('CAP LS')
  await client.expect(/ CAP \* LS /)
  for (const nick of [
    'a,b',
    'a*b',
    'a?b',
    'a!b',
    'a@b',
    '$a',
    '::a',
    '#a',
    '&a',
    '~a',
    '@a',
    '%a',
    '+a',
    ':a b',
  ])
    assert.match(
      (await client.ask(`NICK ${nick}`)).join(),
      /^:\S+ 43[12] \*/,
      `NAME-2, NAME-3, NAME-4: ${nick}`,
    )
  assert.match((await client.ask('NICK')).join(), / 431 \* :/, 'NICK-2')
  assert.match((await client.ask('NICK a*b')).join(), / 432 \* a\*b :/, 'NICK-1')
  assert.match((await client.ask('USER')).join(), / 461 \* USER :/, 'USER-1')
  assert.match((await client.ask('USER :')).join(), / 461 \* USER :/, 'USER-2: an empty one is refused')
  assert.match((await client.ask('PASS')).join(), / 461 \* PASS :/, 'PASS-3')
  assert.deepEqual(await client.ask('PING x.y:z'), [`:${HOST} PONG ${HOST} x.y:z`], 'PING-1, PING-2')
  assert.match((await client.ask('PING')).join(), / 461 \* PING :/, 'PING-3')
  client.send('PASS no', 'PASS otra', `PASS ana:${PASSWORD}`, 'NICK x', 'USER x 0 * :X', 'CAP END')
  await client.expect(/ 001 ana :/) // PASS-2: the last one counts
  assert.match((await ana.ask('USER x 0 * :X')).join(), / 462 ana :/, 'USER-3')
  assert.match((await ana.ask('PASS x')).join(), / 462 ana :/, 'PASS-4')
  using wrong = await Irc.connect(server.port)
  wrong.send('PASS ana:no', 'NICK ana', 'USER x 0 * :X')
  await wrong.expect(/ 464 ana :/) // PASS-1
  await wrong.expect(/^ERROR :/) // ERR-1: what ends a connection, and it ends
  await wrong.closed
})

test('a change of nick is sent with the old nick as its source', async t => {
  const server = await quickServer(t)
  using _ = await Irc.register(server.port, 'ana')
  using client = await Irc.connect(server.port)
  client.send('NICK visita', 'USER v 0 * :V')
  await client.expect(/ 376 /)
  client.send('NICK otra')
  await client.expect(`:visita!visita@${HOST} NICK otra`) // NICK-3, REG-7
  client.send(`PRIVMSG NickServ :IDENTIFY ana ${PASSWORD}`)
  await client.expect(`:otra!otra@${HOST} NICK ana`)
})

test('others see who leaves, and why: QUIT, a broken connection, silence, another door', async t => {
  const server = await quickServer(t, {
    edits: [{ file: 'doors/irc/wire/keep-alive.ts', set: { SILENCE_MS: 2_000 } }],
  })
  using ana = await Irc.register(server.port, 'ana', { caps: 'account-tag server-time' })
  const beto = await Irc.register(server.port, 'beto')
  beto.send('QUIT :me voy')
  await beto.expect('ERROR :Quit: me voy') // QUIT-1, ERR-1
  await beto.closed
  const quit = await ana.expect(`${source('beto')} QUIT :Quit: me voy`) // QUIT-2
  assert.match(quit, /^@time=\S+;account=beto :/, 'ATAG-1: QUIT')
  const again = await Irc.logIn(server.port, 'beto')
  again.send('QUIT')
  await ana.expect(`${source('beto')} QUIT :Quit: `) // QUIT-3
  const third = await Irc.logIn(server.port, 'beto')
  third.socket.destroy()
  await ana.expect(`${source('beto')} QUIT :Connection closed`) // QUIT-4, QUIT-5
  const mute = await server.connect()
  const proof = plain('beto', PASSWORD)
  mute.send(
    `CAP REQ sasl\r\nNICK beto\r\nUSER b 0 * :B\r\nAUTHENTICATE PLAIN\r\nAUTHENTICATE ${proof}\r\nCAP END\r\n`,
  )
  await ana.expect(/ JOIN #general$/)
  await ana.expect(/^@\S+ :beto!\S+ QUIT :Ping timeout: \d/) // QUIT-5
  const netcat = await server.logIn('beto')
  netcat.say('salir')
  await ana.expect(`${source('beto')} QUIT :Se ha desconectado`) // QUIT-5
  const phone = await Irc.logIn(server.port, 'beto')
  const desk = await Irc.logIn(server.port, 'beto')
  phone.send('QUIT :el móvil')
  await phone.closed
  ana.skip()
  desk.send('QUIT :el otro')
  await ana.expect(`${source('beto')} QUIT :Quit: el otro`)
  assert.ok(!ana.lines.some(line => line.includes('el móvil')), 'one goes with their last connection')
})
