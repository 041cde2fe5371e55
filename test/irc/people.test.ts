import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openServer } from '../tools/hosted.ts'
import { bare, Irc, tagsOf } from '../tools/irc-client.ts'
import { PASSWORD } from '../tools/line-client.ts'
import { patiently } from '../tools/patiently.ts'
import { HOST, quickServer, source } from './quick-server.ts'

test('people join and quit in every shared channel, with their rank there; NAMES lists those online', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  const beto = await Irc.register(server.port, 'beto')
  beto.send('JOIN #uno', 'JOIN #dos', 'JOIN #ajena')
  await beto.expect(/ 366 beto #ajena /)
  ana.send('JOIN #uno', 'JOIN #dos')
  await ana.expect(/ 366 ana #dos /)
  beto.send('QUIT')
  await ana.expect(`${source('beto')} QUIT :Quit: `)
  assert.match((await ana.ask('NAMES #uno')).join('\n'), / 353 ana = #uno &ana!ana@\S+\n/)
  using again = await Irc.logIn(server.port, 'beto')
  const shown: string[] = []
  for (let i = 0; i < 5; i++) shown.push(bare(await ana.expect(/ (JOIN|MODE) /)))
  assert.deepEqual(shown.toSorted(), [
    `${source('beto')} JOIN #dos beto Beto`,
    `${source('beto')} JOIN #general beto Beto`,
    `${source('beto')} JOIN #uno beto Beto`,
    `:${HOST} MODE #dos +q beto`,
    `:${HOST} MODE #uno +q beto`,
  ])
  assert.match((await ana.ask('NAMES #uno')).join('\n'), / 353 ana = #uno :&ana\S* ~beto\S*\n/)
  assert.deepEqual((await ana.ask('NAMES #ajena')).map(bare), [`:${HOST} 366 ana #ajena :End of /NAMES list`])
  const netcat = await server.logIn('beto')
  again.send('QUIT')
  await again.closed
  assert.deepEqual(await ana.ask(), [])
  netcat.say('salir')
  await ana.expect(`${source('beto')} QUIT :Se ha desconectado`)
})

test('somebody away on two connections who closes one is away with the reason of the other', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps: 'away-notify' })
  const first = await Irc.register(server.port, 'beto')
  using second = await Irc.logIn(server.port, 'beto')
  await first.ask('AWAY :comiendo')
  await second.ask('AWAY :durmiendo')
  assert.match((await ana.ask('PRIVMSG beto :hola')).join('\n'), / 301 ana beto :?comiendo/)
  first.send('QUIT')
  await first.closed
  await ana.expect(/:beto!\S+ AWAY :?durmiendo$/)
  assert.match((await ana.ask('PRIVMSG beto :hola')).join('\n'), / 301 ana beto :?durmiendo/)
})

test('adding or removing people who are offline is told by notices, and they are in no list', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  const beto = await Irc.register(server.port, 'beto')
  beto.send('QUIT')
  await ana.expect(`${source('beto')} QUIT :Quit: `)
  await ana.ask('JOIN #club')
  await (await server.web.logIn('ana')).do('PUT', '/rooms/club/members/beto')
  await ana.expect(`:${HOST} NOTICE #club :ana trajo a beto a #club.`)
  assert.match((await ana.ask('NAMES #club')).join('\n'), / 353 ana = #club ~ana\S*\n/)
  ana.send('KICK #club beto :luego')
  await ana.expect(`:${HOST} NOTICE #club :ana sacó a beto de #club`)
})

