// Clauses of Modern IRC about making and parsing lines (docs/irc-clauses.md).

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from '../../src/doors/irc/wire/message.ts'
import { bare, Irc, MODERN, tagsOf } from '../tools/irc-client.ts'
import { HOST, quickServer, source } from './quick-server.ts'

/** Commands that make the server send a bit of everything. */
const QUESTIONS = [
  'JOIN #club',
  'TOPIC #club :de qué va',
  'TOPIC #club',
  'PRIVMSG #club :uno  dos',
  'PRIVMSG #club ::-)',
  'PRIVMSG beto :hola',
  'MODE #club +m',
  'MODE #club',
  'MODE #club b',
  'AWAY :fuera un rato',
  'AWAY',
  'NAMES #club',
  'LIST',
  'WHO #club',
  'WHO #club %tcuihsnfdlaor,7',
  'WHOIS ana',
  'WHOWAS nadie',
  'USERHOST ana beto',
  'ISON ana beto',
  'MONITOR + beto,nadie',
  'MONITOR L',
  'LUSERS',
  'MOTD',
  'VERSION',
  'ADMIN',
  'INFO',
  'LINKS',
  'TIME',
  'HELP',
  'NADA',
  'JOIN #con.punto',
  'KICK #club nadie',
  'CHATHISTORY LATEST #club * 5',
  'MARKREAD #club',
  'REDACT #club 0-0',
  'CAP LIST',
  'PART #club',
] as const

/** The parameters before the last one, which may have a colon before it. */
function middles(line: string): readonly string[] {
  const at = line.indexOf(' :', 1)
  return (at === -1 ? line : line.slice(0, at)).split(' ')
}

test('every line, to a client without capabilities and to one with all, has the form of Modern IRC', async t => {
  for (const caps of ['', MODERN]) {
    const server = await quickServer(t)
    using _ = await Irc.register(server.port, 'beto')
    using ana = await Irc.register(server.port, 'ana', { caps })
    let raw = ''
    ana.socket.on('data', text => {
      raw += String(text)
    })
    await ana.ask(...QUESTIONS)
    assert.doesNotMatch(raw.replaceAll('\r\n', ''), /[\r\n]/, 'MSG-1: every line ends with CR and LF')
    assert.ok(!/\r\n\r\n/.test(raw), 'MSG-2: no empty line is sent')
    const heard = new Set<string>()
    for (const line of ana.lines) {
      if (caps === '') assert.ok(!line.startsWith('@'), `MSG-3: no tags unasked: ${line}`)
      const rest = bare(line)
      const hasSource = rest.startsWith(':')
      const words = middles(rest)
      const [command = '', ...params] = hasSource ? words.slice(1) : words
      heard.add(command)
      assert.match(command, /^([A-Z]+|\d{3})$/, `MSG-4: a command or a numeric: ${line}`)
      assert.ok(!words.includes(''), `MSG-5: one space between two parameters: ${line}`)
      assert.ok(params.length + 1 <= 15, `MSG-6: at most 15 parameters: ${line}`)
      assert.ok(Buffer.byteLength(rest) <= 510, `MSG-7: at most 512 bytes: ${line}`)
      assert.doesNotMatch(rest, /[\0\ufffd]/, `MSG-8: whole UTF-8: ${line}`)
      if (!/^\d{3}$/.test(command)) continue
      assert.ok(rest.startsWith(`:${HOST} `), `NUM-1: a numeric has the server's source: ${line}`)
      assert.equal(params[0], 'ana', `NUM-2: a numeric has its target first: ${line}`)
    }
    assert.ok(heard.size > 50, `${[...heard].join(' ')}`)
    assert.ok(
      ana.lines.map(bare).includes(`${source('ana')} TOPIC #club :de qué va`),
      'MSG-9: what has spaces has a colon before it',
    )
  }
})

test('parameters that need a colon have one: with spaces, empty, beginning with a colon', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps: 'echo-message' })
  ana.send('PRIVMSG #general ::-)', 'PRIVMSG #general :dos palabras', 'JOIN #club')
  // MSG-9, each as it is on the wire
  await ana.expect(/^:ana!\S+ PRIVMSG #general ::-\)$/)
  await ana.expect(/^:ana!\S+ PRIVMSG #general :dos palabras$/)
  await ana.expect(/ 366 /)
  ana.send('TOPIC #club :algo más', 'TOPIC #club :')
  await ana.expect(/^:ana!\S+ TOPIC #club :algo más$/)
  await ana.expect(/^:ana!\S+ TOPIC #club :$/)
})

test('input is parsed leniently, and a trailing parameter is like any other', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps: 'echo-message message-tags' })
  const pong = [`:${HOST} PONG ${HOST} x`]
  assert.deepEqual(await ana.ask('PING x'), pong)
  assert.deepEqual(await ana.ask('PING :x'), pong, 'MSG-10: a colon before the last one says nothing')
  assert.deepEqual(await ana.ask('PING   x'), pong, 'MSG-11: several spaces are one')
  assert.deepEqual(await ana.ask('ping x'), pong, 'MSG-12: commands in any case')
  assert.deepEqual(await ana.ask(`:otra!x@y PING x`), pong, 'MSG-13: a source is passed over')
  assert.deepEqual(await ana.ask('', '', 'PING x', ''), pong, 'MSG-14: empty lines are passed over')
  ana.skip()
  ana.socket.write('PING x\n')
  await ana.expect(`:${HOST} PONG ${HOST} x`) // MSG-15: a line may end with LF alone
  assert.deepEqual(parse('PRIVMSG #a :b').params, parse('PRIVMSG #a b').params, 'MSG-10')
  assert.deepEqual(await ana.ask('@!!=\\q;;=;á=1 PING x'), pong, 'TAG-4: odd keys reject no line')
  const long = `PRIVMSG #general :${'x'.repeat(600)}`
  assert.match((await ana.ask(long)).join(), / 417 ana :/, 'MSG-16: a long line is answered')
  assert.match((await ana.ask(`PRIVMSG #general :${'x'.repeat(100)}`)).join(), / PRIVMSG #general :x+$/)
  const tags = tagsOf((await ana.ask('@+reply=a;+reply=1-1 PRIVMSG #general :y'))[0] ?? '')
  assert.equal(tags.get('+reply'), '1-1', 'TAG-2: of two tags with one key the last counts')
})
