// Clauses of Modern IRC about server queries, people and messages (docs/irc-clauses.md).

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bare, Irc } from '../tools/irc-client.ts'
import { patiently } from '../tools/patiently.ts'
import { HOST, quickServer, source } from './quick-server.ts'

/** What is said to a channel and to a nick comes in any order. */
async function hearsInBoth(beto: Irc, text: string): Promise<void> {
  const lines = ['#general', 'beto'].map(to => `${source('ana')} PRIVMSG ${to} :${text}`)
  await patiently(
    () => lines.every(each => beto.lines.some(line => bare(line) === each)),
    () => `never heard ${text} in both:\n${beto.unread.join('\n')}`,
    beto.closed,
  )
}

const numericsIn = (lines: readonly string[]) => lines.map(line => bare(line).split(' ')[1])

test('MOTD, VERSION, ADMIN, TIME, INFO, LINKS: for this server, by any of its names, and for no other', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps: '' })
  for (const [command, numerics, id] of [
    ['MOTD', ['375', '372', '376'], 'MOTD-1, MOTD-2'],
    ['VERSION', ['351', '005', '005', '005'], 'VER-1'],
    ['ADMIN', ['256', '257', '258', '259'], 'ADMIN-1'],
    ['TIME', ['391'], 'TIME-1'],
  ] as const) {
    assert.deepEqual([...new Set(numericsIn(await ana.ask(command)))], [...new Set(numerics)], id)
    assert.deepEqual(numericsIn(await ana.ask(`${command} ${HOST}`)).slice(0, 1), [numerics[0]], id)
    assert.deepEqual(numericsIn(await ana.ask(`${command} *.local`)).slice(0, 1), [numerics[0]], 'VER-3')
    assert.deepEqual(
      await ana.ask(`${command} otra.casa`),
      [`:${HOST} 402 ana otra.casa :No such server`],
      'MOTD-3, VER-2, ADMIN-2, TIME-2',
    )
  }
  assert.deepEqual(numericsIn(await ana.ask('VERSION ana')).slice(0, 1), ['351'], 'VER-2: of where ana is')
  assert.deepEqual(numericsIn(await ana.ask('INFO')), ['371', '371', '374'], 'INFO-1')
  assert.deepEqual(numericsIn(await ana.ask('LINKS')), ['364', '365'], 'LINKS-1')
})

test('LUSERS: users, operators, unregistered connections, and the peaks', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps: '' })
  const beto = await Irc.register(server.port, 'beto', { caps: '' })
  await ana.ask('JOIN #club')
  using unknown = await Irc.connect(server.port)
  await unknown.ask('CAP LS')
  assert.deepEqual(
    await ana.ask('LUSERS'),
    [
      `:${HOST} 251 ana :There are 0 users and 2 invisible on 1 servers`,
      `:${HOST} 252 ana 1 :operator(s) online`,
      `:${HOST} 253 ana 1 :unknown connection(s)`,
      `:${HOST} 254 ana 2 :channels formed`,
      `:${HOST} 255 ana :I have 3 clients and 0 servers`,
      `:${HOST} 265 ana 2 2 :Current local users 2, max 2`,
      `:${HOST} 266 ana 2 2 :Current global users 2, max 2`,
    ],
    'LUS-1, LUS-2, LUS-3',
  )
  unknown.socket.destroy()
  beto.send('QUIT')
  await ana.expect(/ QUIT /)
  let counts = await ana.ask('LUSERS')
  // The server may see the sockets close a little later than this.
  for (let i = 0; i < 1000 && !counts.join().includes('I have 1 clients'); i++)
    counts = await ana.ask('LUSERS')
  assert.deepEqual(
    counts.slice(-2),
    [
      `:${HOST} 265 ana 1 2 :Current local users 1, max 2`,
      `:${HOST} 266 ana 1 2 :Current global users 1, max 2`,
    ],
    'LUS-3',
  )
})

test('LUSERS counts people, not connections: in this door, in others, and without an account', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps: '' })
  using _second = await Irc.logIn(server.port, 'ana')
  await server.logIn('ana')
  await server.register('beto')
  using _third = await Irc.logIn(server.port, 'beto')
  using stranger = await Irc.connect(server.port)
  stranger.send('NICK visita', 'USER v 0 * :V')
  await stranger.expect(/ 376 /)
  const counts = (await ana.ask('LUSERS')).join('\n')
  assert.match(counts, / 251 ana :There are 0 users and 3 invisible on 1 servers/)
  assert.match(counts, / 255 ana :I have 4 clients /)
  assert.match(counts, / 265 ana 3 3 /)
  assert.match(counts, / 266 ana 3 3 /)
})

