// Events besides messages in history (draft/event-playback), and NOTICE, which stays one.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bare, Irc, inBatch, MODERN, tagOf } from '../tools/irc-client.ts'
import { quickServer } from './quick-server.ts'

/** The lines in the batch, without tags. */
function inside(lines: readonly string[]): string[] {
  return inBatch(lines).map(bare)
}

test('event-playback: pages have joins, parts, modes, topics and reactions, in order; without it only messages', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps: `${MODERN} draft/event-playback` })
  using beto = await Irc.register(server.port, 'beto')
  using caro = await Irc.register(server.port, 'caro')
  assert.match((await beto.ask('CAP REQ event-playback')).join(), / NAK event-playback$/)
  ana.send('JOIN #club')
  await ana.expect(/ 366 ana #club /)
  ana.send('PRIVMSG #club :primera')
  const first = tagOf(await ana.expect(/PRIVMSG #club :primera$/), 'msgid')
  beto.send('JOIN #club')
  await ana.expect(/:beto!\S+ JOIN #club /)
  ana.send('TOPIC #club :de qué se trata', 'MODE #club +o beto')
  await beto.expect(/ MODE #club \S*o\S* /)
  beto.send(`@+draft/reply=${first};+draft/react=👍 TAGMSG #club`)
  await ana.expect(/TAGMSG #club$/)
  ana.send('PRIVMSG #club :segunda')
  await ana.expect(/PRIVMSG #club :segunda$/)
  caro.send('JOIN #club')
  await ana.expect(/:caro!\S+ JOIN #club /)
  caro.send('PART #club')
  await ana.expect(/:caro!\S+ PART #club$/)

  const latest = inside(await ana.ask('CHATHISTORY LATEST #club * 50'))
  const kinds = latest.map(line => line.split(' ')[1])
  assert.deepEqual(
    kinds,
    ['JOIN', 'PRIVMSG', 'JOIN', 'TOPIC', 'MODE', 'TAGMSG', 'PRIVMSG', 'JOIN', 'PART'],
    latest.join('\n'),
  )
  assert.equal(latest[2], ':beto!beto@tertulia.local JOIN #club beto Beto')
  assert.deepEqual(
    inside(await beto.ask('CHATHISTORY LATEST #club * 50')).map(line => line.split(' ')[1]),
    ['PRIVMSG', 'PRIVMSG'],
  )
  const after = inside(await ana.ask(`CHATHISTORY AFTER #club msgid=${first} 1`))
  assert.deepEqual(after.length, 1, 'never more than were asked for')
  assert.match((await caro.ask('CHATHISTORY LATEST #club * 50')).join(), / FAIL CHATHISTORY INVALID_TARGET /)
})

test('events without messages are included: before the first message, after the last, alone', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps: `${MODERN} draft/event-playback` })
  await ana.ask('JOIN #club', 'TOPIC #club :primero')
  const asked = async (question: string) =>
    inside(await ana.ask(`CHATHISTORY ${question}`)).map(line => line.split(' ').slice(1, 4).join(' '))
  const topics = ['JOIN #club ana', 'TOPIC #club :primero']
  assert.deepEqual(
    (await asked('LATEST #club * 10')).map(line => line.replace(' primero', ' :primero')),
    topics,
  )
  const [said = ''] = await ana.ask('PRIVMSG #club :hola')
  const id = tagOf(said, 'msgid')
  await ana.ask(`@+reply=${id};+draft/react=👍 TAGMSG #club`, 'TOPIC #club :otro')
  const kinds = async (question: string) => (await asked(question)).map(line => line.split(' ')[0])
  assert.deepEqual(await kinds('LATEST #club * 10'), ['JOIN', 'TOPIC', 'PRIVMSG', 'TAGMSG', 'TOPIC'])
  assert.deepEqual(await kinds('LATEST #club * 2'), ['TAGMSG', 'TOPIC'])
  assert.deepEqual(await kinds(`LATEST #club msgid=${id} 10`), ['TAGMSG', 'TOPIC'])
  assert.deepEqual(await kinds(`BEFORE #club msgid=${id} 10`), ['JOIN', 'TOPIC'])
  assert.deepEqual(await kinds(`BEFORE #club msgid=${id} 1`), ['TOPIC'])
  assert.deepEqual(await kinds(`AFTER #club msgid=${id} 1`), ['TAGMSG'])
  assert.deepEqual(await kinds(`AFTER #club msgid=${id} 10`), ['TAGMSG', 'TOPIC'])
  const [room] = id.split('-')
  assert.deepEqual(await kinds(`BETWEEN #club msgid=${room}-1 msgid=${room}-5 10`), [
    'TOPIC',
    'PRIVMSG',
    'TAGMSG',
  ])
  assert.deepEqual(await kinds(`BETWEEN #club msgid=${room}-5 msgid=${room}-1 2`), ['PRIVMSG', 'TAGMSG'])
})

test('a NOTICE stays one on IRC, live and in history; other doors show a marked message', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto')
  const caro = await server.register('caro')
  ana.send('NOTICE #general :son las doce')
  const own = await ana.expect(/NOTICE #general :son las doce$/)
  assert.equal(
    tagOf(await beto.expect(/^(@\S+ )?:ana!\S+ NOTICE #general :son las doce$/), 'msgid'),
    tagOf(own, 'msgid'),
  )
  await caro.expect('ana: son las doce')
  assert.deepEqual(inside(await beto.ask('CHATHISTORY LATEST #general * 1')), [
    ':ana!ana@tertulia.local NOTICE #general :son las doce',
  ])
  const web = await server.web.logIn('caro')
  const { messages } = await web.do('GET', '/rooms/general/messages?limit=1')
  assert.equal(messages[0].notice, true)
  await web.do('POST', '/rooms/general/messages', { text: 'de un programa', notice: true })
  await ana.expect(/^(@\S+ )?:caro!\S+ NOTICE #general :de un programa$/)
  using old = await Irc.register(server.port, 'vieja', { caps: '' })
  ana.send('BATCH +1 draft/multiline #general', '@batch=1 NOTICE #general :uno')
  ana.send('@batch=1 NOTICE #general :dos', 'BATCH -1')
  await beto.expect(/ BATCH \+\S+ draft\/multiline #general$/)
  await beto.expect(/:ana!\S+ NOTICE #general :?uno$/)
  await beto.expect(/:ana!\S+ NOTICE #general :?dos$/)
  await old.expect(/^:ana!\S+ NOTICE #general :?uno$/)
  await old.expect(/^:ana!\S+ NOTICE #general :?dos$/)
  ana.send('NOTICE beto :psst')
  await beto.expect(/^(@\S+ )?:ana!\S+ NOTICE beto :psst$/)
})

test('messages that other events displaced from a page are not marked as read', async t => {
  const server = await quickServer(t)
  const caps = 'sasl server-time message-tags draft/chathistory draft/event-playback batch'
  using ana = await Irc.register(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto', { caps })
  await ana.ask('JOIN #club')
  await beto.ask('JOIN #club')
  beto.send('QUIT')
  await beto.closed
  await ana.ask('PRIVMSG #club :no visto', 'TOPIC #club :uno', 'TOPIC #club :dos')
  using again = await Irc.logIn(server.port, 'beto', { caps })
  const latest = inside(await again.ask('CHATHISTORY LATEST #club * 2'))
  assert.deepEqual(
    latest.map(line => line.split(' ')[1]),
    ['TOPIC', 'TOPIC'],
  )
  again.send('QUIT')
  await again.closed
  const { mine } = await (await server.web.logIn('beto')).do('GET', '/rooms')
  assert.equal(mine.find(({ name }: { name: string }) => name === 'club').unread, 1)
})
