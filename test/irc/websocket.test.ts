import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { openServer } from '../tools/hosted.ts'
import { Irc } from '../tools/irc-client.ts'
import { PASSWORD } from '../tools/line-client.ts'
import { patiently } from '../tools/patiently.ts'
import { HOST, source } from './quick-server.ts'

interface Opened extends Disposable {
  readonly web: WebSocket
  /** The messages, and whether each was binary. */
  readonly heard: { line: string; binary: boolean }[]
  expect(wanted: RegExp): Promise<void>
}

async function open(port: number, protocols: string[]): Promise<Opened> {
  const web = new WebSocket(`ws://127.0.0.1:${port}/irc`, protocols)
  const heard: Opened['heard'] = []
  web.on('message', (data, binary) => heard.push({ line: String(data), binary }))
  await new Promise((resolve, reject) => web.on('open', resolve).on('error', reject))
  const expect = (wanted: RegExp) =>
    patiently(
      () => heard.some(({ line }) => wanted.test(line)),
      () => `never heard ${wanted}, but ${JSON.stringify(heard)}`,
    )
  return { web, heard, expect, [Symbol.dispose]: () => web.terminate() }
}

test('IRC on a WebSocket: each line is a message, text or bytes as the client likes best, or text', async () => {
  await using server = await openServer()
  using ana = await Irc.register(server.port, 'ana')
  for (const [protocols, chosen] of [
    [['text.ircv3.net', 'binary.ircv3.net'], 'text.ircv3.net'],
    [['nada', 'binary.ircv3.net', 'text.ircv3.net'], 'binary.ircv3.net'],
    [[], ''],
  ] as const) {
    using client = await open(server.port, [...protocols])
    assert.equal(client.web.protocol, chosen)
    const nick = `ws${protocols.length}`
    for (const line of [`NICK ${nick}`, `USER x 0 * :X`, `REGISTER * * ${PASSWORD}`]) client.web.send(line)
    await client.expect(new RegExp(`^${source(nick)} JOIN #general$`))
    client.web.send('PRIVMSG #general :hola desde la web ñ')
    await ana.expect(`${source(nick)} PRIVMSG #general :hola desde la web ñ`)
    ana.send('PRIVMSG #general :uno', 'PRIVMSG #general :dos')
    await client.expect(/^:ana!\S+ PRIVMSG #general :dos$/)
    assert.ok(
      client.heard.every(
        ({ line, binary }) => !/[\r\n]/.test(line) && binary === (chosen === 'binary.ircv3.net'),
      ),
    )
    client.web.send('QUIT :adiós')
    await client.expect(/^ERROR :Quit: adiós$/)
    await patiently(
      () => client.web.readyState === WebSocket.CLOSED,
      () => 'it was never closed',
    )
  }
  using torn = await open(server.port, ['binary.ircv3.net'])
  torn.web.send(Buffer.from([0xff, 0xfe]))
  await torn.expect(/ 400 \* \* :La línea no es UTF-8/)
  torn.web.send('x'.repeat(9_000))
  await torn.expect(new RegExp(`^:${HOST} 417 `))
})

test('a page of another origin cannot speak IRC', async () => {
  await using server = await openServer()
  const web = new WebSocket(`ws://127.0.0.1:${server.port}/irc`, { origin: 'https://ajena.example' })
  const refused = await new Promise(resolve =>
    web.on('unexpected-response', (_, { statusCode }) => resolve(statusCode)),
  )
  assert.equal(refused, 403)
})

test('a slow reader on a WebSocket gets everything in the end', async () => {
  await using server = await openServer({ args: ['--no-limits'] })
  using ana = await Irc.register(server.port, 'ana')
  using slow = await open(server.port, ['text.ircv3.net'])
  for (const line of ['NICK lento', 'USER x 0 * :X', `REGISTER * * ${PASSWORD}`]) slow.web.send(line)
  await slow.expect(/ 366 /)
  slow.web.pause()
  for (let i = 0; i < 4_000; i++) {
    ana.send(`PRIVMSG #general :${i} ${'x'.repeat(300)}`)
    if (i % 500 === 499) await ana.settled()
  }
  slow.web.resume()
  await slow.expect(/ PRIVMSG #general :3999 /)
  const numbers = slow.heard.flatMap(({ line }) => / PRIVMSG #general :(\d+) /.exec(line)?.[1] ?? [])
  assert.deepEqual(
    numbers,
    Array.from({ length: 4_000 }, (_, i) => `${i}`),
  )
})

test('thousands of pings end a connection; thousands of lines are read more slowly', async () => {
  await using server = await openServer()
  for (const path of ['ws', 'irc'])
    for (const sign of ['ping', 'pong'] as const) {
      const web = new WebSocket(`ws://127.0.0.1:${server.port}/${path}`)
      await once(web, 'open')
      const closed = once(web, 'close')
      while (web.readyState === WebSocket.OPEN) {
        for (let i = 0; i < 3000; i++) web[sign]()
        await setImmediate()
      }
      await closed
    }
  const began = performance.now()
  using irc = await Irc.connect(server.port)
  irc.send('CAP LS', ...Array.from({ length: 2100 }, (_, i) => `PING ${i}`))
  await irc.expect(/ PONG \S+ :?2099$/)
  using client = await open(server.port, [])
  for (let i = 0; i < 2100; i++) client.web.send(`PING ${i}`)
  await client.expect(/ PONG \S+ :?2099$/)
  const web = new WebSocket(`ws://127.0.0.1:${server.port}/ws`)
  await once(web, 'open')
  let pongs = 0
  web.on('message', () => pongs++)
  for (let i = 0; i < 2100; i++) web.send('{"type":"ping"}')
  await patiently(
    () => pongs === 2100,
    () => `${pongs} were answered`,
  )
  web.terminate()
  assert.ok(performance.now() - began > 3 * 450, 'the last hundred of each wait for half a second')
})