test('HELP: a title, an empty line, the text, its end; or 524', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps: '' })
  const [title, empty, ...rest] = await ana.ask('HELP join')
  assert.equal(title, `:${HOST} 704 ana join JOIN`, 'HELP-1, HELP-2, HELP-4')
  assert.equal(empty, `:${HOST} 705 ana join :`, 'HELP-3')
  assert.deepEqual(numericsIn(rest), ['705', '706'], 'HELP-1, HELP-5')
  assert.ok(
    rest.every(line => / 70[56] ana join :/.test(line)),
    'HELP-4',
  )
  const all = await ana.ask('HELP')
  assert.ok(
    all.every(line => / 70[456] ana \* :?/.test(line)),
    'HELP-4',
  )
  assert.deepEqual([numericsIn(all)[0], numericsIn(all).at(-1)], ['704', '706'], 'HELP-1, HELP-5')
  assert.ok(all.some(line => / WHOIS( |$)/.test(line)))
  const none = (subject: string) => [`:${HOST} 524 ana ${subject} :No help available on this topic`]
  assert.deepEqual(await ana.ask('HELP nada'), none('nada'), 'HELP-1, HELP-4')
  assert.deepEqual(await ana.ask('HELP :dos palabras'), none('*'), 'HELP-4')
  assert.deepEqual(await ana.ask('HELP ::x'), none('*'), 'HELP-4')
})

test('unknown commands get 421, missing parameters 461', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps: '' })
  for (const command of ['STATS u', 'CONNECT x', 'SQUIT x :y', 'RESTART', 'SUMMON x', 'NADA'])
    assert.match((await ana.ask(command)).join(), / 421 ana \w+ :/, `OPT-2: ${command}`)
  for (const command of ['JOIN', 'PART', 'TOPIC', 'KICK #general', 'MODE', 'USERHOST', 'INVITE x', 'PING'])
    assert.match((await ana.ask(command)).join(), / 461 ana \w+ :/, `CMD-1: ${command}`)
})