test('WHO, WHOX, WHOIS, WHOWAS, USERHOST and ISON tell about people', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto')
  await server.web.register('caro')
  beto.send('AWAY :fuera')
  await ana.expect(`${source('beto')} AWAY fuera`)
  const asked = async (line: string) => (await ana.ask(line)).map(bare)
  assert.deepEqual(await asked('WHO #general'), [
    `:${HOST} 352 ana #general ana ${HOST} ${HOST} ana H*& :0 Ana`,
    `:${HOST} 352 ana #general beto ${HOST} ${HOST} beto G :0 Beto`,
    `:${HOST} 315 ana #general :End of WHO list`,
  ])
  assert.deepEqual(await asked('WHO b*'), [
    `:${HOST} 352 ana * beto ${HOST} ${HOST} beto G :0 Beto`,
    `:${HOST} 315 ana b* :End of WHO list`,
  ])
  assert.deepEqual(await asked('WHO * o'), [
    `:${HOST} 352 ana * ana ${HOST} ${HOST} ana H* :0 Ana`,
    `:${HOST} 315 ana * :End of WHO list`,
  ])
  assert.deepEqual(await asked('WHO #general %tcuhnfar,42'), [
    `:${HOST} 354 ana 42 #general ana ${HOST} ana H*& ana Ana`,
    `:${HOST} 354 ana 42 #general beto ${HOST} beto G beto Beto`,
    `:${HOST} 315 ana #general :End of WHO list`,
  ])
  assert.deepEqual(await asked('WHOIS ana'), [
    `:${HOST} 311 ana ana ana ${HOST} * Ana`,
    `:${HOST} 319 ana ana &#general`,
    `:${HOST} 312 ana ana ${HOST} Tertulia`,
    `:${HOST} 313 ana ana :is an IRC operator`,
    `:${HOST} 330 ana ana ana :is logged in as`,
    `:${HOST} 318 ana ana :End of /WHOIS list`,
  ])
  assert.deepEqual(await asked('WHOIS nadie'), [
    `:${HOST} 401 ana nadie :No hay nadie con ese nombre.`,
    `:${HOST} 318 ana nadie :End of /WHOIS list`,
  ])
  assert.deepEqual(await asked('WHOWAS caro'), [
    `:${HOST} 314 ana caro caro ${HOST} * Caro`,
    `:${HOST} 369 ana caro :End of WHOWAS`,
  ])
  assert.deepEqual(await asked('WHOWAS nadie'), [
    `:${HOST} 406 ana nadie :No hay nadie con ese nombre.`,
    `:${HOST} 369 ana nadie :End of WHOWAS`,
  ])
  assert.deepEqual(await asked('USERHOST ana beto caro nadie'), [
    `:${HOST} 302 ana :ana*=+ana@${HOST} beto=-beto@${HOST}`,
  ])
  assert.deepEqual(await asked('ISON ana caro :nadie beto'), [`:${HOST} 303 ana :ana beto`])
})

test('MONITOR tells who is online, and at once who comes, goes or changes nick', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  const beto = await Irc.register(server.port, 'beto')
  await ana.expect(/ JOIN #general beto /)
  assert.deepEqual((await ana.ask('MONITOR + beto,Nadie')).map(bare), [
    `:${HOST} 730 ana beto!beto@${HOST}`,
    `:${HOST} 731 ana Nadie`,
  ])
  assert.deepEqual((await ana.ask('MONITOR L')).map(bare), [
    `:${HOST} 732 ana beto,Nadie`,
    `:${HOST} 733 ana :End of MONITOR list`,
  ])
  beto.send('QUIT')
  await ana.expect(`:${HOST} 731 ana beto`)
  using again = await Irc.logIn(server.port, 'BETO')
  await ana.expect(`:${HOST} 730 ana beto!beto@${HOST}`)
  again.send('SETNAME :Beto Ruiz')
  await again.expect(`${source('beto')} SETNAME :Beto Ruiz`)
  await ana.expect(`${source('beto')} SETNAME :Beto Ruiz`)
  assert.match((await again.ask('SETNAME :')).join(), / FAIL SETNAME INVALID_REALNAME :/)
  assert.deepEqual((await ana.ask('MONITOR - BETO', 'MONITOR S')).map(bare), [`:${HOST} 731 ana Nadie`])
  assert.deepEqual(await ana.ask('MONITOR C', 'MONITOR S'), [])
  const many = Array.from({ length: 210 }, (_, i) => `n${i}`)
  const answers: string[] = []
  for (let i = 0; i < many.length; i += 70)
    answers.push(...(await ana.ask(`MONITOR + ${many.slice(i, i + 70).join(',')}`)))
  assert.ok(answers.some(line => / 734 ana 200 n200,n201,.*n209 :/.test(line)))
  assert.ok(answers.every(line => Buffer.byteLength(line) <= 510))
})

test('clients without capabilities get no AWAY, SETNAME or ACCOUNT; bots are marked', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  using old = await Irc.register(server.port, 'viejo', { caps: '' })
  using robot = await Irc.register(server.port, 'robot')
  const owner = await server.web.logIn('ana')
  await owner.do('PUT', '/people/robot/role', { role: 'bot' })
  old.skip()
  robot.send('AWAY :x', 'AWAY', 'SETNAME :Robot', 'PRIVMSG #general :bip')
  await old.expect(`${source('robot')} PRIVMSG #general :bip`)
  assert.ok(!old.lines.some(line => / (AWAY|SETNAME|ACCOUNT)\b/.test(line)))
  using late = await Irc.logIn(server.port, 'ana')
  robot.send('PRIVMSG #general :bop')
  const marked = await late.expect(/ PRIVMSG #general :?bop$/)
  assert.match(marked, /^@\S*;bot[; ]/)
  assert.match((await ana.ask('WHOIS robot')).join('\n'), / 335 ana robot :is a bot/)
  assert.match((await ana.ask('WHO robot')).join('\n'), / robot HB :0 Robot/)
  assert.deepEqual(await old.ask('SETNAME :Viejo'), [])
})

