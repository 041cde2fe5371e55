// Guests: people without an account, if the settings allow them.

import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { test } from 'node:test'
import { openServer } from '../tools/hosted.ts'
import { bare, Irc, plain, tagOf, tagsOf } from '../tools/irc-client.ts'
import { PASSWORD } from '../tools/line-client.ts'
import { temporaryFolder } from '../tools/server.ts'
import { quickServer } from './quick-server.ts'

const args = ['--irc-guests']

/** Connects a guest. */
async function comes(port: number, nick: string, caps = ''): Promise<Irc> {
  const irc = await Irc.connect(port)
  if (caps !== '') irc.send('CAP LS 302', `CAP REQ :${caps}`)
  irc.send(`NICK ${nick}`, `USER ${nick} 0 * :${nick.toUpperCase()}`)
  if (caps !== '') irc.send('CAP END')
  await irc.expect(/ 376 /)
  await irc.settled()
  return irc
}

test('a guest talks with everybody, through every door, and is gone when they go', async t => {
  const server = await quickServer(t, { args })
  const ana = await server.register('ana')
  using beto = await Irc.register(server.port, 'beto')
  using eva = await comes(server.port, 'eva')
  assert.ok(eva.lines.some(line => /^:eva!eva@\S+ JOIN #general$/.test(line)))
  await ana.expect('Usuario eva se ha conectado.')
  await beto.expect(/:eva!eva@\S+ JOIN #general \* EVA$/)
  eva.send('PRIVMSG #general :hola a todas')
  await ana.expect('eva: hola a todas')
  const said = await beto.expect(/PRIVMSG #general :hola a todas$/)
  assert.doesNotMatch(said, /account=/)
  const [, kept = ''] = await beto.ask('CHATHISTORY LATEST #general * 1')
  assert.equal(tagOf(kept, 'msgid'), tagOf(said, 'msgid'), 'it has an id as any other')
  assert.match((await beto.ask('WHO eva %na'))[0] ?? '', / 354 beto eva 0$/)
  ana.say('hola eva')
  await eva.expect(':ana!ana@tertulia.local PRIVMSG #general :hola eva')
  const whois = await beto.ask('WHOIS eva')
  assert.ok(whois.some(line => / 311 beto eva eva /.test(line)))
  assert.ok(!whois.some(line => / 330 /.test(line)), 'there is no account to name')
  eva.send('QUIT')
  await ana.expect('Usuario eva se ha desconectado.')
  await beto.expect(/:eva!\S+ QUIT /)
  assert.ok((await beto.ask('WHOIS eva')).some(line => / 401 beto eva /.test(line)))
  const owner = await server.web.logIn('ana')
  const { messages } = (await owner.do('GET', '/rooms/general/messages')) as {
    messages: { author: { username: string }; text: string }[]
  }
  assert.deepEqual(
    messages.map(({ author, text }) => `${author.username}: ${text}`),
    ['eva: hola a todas', 'ana: hola eva'],
  )
})

test('a nick that is taken, looks like one that is, or is not allowed: another one is needed', async t => {
  const server = await quickServer(t, { args })
  await server.register('ana')
  using guest = await Irc.connect(server.port)
  guest.send('NICK ana', 'USER x 0 * :X')
  await guest.expect(/ 433 \* ana :Nombre de usuario ya existe\. Intenta con otro nombre de usuario\.$/)
  guest.send('NICK аna') // a Cyrillic а
  await guest.expect(/ 433 \* аna :/)
  guest.send('NICK admin')
  await guest.expect(/ 432 \* admin :Ese nombre de usuario está reservado\. Intenta con otro\.$/)
  guest.send('NICK eva')
  await guest.expect(/ 001 eva /)
  using other = await Irc.connect(server.port)
  other.send('NICK EVA', 'USER x 0 * :X')
  await other.expect(/ 433 \* EVA :/)
  other.send('NICK leo')
  await other.expect(/ 001 leo /)
  assert.match((await other.ask('NICK mia')).join(), / 902 leo :/)
})

test('a name is free again when its guest has gone, also after the server was killed', async t => {
  const server = await quickServer(t, { args })
  const ana = await server.register('ana')
  {
    using eva = await comes(server.port, 'eva')
    eva.send('PRIVMSG #general :primera')
    await ana.expect('eva: primera')
  }
  await ana.expect('Usuario eva se ha desconectado.')
  using again = await Irc.connect(server.port)
  for (;;) {
    again.send('NICK eva', 'USER eva 0 * :EVA')
    if (/ 001 /.test(await again.expect(/ (001|433) /))) break
  }
  again.send('PRIVMSG #general :segunda')
  await ana.expect('eva: segunda')
})

test('guests create no rooms and open no conversations, but join open rooms and answer in private', async t => {
  const server = await quickServer(t, { args })
  using ana = await Irc.register(server.port, 'ana', { caps: '' })
  ana.send('JOIN #club')
  await ana.expect(/ 366 ana #club /)
  using eva = await comes(server.port, 'eva')
  assert.match((await eva.ask('JOIN #mia')).join(), / 477 eva #mia :Para eso hace falta una cuenta: /)
  eva.send('JOIN #club')
  await ana.expect(/:eva!\S+ JOIN #club$/)
  assert.match(
    (await eva.ask('PRIVMSG ana :psst')).join('\n'),
    / 477 eva ana :Para eso hace falta una cuenta: /,
  )
  ana.send('PRIVMSG eva :dime')
  await eva.expect(':ana!ana@tertulia.local PRIVMSG eva :dime')
  eva.send('PRIVMSG ana :que hola')
  await ana.expect(':eva!eva@tertulia.local PRIVMSG ana :que hola')
  eva.socket.destroy()
  await ana.expect(/:eva!\S+ (PART #club|QUIT)/)
  // The other person keeps the conversation, under the guest's name.
  const rooms = (await (await server.web.logIn('ana')).do('GET', '/rooms')) as {
    mine: { kind: string; name: string }[]
  }
  assert.ok(rooms.mine.some(({ kind, name }) => kind === 'direct' && name === 'eva'))
})

test('a guest who registers stays the same person; one who logs in goes on as another', async t => {
  const server = await quickServer(t, { args })
  await server.web.register('ana')
  using beto = await Irc.register(server.port, 'beto')
  using eva = await comes(server.port, 'eva')
  await beto.expect(/JOIN #general \* EVA$/)
  eva.send('PRIVMSG #general :aún sin cuenta')
  await beto.expect(/PRIVMSG #general :aún sin cuenta$/)
  eva.send(`REGISTER * * ${PASSWORD}`)
  await eva.expect(/ REGISTER SUCCESS eva /)
  await eva.expect(/ 900 eva \S+ eva /)
  await beto.expect(/:eva!\S+ ACCOUNT eva$/)
  eva.send('PRIVMSG #general :con cuenta')
  const said = await beto.expect(/PRIVMSG #general :con cuenta$/)
  assert.match(said, /account=eva/)
  eva.socket.destroy()
  await beto.expect(/:eva!\S+ QUIT /)
  using back = await Irc.logIn(server.port, 'eva')
  assert.ok(back.lines.some(line => / 001 eva /.test(line)))

  using leo = await comes(server.port, 'leo', 'sasl batch draft/chathistory')
  leo.skip()
  leo.send('AUTHENTICATE PLAIN', `AUTHENTICATE ${plain('ana', PASSWORD)}`)
  await leo.expect(/ 900 leo \S+ ana /)
  await leo.expect(/^:leo!leo@\S+ PART #general$/)
  await leo.expect(/^:leo!leo@\S+ NICK ana$/)
  await leo.expect(/:ana!ana@\S+ JOIN #general$/)
  await beto.expect(/:leo!\S+ QUIT :\S/)
  const lines = (await leo.ask('CHATHISTORY LATEST #general * 10')).map(bare)
  assert.ok(lines.some(line => / PRIVMSG #general :\[\d\d:\d\d\] con cuenta$/.test(line)))
  using next = await comes(server.port, 'leo')
  assert.ok(next.lines.length > 0)
})

test('a guest who registers under another nick: everybody gets NICK, and their conversations go on', async t => {
  const server = await quickServer(t, { args })
  using ana = await Irc.register(server.port, 'ana', { caps: 'echo-message account-notify extended-monitor' })
  using eva = await comes(server.port, 'eva', 'account-notify')
  await ana.expect(/:eva!\S+ JOIN #general$/)
  await ana.ask('MONITOR + eva,nueva', 'PRIVMSG eva :primera')
  await eva.expect(/ PRIVMSG eva :?primera$/)
  eva.send('AWAY :ya vuelvo')
  await eva.expect(/ 306 /)
  assert.deepEqual(
    (await eva.ask(`REGISTER nueva * ${PASSWORD}`)).filter(line => !/ REGISTER SUCCESS /.test(line)),
    [
      ':eva!eva@tertulia.local NICK nueva',
      ':tertulia.local 900 nueva nueva!nueva@tertulia.local nueva :You are now logged in as nueva',
      ':nueva!nueva@tertulia.local ACCOUNT nueva',
    ],
    'they know what they are called before anything is said to that name',
  )
  await ana.expect(':eva!eva@tertulia.local NICK nueva')
  await ana.expect(':tertulia.local 731 ana eva')
  await ana.expect(':tertulia.local 730 ana nueva!nueva@tertulia.local')
  await ana.expect(':nueva!nueva@tertulia.local ACCOUNT nueva')
  assert.match(
    (await ana.ask('PRIVMSG nueva :segunda')).join('\n'),
    /^:\S+ 301 ana nueva :ya vuelvo\n:ana!\S+ PRIVMSG nueva :?segunda$/,
  )
  await eva.expect(/^:ana!\S+ PRIVMSG nueva :?segunda$/)
  assert.match((await ana.ask('PRIVMSG eva :a nadie')).join(), / 401 ana eva :/)
  using other = await comes(server.port, 'eva')
  await ana.ask('PRIVMSG eva :a otra')
  await other.expect(/^:ana!\S+ PRIVMSG eva :a otra$/)
  assert.ok(!(await eva.settled()).some(line => line.endsWith('a otra')), 'a name leads to whoever has it')
  eva.send('QUIT :hasta luego')
  await ana.expect(':nueva!nueva@tertulia.local QUIT :Quit: hasta luego')
})

test('messages to the nick of a guest who has gone reach nobody, and later the next guest with that nick', async t => {
  const server = await quickServer(t, { args })
  using ana = await Irc.register(server.port, 'ana')
  {
    using eva = await comes(server.port, 'eva')
    await ana.ask('PRIVMSG eva :a la primera')
    await eva.expect(/ PRIVMSG eva :a la primera$/)
  }
  await ana.expect(/:eva!\S+ QUIT /)
  assert.match((await ana.ask('PRIVMSG eva :¿sigues?')).join(), / 401 ana eva :/)
  using next = await comes(server.port, 'eva')
  await ana.ask('PRIVMSG eva :a la segunda')
  await next.expect(/ PRIVMSG eva :a la segunda$/)
  const past = (await ana.ask('CHATHISTORY LATEST eva * 10')).map(bare)
  assert.ok(
    past.some(line => line.endsWith('a la segunda')) && !past.some(line => line.endsWith('a la primera')),
  )
})

test('without the setting there are no guests', async t => {
  const server = await quickServer(t)
  using eva = await Irc.connect(server.port)
  eva.send('NICK eva', 'USER eva 0 * :Eva')
  await eva.expect(/ 376 /)
  assert.match(
    (await eva.ask('PRIVMSG #general :hola')).join(),
    / 477 eva #general :Hace falta una cuenta\. /,
  )
})

test('messages of guests and bots are tagged as theirs after a restart, too', async () => {
  const data = await temporaryFolder()
  const saying = /PRIVMSG #general :(de eva|de robot|de beto)$/
  try {
    {
      await using server = await openServer({ data, args })
      const owner = await server.web.register('ana')
      for (const username of ['robot', 'beto']) {
        const web = await server.web.register(username)
        if (username === 'robot') await owner.do('PUT', '/people/robot/role', { role: 'bot' })
        await web.do('POST', '/rooms/general/messages', { text: `de ${username}` })
      }
      using eva = await comes(server.port, 'eva')
      using watching = await Irc.logIn(server.port, 'beto')
      eva.send('PRIVMSG #general :de eva')
      await watching.expect(saying)
    }
    await using server = await openServer({ data, args })
    using beto = await Irc.logIn(server.port, 'beto')
    const lines = (await beto.ask('CHATHISTORY LATEST #general * 10')).filter(line => saying.test(line))
    const told = lines.map(line => [
      tagsOf(line).get('account'),
      tagsOf(line).has('bot'),
      saying.exec(line)?.[1],
    ])
    assert.deepEqual(told, [
      ['robot', true, 'de robot'],
      ['beto', false, 'de beto'],
      [undefined, false, 'de eva'],
    ])
  } finally {
    await rm(data, { recursive: true })
  }
})