test('WHO, WHOIS, WHOWAS: their replies, and the end under the mask that was asked for', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps: '' })
  using robot = await Irc.register(server.port, 'robot', { caps: '' })
  const web = await server.web.logIn('ana')
  await web.do('PUT', '/people/robot/role', { role: 'bot' })
  await robot.ask('JOIN #club')
  await ana.ask('JOIN #club')
  const who = await ana.ask('WHO #CLUB')
  assert.ok(
    who.some(line => / 352 ana #club robot \S+ \S+ robot H~B :0 /.test(line)),
    'WHO-1, WHO-4, WHO-5, BOT-3',
  )
  assert.ok(
    who.some(line => / 352 ana #club ana \S+ \S+ ana H\*& :0 /.test(line)),
    'WHO-5',
  )
  assert.equal(who.at(-1), `:${HOST} 315 ana #CLUB :End of WHO list`, 'WHO-2, WHO-3')
  assert.deepEqual(numericsIn(await ana.ask('WHO robot')), ['352', '315'], 'WHO-1')
  assert.deepEqual(numericsIn(await ana.ask('WHO rob*')), ['352', '315'], 'WHO-1')
  assert.deepEqual(numericsIn(await ana.ask('WHO nadie')), ['315'], 'WHO-2')
  const whois = await ana.ask('WHOIS ROBOT')
  assert.deepEqual(
    whois,
    [
      `:${HOST} 311 ana robot robot ${HOST} * Robot`,
      whois.find(line => / 319 ana robot :?/.test(line)),
      `:${HOST} 312 ana robot ${HOST} Tertulia`,
      `:${HOST} 335 ana robot :is a bot`,
      `:${HOST} 330 ana robot robot :is logged in as`,
      `:${HOST} 318 ana ROBOT :End of /WHOIS list`,
    ],
    'WHOIS-1, WHOIS-2, WHOIS-4, WHOIS-6, BOT-2',
  )
  assert.match(whois[1] ?? '', /[ :]~#club( |$)/, 'WHOIS-5: with the rank there')
  assert.deepEqual(
    numericsIn(await ana.ask(`WHOIS ${HOST} robot`)).slice(0, 1),
    ['311'],
    'WHOIS-3: the server is the only one',
  )
  assert.equal(
    (await ana.ask('WHOIS Robot,ana')).at(-1),
    `:${HOST} 318 ana Robot,ana :End of /WHOIS list`,
    'WHOIS-4',
  )
  assert.deepEqual(
    await ana.ask('WHOIS Nadie'),
    [`:${HOST} 401 ana Nadie :No hay nadie con ese nombre.`, `:${HOST} 318 ana Nadie :End of /WHOIS list`],
    'WHOIS-2, WHOIS-4',
  )
  assert.deepEqual(numericsIn(await ana.ask('WHOIS')), ['431'], 'WHOIS-7')
  assert.deepEqual(numericsIn(await ana.ask('WHOWAS robot')), ['314', '369'], 'WAS-1')
  assert.deepEqual(numericsIn(await ana.ask('WHOWAS nadie')), ['406', '369'], 'WAS-1')
  assert.deepEqual(numericsIn(await ana.ask('WHOWAS')), ['431'], 'WAS-2')
})

test('PRIVMSG and NOTICE: to channels, to people, to people who are away, and their failures', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps: '' })
  using beto = await Irc.register(server.port, 'beto', { caps: '' })
  using caro = await Irc.register(server.port, 'caro', { caps: '' })
  await ana.ask('JOIN #club')
  assert.deepEqual(numericsIn(await ana.ask('PRIVMSG')), ['411'], 'PRIV-3')
  assert.deepEqual(numericsIn(await ana.ask('PRIVMSG #club')), ['412'], 'PRIV-4')
  assert.deepEqual(numericsIn(await ana.ask('PRIVMSG nadie :x')), ['401'], 'PRIV-5')
  assert.deepEqual(numericsIn(await beto.ask('PRIVMSG #club :x')), ['404'], 'PRIV-1')
  assert.deepEqual(numericsIn(await ana.ask('AWAY :fuera')), ['306'], 'AWAY-1')
  assert.match(
    (await beto.ask('PRIVMSG ana :hola')).join(),
    / 301 beto ana :?fuera$/,
    'PRIV-6, AWAY-3: at once',
  )
  await ana.expect(`${source('beto')} PRIVMSG ana :hola`) // PRIV-7
  assert.match((await beto.ask('PRIVMSG ana :¿sí?')).join(), / 301 beto ana :?fuera$/, 'PRIV-6, AWAY-3')
  assert.match((await beto.ask('WHOIS ana')).join('\n'), / 301 beto ana :?fuera$/m, 'AWAY-4')
  assert.match((await beto.ask('USERHOST ana')).join(), / 302 beto :?ana\*=-ana@/, 'AWAY-5, USERH-1')
  assert.match((await beto.ask('WHO ana')).join('\n'), / ana G\* :0 /, 'AWAY-6')
  assert.deepEqual(numericsIn(await ana.ask('AWAY :')), ['305'], 'AWAY-2')
  assert.match((await beto.ask('USERHOST ana')).join(), / 302 beto :?ana\*=\+ana@/, 'AWAY-5')
  assert.deepEqual(await beto.ask('PRIVMSG ana :ya'), [], 'AWAY-2')
  ana.send('PRIVMSG #general,beto :a los dos')
  await hearsInBoth(beto, 'a los dos') // PRIV-8
  ana.send('PRIVMSG #GENERAL,beto,#General,BETO :una vez', 'PRIVMSG #general,beto :y luego')
  await hearsInBoth(beto, 'y luego')
  assert.equal(beto.lines.filter(line => line.endsWith(':una vez')).length, 2, 'PRIV-8: once to each')
  for (const notice of ['NOTICE', 'NOTICE #club', 'NOTICE nadie :x', 'NOTICE #nada :x', 'NOTICE #club :x'])
    assert.deepEqual(await caro.ask(notice), [], `NOTICE-1: ${notice}`)
  const nicks = 'ana beto caro nadie ana beto'
  const { length } = (await ana.ask(`USERHOST ${nicks}`)).join().match(/=[+-]/g) ?? []
  assert.equal(length, 4, 'USERH-1: the first five, of whom one is nobody')
})