test('mode B on any connection marks a bot, until it is unset or the bot is gone', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  using robot = await Irc.register(server.port, 'robot')
  const second = await Irc.logIn(server.port, 'robot')
  const marks = async () => {
    const whois = (await ana.ask('WHOIS robot')).some(line => / 335 ana robot :is a bot/.test(line))
    const who = (await ana.ask('WHO robot')).some(line => / robot HB :0 Robot/.test(line))
    robot.send('PRIVMSG #general :bip')
    const said = tagsOf(await ana.expect(/ PRIVMSG #general :bip$/)).get('bot')
    return [whois, who, said]
  }
  assert.deepEqual(await marks(), [false, false, undefined])
  assert.deepEqual((await robot.ask('MODE robot +B')).map(bare), [`${source('robot')} MODE robot +B`])
  assert.match((await robot.ask('MODE robot')).join(), / 221 robot \+Bi$/)
  assert.deepEqual(await marks(), [true, true, ''])
  await second.ask('MODE robot +B')
  await robot.ask('MODE robot -B')
  assert.deepEqual(await marks(), [true, true, ''], 'the other connection still says so')
  second.send('QUIT')
  await second.closed
  assert.deepEqual(await marks(), [false, false, undefined])
  assert.deepEqual(await robot.ask('MODE robot -B'), [])
  const owner = await server.web.logIn('ana')
  await owner.do('PUT', '/people/robot/role', { role: 'bot' })
  using again = await Irc.logIn(server.port, 'robot')
  assert.deepEqual(await again.ask('MODE robot -B'), [], 'an account that is a bot’s is one')
  assert.match((await again.ask('MODE robot')).join(), / 221 robot \+Bi$/)
})

test('with pre-away a client may be away from the start; without it AWAY has to wait', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  await Irc.register(server.port, 'beto').then(beto => beto.send('QUIT'))
  await ana.expect(`${source('beto')} QUIT :Quit: `)
  using client = await Irc.connect(server.port)
  client.send('CAP LS 302', 'AWAY *')
  await client.expect(/ 451 /)
  client.send('CAP REQ draft/pre-away', 'AWAY *')
  await client.expect(/ 306 /)
  client.send(`PASS ${PASSWORD}`, 'NICK beto', 'USER b 0 * :B', 'CAP END')
  await ana.expect(`${source('beto')} AWAY ausente`)
})

test('a changed password, a disabled account and a revoked session end the connection with ERROR', async () => {
  await using server = await openServer()
  using ana = await Irc.register(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto')
  using phone = await Irc.logIn(server.port, 'beto')
  const web = await server.web.logIn('beto')
  const { sessions } = await web.do('GET', '/me/sessions')
  const first = sessions.find((each: { door: string }) => each.door === 'irc')
  await web.do('DELETE', `/me/sessions/${first.id}`)
  await beto.expect(/^ERROR :/)
  await beto.closed
  const owner = await server.web.logIn('ana')
  await owner.do('PUT', '/people/beto/disabled', { disabled: true })
  await phone.expect(/^ERROR :/)
  await phone.closed
  using again = await Irc.connect(server.port)
  again.send(`PASS ${PASSWORD}`, 'NICK beto', 'USER b 0 * :B')
  await again.expect('ERROR :Esta cuenta está desactivada.')
  await ana.expect(`${source('beto')} QUIT :Esta cuenta está desactivada.`)
})

test('queries answer with the present state, even if its notice is still delayed', async () => {
  await using server = await openServer({ args: ['--no-limits'] })
  using ana = await Irc.register(server.port, 'ana', { caps: '' })
  using beto = await Irc.register(server.port, 'beto', { caps: '' })
  const asked = async (...lines: string[]) => (await ana.ask(...lines)).join('\n')
  await ana.ask('MONITOR + beto')
  assert.match((await beto.ask('AWAY :comiendo')).join(), / 306 beto /)
  assert.match(await asked('PRIVMSG beto :hola'), / 301 ana beto comiendo$/)
  assert.match(await asked('WHOIS beto'), / 301 ana beto comiendo$/m)
  assert.match(await asked('USERHOST beto'), / 302 ana beto=-beto@/)
  assert.match(await asked('WHO beto'), / 352 ana \S+ beto \S+ \S+ beto G /)
  assert.match((await beto.ask('AWAY')).join(), / 305 beto /)
  assert.doesNotMatch(await asked('PRIVMSG beto :hola'), / 301 /)
  await server.web.register('caro')
  using caro = await Irc.logIn(server.port, 'caro', { caps: '' })
  const line = await server.logIn('caro')
  line.say('/ausente')
  await line.expect('Estás ausente')
  assert.match((await caro.ask('AWAY :aquí también')).join(), / 306 caro /)
  assert.match(await asked('PRIVMSG caro :hola'), / 301 ana caro :aquí también$/, 'on all connections')
  beto.send('QUIT')
  await beto.closed
  const gone = () => asked('ISON beto')
  await patiently(
    async () => / 303 ana :?$/.test(await gone()),
    () => 'beto never went',
  )
  assert.match(await asked('MONITOR S'), / 731 ana beto$/m)
  assert.doesNotMatch(await asked('NAMES #general'), / 353 .*\bbeto\b/)
  assert.doesNotMatch(await asked('WHO #general'), / beto /)
})
