import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openServer } from '../tools/hosted.ts'
import { bare, Irc, tagOf } from '../tools/irc-client.ts'
import { patiently } from '../tools/patiently.ts'
import { HOST, quickServer, source } from './quick-server.ts'

const impatient = [
  { file: 'doors/irc/wire/keep-alive.ts', set: { SILENCE_MS: 2_000 } },
  { file: 'doors/irc/wire/keep-alive.ts', set: { REGISTERING_MS: 8_000 } },
  { file: 'doors/irc/commands/multiline.ts', set: { LONGEST_BATCH_MS: 200 } },
]

test('silent clients get a PING; those that do not answer or register are disconnected', async t => {
  const server = await quickServer(t, { edits: impatient })
  using ana = await Irc.register(server.port, 'ana') // answers PING
  await ana.expect(`PING ${HOST}`)
  await ana.expect(`PING ${HOST}`)
  const beto = await server.connect()
  beto.send('NICK beto\r\nUSER b 0 * :B\r\n')
  await beto.expect('PING tertulia.local\r\n')
  await beto.expect('ERROR :Ping timeout')
  await beto.closed
  const slow = await server.connect()
  slow.send('NICK lento\r\n')
  await slow.expect('ERROR :Registration timed out\r\n')
  await slow.closed
  const [label] = await ana.ask('@label=b BATCH +x draft/multiline #general').then(() => [])
  assert.equal(label, undefined)
  const late = await ana.expect(/ FAIL BATCH TIMEOUT x :/)
  assert.equal(tagOf(late, 'label'), 'b')
  assert.deepEqual(await ana.ask('@batch=x PRIVMSG #general :tarde', 'BATCH -x'), [])
})

test('a server that stops sends ERROR to everybody, after the receipts of their posts', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto')
  for (let i = 0; i < 50; i++) ana.send(`PRIVMSG #general :m${i}`)
  await beto.expect(/:m49$/)
  const stopping = server.stop()
  for (const client of [ana, beto]) {
    await client.expect(/^ERROR :/)
    await client.closed
  }
  assert.equal(await stopping, 0)
})

test('a client that stops reading falls behind and gets every message in the end, once and in order', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  using slow = await Irc.register(server.port, 'lento', {
    caps: 'message-tags server-time batch draft/multiline',
  })
  await ana.expect(/ JOIN #general lento /)
  slow.socket.pause()
  const texts = 6_000
  const padding = 'ñ'.repeat(200)
  for (let i = 0; i < texts; i++) {
    ana.send(`PRIVMSG #general :${i} ${padding}`)
    if (i % 500 === 499) await ana.settled()
  }
  slow.socket.resume()
  await slow.expect(new RegExp(` PRIVMSG #general :${texts - 1} ñ+$`))
  const said = slow.lines.filter(line => / PRIVMSG /.test(line))
  assert.deepEqual(
    said.map(line => Number(/ :(\d+) ñ{200}$/.exec(line)?.[1])),
    Array.from({ length: texts }, (_, i) => i),
  )
  slow.send('PRIVMSG #general :sigo aquí')
  await ana.expect(`${source('lento')} PRIVMSG #general :sigo aquí`)
})

test('commands after texts are answered after them; a flood is read more slowly, not lost', async () => {
  await using server = await openServer()
  using ana = await Irc.register(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto')
  for (let i = 0; i < 320; i++) ana.send(`PRIVMSG #general :m${i}`)
  ana.send('TIME')
  await ana.expect(/ 391 /)
  assert.equal(
    ana.lines.filter(line => / PRIVMSG #general :m/.test(line)).length,
    320,
    'all of it is echoed before',
  )
  await patiently(
    () => beto.lines.filter(line => / PRIVMSG #general :m/.test(line)).length === 320,
    () => 'a message is missing',
  )
  const order = beto.lines
    .filter(line => / PRIVMSG #general :m/.test(line))
    .map(line => bare(line).split(':m')[1])
  assert.deepEqual(
    order,
    Array.from({ length: 320 }, (_, i) => `${i}`),
  )
})

test('connections that end in the middle of their first line do no harm', async t => {
  const server = await quickServer(t, { edits: impatient })
  for (const word of ['NICK', 'CAP', 'PASS', 'USER', 'NICK zed', 'CAP LS', 'N']) {
    const gone = await server.connect()
    gone.send(word)
    gone.end()
    await gone.closed
  }
  // Until unregistered connections are disconnected.
  const slow = await server.connect()
  slow.send('NICK lento\r\n')
  await slow.expect('ERROR :Registration timed out\r\n')
  using ana = await Irc.register(server.port, 'ana')
  assert.ok((await ana.ask('VERSION')).length > 0)
  assert.ok(!server.errors.includes('TypeError'), server.errors)
})

test('a client that cannot be welcomed because of an internal error is disconnected with ERROR, and may come again', async t => {
  const failing = {
    file: 'doors/irc/start-session.ts',
    from: '  await client.deps.recalled()\n',
    to: "  await client.deps.recalled()\n  if (client.caps.has('draft/pre-away')) throw new Error('it fails')\n",
  }
  const server = await quickServer(t, { edits: [failing] })
  await server.register('ana')
  using ana = await Irc.connect(server.port)
  ana.send('CAP REQ draft/pre-away', 'PASS ana:secreto123', 'NICK ana', 'USER ana 0 * :Ana', 'CAP END')
  await ana.expect('ERROR :Algo falló en el servidor. Vuelve a conectarte.')
  await ana.closed
  using again = await Irc.logIn(server.port, 'ana', { caps: '' })
  assert.ok((await again.ask('VERSION')).length > 0)
})
