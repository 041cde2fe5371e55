// Client-only tags (IRCv3 message-tags), live and in history.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { bare, Irc, inBatch, MODERN, tagOf, tagsOf } from '../tools/irc-client.ts'
import { patiently } from '../tools/patiently.ts'
import type { Server } from '../tools/server.ts'
import { quickServer, source } from './quick-server.ts'

const endings: (() => Promise<void>)[] = []
let server: Server

before(async () => {
  server = await quickServer({ after: end => void endings.push(end) })
})
after(async () => {
  for (const end of endings) await end()
})

const ICON = '+ejemplo.org/icono'
const URL = 'https://ejemplo.org/ñ\\:a\\sb\\\\c'

/** The client-only tags of a line. */
function told(line: string): readonly (readonly [string, string])[] {
  return [...tagsOf(line)].filter(([name]) => name.startsWith('+'))
}

test('PRIVMSG and NOTICE carry them to clients with tags, in channels and in private, live and later', async () => {
  using ana = await Irc.register(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto')
  using old = await Irc.register(server.port, 'viejo', { caps: 'server-time' })
  for (const [i, command] of ['PRIVMSG', 'NOTICE'].entries())
    for (const target of ['#general', 'beto']) {
      const text = `${command} ${i}`
      ana.send(`@${ICON}=${URL};+vacía;+x=;time=nunca ${command} ${target} :${text}`)
      const wanted = [
        [ICON, URL],
        ['+x', ''],
      ]
      const echo = await ana.expect(new RegExp(` ${command} ${target} :${text}$`))
      const line = await beto.expect(new RegExp(`:ana!\\S+ ${command} ${target} :${text}$`))
      assert.deepEqual(told(line), wanted)
      assert.deepEqual(told(echo), wanted)
      const again = inBatch(await beto.ask(`CHATHISTORY LATEST ${target === 'beto' ? 'ana' : target} * 1`))
      assert.deepEqual(again.map(told), [wanted])
      assert.equal(tagOf(again[0] ?? '', 'msgid'), tagOf(line, 'msgid'))
      if (target === 'beto') continue
      const seen = await old.expect(new RegExp(` ${command} #general :${text}$`))
      assert.deepEqual([...tagsOf(seen).keys()], ['time'])
    }
})

test('a multiline message has the tags of its batch, on its first line for clients without batches', async () => {
  using ana = await Irc.register(server.port, 'ana2')
  using beto = await Irc.register(server.port, 'beto2', { caps: 'message-tags' })
  const line = '@batch=7 PRIVMSG #general :'
  ana.send(`@${ICON}=a BATCH +7 draft/multiline #general`, `${line}uno`, `${line}dos`, 'BATCH -7')
  assert.deepEqual(told(await ana.expect(/ BATCH \+\S+ draft\/multiline #general$/)), [[ICON, 'a']])
  assert.deepEqual(told(await beto.expect(/ PRIVMSG #general :?uno$/)), [[ICON, 'a']])
  assert.deepEqual(told(await beto.expect(/ PRIVMSG #general :?dos$/)), [])
})

test('+reply to a message of the room is a reply; any other is relayed as it is', async () => {
  using ana = await Irc.register(server.port, 'ana3')
  await ana.ask('JOIN #tres')
  const [said = ''] = await ana.ask('PRIVMSG #tres :primero')
  const id = tagOf(said, 'msgid')
  const echoed = async (tags: string) => told((await ana.ask(`@${tags} PRIVMSG #tres :y`))[0] ?? '')
  assert.deepEqual(await echoed(`+reply=${id};+a=b`), [
    ['+reply', id],
    ['+draft/reply', id],
    ['+a', 'b'],
  ])
  assert.deepEqual(await echoed('+draft/reply=ajeno;+draft/react=👍'), [
    ['+draft/reply', 'ajeno'],
    ['+draft/react', '👍'],
  ])
  assert.deepEqual(await echoed('+channel-context=#tres'), [['+channel-context', '#tres']])
})

test('no value moves the cursor; tags over the bounds are refused with 417', async () => {
  using ana = await Irc.register(server.port, 'ana4')
  const ask = async (tags: string) => (await ana.ask(`@${tags} PRIVMSG #general :y`))[0] ?? ''
  assert.deepEqual(told(await ask('+a=x\x1b[2J\u202ey\\r\\nz;+\u202e=1')), [['+a', 'x[2Jy\\nz']])
  const long = 'x'.repeat(4094 - '+a='.length)
  assert.deepEqual(told(await ask(`+a=${long}`)), [['+a', long]])
  assert.match(await ask(`+a=${long}x`), / 417 ana4 :/)
  const again = inBatch(await ana.ask('CHATHISTORY LATEST #general * 1'))
  assert.deepEqual(again.map(told), [[['+a', long]]])
})

test('playback of unread messages has them', async () => {
  using ana = await Irc.register(server.port, 'ana5')
  using beto = await Irc.register(server.port, 'beto5')
  beto.send('QUIT')
  await ana.expect(/:beto5!\S+ QUIT /)
  await ana.ask(`@${ICON}=a PRIVMSG beto5 :mientras tanto`)
  using back = await Irc.logIn(server.port, 'beto5', { caps: 'message-tags batch server-time' })
  const missed = () => back.lines.filter(line => / PRIVMSG beto5 :mientras tanto$/.test(line))
  await patiently(
    () => missed().length === 1,
    () => `never shown, but\n${back.lines.join('\n')}`,
    back.closed,
  )
  assert.deepEqual(missed().map(told), [[[ICON, 'a']]])
})

test('edited and deleted messages lose them; other doors never see them', async () => {
  using ana = await Irc.register(server.port, 'ana6')
  await ana.ask('JOIN #seis')
  await ana.ask('@+a=b PRIVMSG #seis :uno', '@+a=b PRIVMSG #seis :dos', '@+a=b PRIVMSG #seis :tres')
  const web = await server.web.logIn('ana6')
  const { messages } = await web.do('GET', '/rooms/seis/messages')
  assert.ok(messages.length === 3 && messages.every((each: object) => !('tags' in each)))
  const [one, two] = messages.map(({ seq }: { seq: number }) => `/rooms/seis/messages/${seq}`)
  const { doors } = await web.do('GET', `${one}/doors`)
  const showing = doors.filter(({ text }: { text: string }) => text.includes('+a'))
  assert.deepEqual(
    showing.map(({ door }: { door: string }) => door),
    ['irc'],
  )
  assert.ok(!JSON.stringify(await web.do('GET', '/search?q=dos')).includes('+a'))
  await web.do('PATCH', one, { text: 'otro' })
  await web.do('DELETE', two)
  await ana.expect(/ REDACT #seis /)
  const again = inBatch(await ana.ask('CHATHISTORY LATEST #seis * 9'))
  assert.deepEqual(
    again.map(line => [bare(line).split(':').at(-1)?.split(' ').at(-1), told(line).length]),
    [
      ['otro', 0],
      ['tres', 1],
    ],
  )
})

test('TAGMSG goes to online clients with tags, under its label to the sender, and is not logged', async () => {
  using ana = await Irc.register(server.port, 'ana7')
  using beto = await Irc.register(server.port, 'beto7')
  using old = await Irc.register(server.port, 'viejo7', { caps: '' })
  for (const target of ['#general', 'beto7']) {
    const [echo = ''] = await ana.ask(`@label=x;${ICON}=${URL} TAGMSG ${target}`)
    assert.equal(bare(echo), `${source('ana7')} TAGMSG ${target}`)
    assert.equal(tagOf(echo, 'label'), 'x')
    const line = await beto.expect(`${source('ana7')} TAGMSG ${target}`)
    for (const each of [echo, line]) {
      assert.deepEqual(told(each), [[ICON, URL]])
      assert.equal(tagOf(each, 'account'), 'ana7')
      assert.match(tagOf(each, 'time'), /^\d{4}-/)
    }
    beto.send(`@+typing=done TAGMSG ${target === 'beto7' ? 'ana7' : target}`)
    assert.deepEqual(told(await ana.expect(/:beto7!\S+ TAGMSG /)), [['+typing', 'done']])
  }
  assert.deepEqual(inBatch(await beto.ask('CHATHISTORY LATEST ana7 * 9')), [])
  assert.deepEqual(await ana.ask('@label=y;nada=x TAGMSG #general'), ['@label=y :tertulia.local ACK'])
  await old.settled()
  assert.ok(!old.lines.some(line => / TAGMSG /.test(line)))
})

test('other tags beside a reaction are relayed on their own; typing alone opens no conversation', async () => {
  using ana = await Irc.register(server.port, 'ana8')
  using beto = await Irc.register(server.port, 'beto8')
  const [said = ''] = await ana.ask('PRIVMSG #general :hola')
  const id = tagOf(said, 'msgid')
  beto.send(`@+draft/react=👍;+reply=${id};+a=b TAGMSG #general`)
  assert.deepEqual(told(await ana.expect(/:beto8!\S+ TAGMSG #general$/)), [
    ['+reply', id],
    ['+draft/reply', id],
    ['+draft/react', '👍'],
  ])
  assert.deepEqual(told(await ana.expect(/:beto8!\S+ TAGMSG #general$/)), [['+a', 'b']])
  assert.deepEqual(await ana.ask('@+typing=active TAGMSG beto8'), [])
  assert.match((await ana.ask('@+typing=active TAGMSG nadie8')).join(), / 401 ana8 nadie8 :/)
  assert.match((await ana.ask('@+a=b TAGMSG nadie8')).join(), / 401 ana8 nadie8 :/)
  const web = await server.web.logIn('beto8')
  const rooms = async () => JSON.stringify(await web.do('GET', '/rooms'))
  assert.ok(!(await rooms()).includes('ana8'))
})

test('TAGMSG is refused as a text would be: muted, banned, silenced, archived, outside; blocked people are not shown', async () => {
  using ana = await Irc.register(server.port, 'ana9')
  using beto = await Irc.register(server.port, 'beto9')
  await ana.ask('JOIN #nueve')
  const asks = async () => (await beto.ask('@+a=b TAGMSG #nueve')).map(bare).join('\n')
  assert.match(await asks(), / 404 beto9 #nueve :/)
  await beto.ask('JOIN #nueve')
  assert.equal(await asks(), `${source('beto9')} TAGMSG #nueve`)
  await ana.expect(/:beto9!\S+ TAGMSG #nueve$/)
  for (const [on, off] of [
    ['+b m:beto9', '-b m:beto9'],
    ['+b bet*', '-b bet*'],
    ['+m', '-m'],
  ] as const) {
    await ana.ask(`MODE #nueve ${on}`)
    assert.match(await asks(), / 404 beto9 #nueve :/, on)
    await ana.ask(`MODE #nueve ${off}`)
  }
  const web = await server.web.logIn('ana9')
  await web.do('PATCH', '/rooms/nueve', { archived: true })
  assert.match(await asks(), / 404 beto9 #nueve :/)
  await ana.ask('PRIVMSG beto9 :hola')
  await web.do('PUT', '/me/blocks/beto9')
  beto.send('@+a=b TAGMSG ana9', '@+a=c PRIVMSG ana9 :fin', '@+a=d TAGMSG #general')
  assert.deepEqual(told(await ana.expect(/:beto9!\S+ TAGMSG /)), [['+a', 'd']])
  assert.ok(ana.lines.every(line => !line.includes('+a=c') && !/ TAGMSG ana9$/.test(line)))
})

test('005 has no CLIENTTAGDENY', async () => {
  using ana = await Irc.register(server.port, 'ana10', { caps: MODERN })
  assert.ok(!ana.lines.some(line => line.includes('CLIENTTAGDENY')))
})
