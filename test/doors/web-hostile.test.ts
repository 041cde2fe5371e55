// What a hostile, slow or confused peer sends to the web door: a problem document or a close code each, and the server
// goes on.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { CLOSE_CODES } from '../../src/wire/websocket.ts'
import { openServer } from '../tools/hosted.ts'
import { patiently } from '../tools/patiently.ts'
import type { Server } from '../tools/server.ts'
import type { Web } from '../tools/web-client.ts'

describe('the web door and bad input', () => {
  let server: Server
  let ana: Web
  before(async () => {
    server = await openServer({ args: ['--no-limits'] })
    ana = await server.web.register('ana')
  })
  after(async () => {
    await ana.do('GET', '/session')
    assert.equal(server.errors, '', 'nothing failed')
    await server[Symbol.asyncDispose]()
  })

  /** Sends raw bytes. @returns everything that is answered until the server closes */
  async function raw(...pieces: (string | Buffer)[]): Promise<string> {
    const socket = connect(server.port, '127.0.0.1')
    let heard = ''
    socket.setEncoding('latin1').on('data', text => {
      heard += text
    })
    socket.on('error', () => {})
    const closed = new Promise(resolve => socket.on('close', resolve))
    for (const piece of pieces) {
      socket.write(piece)
      await sleep(20)
    }
    await closed
    return heard
  }

  const HEAD = 'Host: localhost\r\nContent-Type: application/json\r\n'
  const code = (answer: string) => /"code":"([\w-]+)"/.exec(answer)?.[1] ?? answer.slice(0, 200)
  const post = (body: string | Buffer, path = '/api/v1/session') =>
    raw(
      `POST ${path} HTTP/1.1\r\n${HEAD}Authorization: Bearer ${ana.token}\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`,
      body,
    )

  const bodies: Record<string, string | Buffer> = {
    'an object where a string belongs': '{"username":{"a":1},"password":"x"}',
    'an array': '[]',
    nothing: '',
    null: 'null',
    __proto__: '{"__proto__":{"username":"ana"},"username":"ana","password":"x"}',
    'a property that is none': '{"username":"ana","password":"x","isAdmin":true}',
    'depth 10,000': `${'['.repeat(10_000)}${']'.repeat(10_000)}`,
    'depth 10,000 of objects': `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
    'wrong UTF-8': Buffer.from([0x7b, 0xff, 0xfe, 0x7d]),
    'half of it': '{"username":"an',
    'no JSON': 'username=ana',
  }
  for (const [what, body] of Object.entries(bodies)) {
    test(`a body: ${what}`, async () => assert.equal(code(await post(body)), 'bad-request'))
  }

  test('texts where texts belong, and nothing else', async () => {
    for (const text of ['1', '{"a":[]}', 'null', '["hola"]', 'true'])
      assert.equal(code(await post(`{"text":${text}}`, '/api/v1/rooms/1/messages')), 'bad-request', text)
    for (const seq of ['-1', '1.5', '1e99', '4294967296', '"1"'])
      assert.equal(
        code(await post(`{"text":"x","reply":${seq}}`, '/api/v1/rooms/1/messages')),
        'bad-request',
        seq,
      )
  })

  test('a body of 1 GB', async () => {
    const head = `POST /api/v1/session HTTP/1.1\r\n${HEAD}`
    assert.equal(
      code(await raw(`${head}Content-Length: 1000000000\r\n\r\n`, 'x'.repeat(100_000))),
      'too-large',
    )
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`
    assert.equal(
      code(await raw(`${head}Transfer-Encoding: chunked\r\n\r\n`, chunk, chunk, chunk)),
      'too-large',
    )
  })

  test('headers: 2,000, one of 20 KB, none', async () => {
    const many = Array.from({ length: 2000 }, (_, i) => `a${i}:b\r\n`).join('')
    const get = (headers: string) => raw(`GET /api/v1/rooms HTTP/1.1\r\nConnection: close\r\n${headers}\r\n`)
    assert.equal(code(await get(`Host: localhost\r\n${many.slice(0, 12_000)}x:y\r\n`)), 'too-many-headers')
    assert.equal(code(await get(`Host: localhost\r\n${many}`)), 'too-many-headers')
    assert.equal(code(await get(`Host: localhost\r\nX: ${'x'.repeat(20_000)}\r\n`)), 'too-many-headers')
    assert.equal(code(await get('')), 'wrong-host')
  })

  test('after a request with more than a hundred headers nothing of its connection is heard', async () => {
    const answers = async (headers: number) => {
      const first = `GET /api/v1/rooms HTTP/1.1\r\nHost: localhost\r\n${'a:\r\n'.repeat(headers - 1)}\r\n`
      const heard = await raw(`${first}GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
      return heard.match(/(?<=HTTP\/1\.1 )\d+/g)
    }
    assert.deepEqual(await answers(100), ['401', '200'])
    assert.deepEqual(await answers(101), ['431'])
  })

  test('foreign Host names', async () => {
    for (const host of ['evil.example', 'localhost.evil.example', 'x@localhost:1/', '127.0.0.1.nip.io', '['])
      assert.equal(
        code(await raw(`GET /api/v1/rooms HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)),
        'wrong-host',
        host,
      )
    for (const host of ['LOCALHOST', '127.0.0.1:9', '[::1]', '192.168.1.7:8000'])
      assert.equal(
        code(await raw(`GET /api/v1/rooms HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)),
        'not-logged-in',
        host,
      )
  })

  test('the host of an absolute request line counts, and not the Host header', async () => {
    const asked = async (target: string, host: string) =>
      code(await raw(`GET ${target}/api/v1/rooms HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`))
    assert.equal(await asked('http://evil.example', 'localhost'), 'wrong-host')
    assert.equal(await asked('http://localhost:8000', 'evil.example'), 'not-logged-in')
  })

  test('unknown paths and methods', async () => {
    const status = async (method: string, path: string) => (await ana.ask(method, path)).status
    assert.equal(await status('GET', '/nothing'), 404)
    assert.equal(await status('PUT', '/rooms'), 405)
    assert.equal(await status('GET', '/rooms/%00'), 404)
    assert.equal(await status('GET', '/rooms/%ff'), 400)
    assert.equal(await status('GET', `/rooms/${'x'.repeat(600)}`), 400)
    assert.equal(await status('GET', '/rooms/1/messages?before=x'), 400)
    assert.equal(await status('GET', '/rooms/1/messages?limit=0'), 400)
    assert.equal(await status('GET', '/rooms/1/messages?before=1&after=2'), 400)
    assert.equal(await status('GET', '/rooms/1/messages?before=1&before=2'), 400)
    assert.equal(await status('PATCH', '/rooms/1/messages/99999999999'), 400)
  })

  test('an invalid content type', async () => {
    const head = `POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 2\r\n`
    assert.equal(code(await raw(`${head}Content-Type: application/xml\r\n\r\n{}`)), 'wrong-type')
  })

  test('half a verb, and a request that never ends', async () => {
    assert.match(
      await raw(
        'GE',
        Buffer.alloc(0),
        'T /api/v1/rooms HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      ),
      /"code":"not-logged-in"/,
    )
    const socket = connect(server.port, '127.0.0.1')
    socket.write('GET /api HTTP/1.1\r\nHost: localhost\r\n')
    let heard = ''
    socket.on('data', text => {
      heard += text
    })
    await patiently(
      () => heard !== '',
      () => 'who never ends a request stays for ever',
    )
    assert.equal(code(heard), 'too-slow')
    socket.destroy()
  })

  // --- the WebSocket ---------------------------------------------------------------------------------------

  async function open(): Promise<WebSocket> {
    const web = new WebSocket(`ws://127.0.0.1:${server.port}/ws`)
    await once(web, 'open')
    return web
  }

  async function closeCode(web: WebSocket): Promise<number> {
    const [closed] = await once(web, 'close')
    return closed
  }

  const frames: Record<string, string | Buffer> = {
    'no JSON': 'hola',
    null: 'null',
    'an array': '[]',
    'a type that is none': '{"type":"toString"}',
    'a type that is no text': '{"type":{"toString":1}}',
    __proto__: '{"__proto__":{"type":"hello"}}',
    'depth 10,000': '['.repeat(10_000),
    'a post before hello': '{"type":"post","room":1,"text":"x","key":"k"}',
    'a binary frame': Buffer.from('{"type":"ping"}'),
    'a cursor of no room': '{"type":"hello","cursors":[{"room":-1,"epoch":"","seq":0}]}',
    'a cursor with half a seq': '{"type":"hello","cursors":[{"room":1,"epoch":"","seq":0.5}]}',
  }
  for (const [what, frame] of Object.entries(frames)) {
    test(`a frame: ${what}`, async () => {
      const web = await open()
      web.send(frame)
      assert.equal(await closeCode(web), CLOSE_CODES['bad-frame'])
    })
  }

  test('a hello with an invalid token, or without any', async () => {
    for (const token of ['', 'x', 'x'.repeat(43)]) {
      const web = await open()
      web.send(JSON.stringify({ type: 'hello', token }))
      assert.equal(await closeCode(web), CLOSE_CODES['no-such-session'])
    }
    const web = await open()
    web.send('{"type":"hello"}')
    assert.equal(await closeCode(web), CLOSE_CODES['no-such-session'])
  })

  test('two hellos', async () => {
    const web = await open()
    const hello = JSON.stringify({ type: 'hello', token: ana.token })
    web.send(hello)
    web.send(hello)
    assert.equal(await closeCode(web), CLOSE_CODES['bad-frame'])
  })

  test('a subprotocol is not taken', async () => {
    const web = new WebSocket(`ws://127.0.0.1:${server.port}/ws`, ['anything'])
    await assert.rejects(once(web, 'open'), /no subprotocol/)
  })

  test('a frame that is too large, fragments without an end, wrong UTF-8', async () => {
    const large = await open()
    large.send('x'.repeat(70_000))
    assert.equal(await closeCode(large), 1009)
    const storm = await open()
    for (let i = 0; i < 200; i++) storm.send('x', { fin: false })
    assert.equal(await closeCode(storm), 1008)
    const garbled = await open()
    garbled.send(Buffer.from([0xff, 0xfe]), { binary: false })
    assert.equal(await closeCode(garbled), 1007)
  })

  test('a connection without a hello is closed', async () => {
    const web = await open()
    assert.equal(await closeCode(web), CLOSE_CODES['too-slow'])
  })

  test('pings from a client that does not read pile nothing up', async () => {
    const web = await open()
    web.send(JSON.stringify({ type: 'hello', token: ana.token }))
    await once(web, 'message')
    web.pause()
    for (let i = 0; i < 50_000; i++) web.ping('x'.repeat(100))
    await ana.do('GET', '/session')
    web.terminate()
  })
})
