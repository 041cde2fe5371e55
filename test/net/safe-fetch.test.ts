// Fetching what people have linked to: from the public Internet alone, and within bounds. No test connects to any machine
// but this one: where a name is given a public address, `connect` leads it here.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener, type ServerResponse, setGlobalProxyFromEnv } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect, createServer as createTcpServer, type Server } from 'node:net'
import { test } from 'node:test'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { selfSigned } from '../../src/cli/certificate.ts'
import type { FetchFailure } from '../../src/net/fetch/fetch-failed.ts'
import { isPublicAddress } from '../../src/net/fetch/public-addresses.ts'
import { SafeFetch, type SafeFetchOptions } from '../../src/net/fetch/safe-fetch.ts'

const PUBLIC = '8.8.8.8'

/** A server on 127.0.0.1 that is closed with its connections. */
async function listening(answer: RequestListener | Server): Promise<AsyncDisposable & { port: number }> {
  const server = typeof answer === 'function' ? createServer(answer) : answer
  const sockets = new Set<{ destroy(): void }>()
  server.on('connection', socket => sockets.add(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

const USER_AGENT = 'Tertulia/test'
const times = { answer: 3_000, whole: 5_000 }

function fetching(allowed: readonly string[], options: Partial<SafeFetchOptions> = {}) {
  const safe = new SafeFetch({ allowInternal: allowed, userAgent: USER_AGENT, times, ...options })
  return (url: string, most = 1 << 20) =>
    safe.get(url, { accept: 'text/html', most }, async ({ body, ...answer }) => ({
      ...answer,
      text: Buffer.concat(await Array.fromAsync(body)).toString(),
    }))
}

async function refuses(work: Promise<unknown>, reason: FetchFailure): Promise<void> {
  await assert.rejects(work, { name: 'FetchFailed', reason })
}

test('addresses that are not one machine of the public Internet are none', () => {
  const special = [
    ...[
      '0.0.0.0',
      '0.1.2.3',
      '10.0.0.1',
      '10.255.255.255',
      '100.64.0.1',
      '100.100.100.200',
      '100.127.255.255',
    ],
    ...['127.0.0.1', '127.255.255.255', '168.63.129.16', '169.254.0.1', '169.254.169.254', '172.16.0.1'],
    ...[
      '172.31.255.255',
      '192.0.0.1',
      '192.0.0.192',
      '192.0.2.1',
      '192.88.99.1',
      '192.168.0.1',
      '198.18.0.1',
    ],
    ...['198.19.255.255', '198.51.100.1', '203.0.113.1', '224.0.0.1', '239.255.255.255', '240.0.0.1'],
    ...['255.255.255.255', '::', '::1', '::8.8.8.8', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '::ffff:0:7f00:1'],
    ...['64:ff9b::7f00:1', '64:ff9b::8.8.8.8', '64:ff9b:1::1', '100::1', '2001::1', '2001:0:4136:e378::1'],
    ...[
      '2001:2::1',
      '2001:10::1',
      '2001:20::1',
      '2001:db8::1',
      '2002:7f00:1::1',
      '2002:808:808::1',
      '3fff::1',
    ],
    ...['4000::1', '5f00::1', 'fc00::1', 'fd00:ec2::254', 'fe80::1', 'fe80::1%lo', 'fec0::1', 'ff02::1'],
    ...['2606:4700::1%lo', 'localhost', '', '8.8.8', '0x7f000001'],
  ]
  for (const address of special) assert.equal(isPublicAddress(address), false, address)
  const publicOnes = [
    ...[
      '8.8.8.8',
      '1.1.1.1',
      '9.255.255.255',
      '11.0.0.0',
      '100.63.255.255',
      '100.128.0.0',
      '126.255.255.255',
    ],
    ...['168.63.129.15', '169.253.255.255', '172.15.255.255', '172.32.0.0', '192.0.1.0', '198.17.255.255'],
    ...['198.20.0.0', '223.255.255.255', '2001:200::1', '2606:4700:4700::1111', '2a00:1450:4009::200e'],
  ]
  for (const address of publicOnes) assert.equal(isPublicAddress(address), true, address)
})

test('what is named is reached, with a User-Agent of our own and without anything else', async () => {
  const heads: NodeJS.Dict<string | string[]>[] = []
  await using server = await listening((request, response) => {
    heads.push(request.headers)
    response.setHeader('Set-Cookie', 'a=b').setHeader('Content-Type', 'Text/HTML; charset=x')
    if (request.url === '/from?x=1') response.writeHead(302, { Location: '/to' }).end()
    else response.end('hola')
  })
  const get = fetching([`127.0.0.1:${server.port}`])
  const { url, type, text } = await get(`http://127.0.0.1:${server.port}/from?x=1#there`)
  assert.deepEqual([url.pathname, type, text], ['/to', 'text/html', 'hola'])
  const host = `127.0.0.1:${server.port}`
  const common = { host, 'user-agent': USER_AGENT, accept: 'text/html', connection: 'close' }
  for (const head of heads) assert.deepEqual(head, { ...common, 'accept-encoding': 'gzip, br, deflate' })
  assert.equal(heads.length, 2)
})

test('an address on this machine is refused in every notation', async () => {
  let asked = 0
  await using server = await listening((_request, response) => {
    asked++
    response.end()
  })
  const { port } = server
  const get = fetching([], {
    connect: () => assert.fail('connected'),
    resolve: async () => assert.fail('an address is not looked up'),
  })
  const notations = ['127.0.0.1', '127.1', '2130706433', '0x7f000001', '0x7f.1', '0177.0.0.1', '①②⑦.0.0.1']
  for (const host of [
    ...notations,
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[64:ff9b::7f00:1]',
    '0',
  ]) {
    await refuses(get(`http://${host}/`), 'forbidden-address')
    await refuses(get(`http://${host}:${port}/`), 'bad-url')
  }
  assert.equal(asked, 0)
})

test('what is allowed is that host with that port, and nothing else on this machine', async () => {
  await using server = await listening((_request, response) => void response.end('hola'))
  await using other = await listening((_request, response) => void response.end('secreto'))
  const get = fetching([`127.0.0.1:${server.port}`], { resolve: async () => ['127.0.0.1'] })
  assert.equal((await get(`http://127.1:${server.port}/`)).text, 'hola')
  await refuses(get(`http://127.0.0.1:${other.port}/`), 'bad-url')
  await refuses(get(`http://127.0.0.2:${server.port}/`), 'bad-url')
  await refuses(get(`http://name.example:${server.port}/`), 'bad-url')
  await refuses(get('http://name.example/'), 'forbidden-address')
})

test('a name is looked up once, and only addresses that were checked are connected to', async () => {
  await using server = await listening((_request, response) => void response.end('hola'))
  const answers = [[PUBLIC, '127.0.0.1'], ['127.0.0.1'], [PUBLIC]]
  const connected: unknown[] = []
  const get = fetching([], {
    resolve: async () => answers.shift() ?? assert.fail('looked up again'),
    connect(addresses, port) {
      connected.push([...addresses, port])
      return connect(server.port, '127.0.0.1')
    },
  })
  assert.equal((await get('http://rebinding.example/')).text, 'hola')
  await refuses(get('http://rebinding.example/'), 'forbidden-address')
  assert.deepEqual(connected, [[PUBLIC, 80]])
})

test('every redirect is judged anew', async () => {
  let location = ''
  await using server = await listening(
    (_request, response) => void response.writeHead(302, { location }).end(),
  )
  await using inside = await listening((_request, response) => void response.end('secreto'))
  const allowed = `127.0.0.1:${server.port}`
  const names: Record<string, string> = { 'inside.example': '10.0.0.1', 'mapped.example': '::ffff:10.0.0.1' }
  const get = fetching([allowed], { resolve: async host => [names[host] ?? assert.fail(host)] })
  const cases: [string, FetchFailure][] = [
    [`http://127.0.0.1:${inside.port}/`, 'bad-url'],
    ['http://127.0.0.1/', 'forbidden-address'],
    ['http://169.254.169.254/latest/meta-data/', 'forbidden-address'],
    ['//[::1]/', 'forbidden-address'],
    ['https://inside.example/', 'forbidden-address'],
    ['http://mapped.example/', 'forbidden-address'],
    [`http://ana:secreta@${allowed}/`, 'bad-url'],
    ['file:///etc/passwd', 'bad-url'],
    ['gopher://127.0.0.1/', 'bad-url'],
    ['data:text/html,hola', 'bad-url'],
    ['http://[', 'bad-url'],
    ['/', 'too-many-redirects'],
  ]
  for (const [to, reason] of cases) {
    location = to
    await refuses(get(`http://${allowed}/`), reason)
  }
})

test('only the web is fetched, at its own ports, and without user names', async () => {
  const get = fetching([], { resolve: async () => assert.fail('looked up') })
  for (const url of [
    'ftp://a.example/',
    'javascript:1',
    'http://a.example:25/',
    'https://a.example:8443/',
    'hola',
  ])
    await refuses(get(url), 'bad-url')
  for (const url of ['http://ana@a.example/', 'http://:x@a.example/', `http://a.example/${'x'.repeat(2048)}`])
    await refuses(get(url), 'bad-url')
  await refuses(fetching([], { resolve: async () => [] })('http://a.example/'), 'no-such-host')
})

test('a proxy that the environment names is not asked', async t => {
  await using proxy = await listening((_request, response) => void response.end('proxy'))
  await using server = await listening((_request, response) => void response.end('hola'))
  t.after(setGlobalProxyFromEnv({ http_proxy: `http://127.0.0.1:${proxy.port}` }))
  const url = `http://127.0.0.1:${server.port}/`
  assert.equal(await (await fetch(url)).text(), 'proxy')
  assert.equal((await fetching([`127.0.0.1:${server.port}`])(url)).text, 'hola')
})

test('a certificate that nobody vouches for is refused, whatever the environment says', async t => {
  const { cert, key } = selfSigned(['known.example', '127.0.0.1'], Date.now())
  const asked: unknown[] = []
  const tls = createTlsServer({ cert, key }, ({ headers }, response) => {
    asked.push(headers.host)
    response.end('hola')
  })
  await using server = await listening(tls)
  const hosts = ['known.example', 'other.example', '127.0.0.1'].map(host => `${host}:${server.port}`)
  const [known, other, address] = hosts
  const get = fetching(hosts, { resolve: async () => ['127.0.0.1'] })
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
  t.after(() => delete process.env.NODE_TLS_REJECT_UNAUTHORIZED)
  await refuses(get(`https://${known}/`), 'unreachable')
  const usual = getCACertificates()
  setDefaultCACertificates([cert])
  t.after(() => setDefaultCACertificates(usual))
  await refuses(get(`https://${other}/`), 'unreachable')
  assert.deepEqual(asked, [])
  for (const host of [known, address]) assert.equal((await get(`https://${host}/`)).text, 'hola')
  assert.deepEqual(asked, [known, address])
})

test('a body is read up to its bound, also when a little unpacks to a lot', async () => {
  const most = 64 << 10
  const long = Buffer.alloc(most + 1, 'x')
  const bodies: Record<string, (response: ServerResponse) => void> = {
    '/fits': response => response.end(long.subarray(1)),
    '/long': response => response.end(long),
    '/gzip': response => response.setHeader('Content-Encoding', 'gzip').end(gzipSync('hola')),
    '/deflate': response => response.setHeader('Content-Encoding', 'deflate').end(deflateSync('hola')),
    '/br': response => response.setHeader('Content-Encoding', 'br').end(brotliCompressSync('hola')),
    '/gzip-long': response => response.setHeader('Content-Encoding', 'gzip').end(gzipSync(long)),
    '/br-long': response => response.setHeader('Content-Encoding', 'br').end(brotliCompressSync(long)),
    '/twice': response =>
      response.setHeader('Content-Encoding', 'gzip, gzip').end(gzipSync(gzipSync('hola'))),
    '/unknown': response => response.setHeader('Content-Encoding', 'zip').end('hola'),
    '/broken': response => response.setHeader('Content-Encoding', 'gzip').end('hola'),
    '/cut': response => response.setHeader('Content-Encoding', 'gzip').end(gzipSync('hola').subarray(0, -9)),
    '/short': response =>
      response.writeHead(200, { 'Content-Length': 9 }).write('hola', () => response.destroy()),
    '/endless': response => {
      const more = () => void (response.write(long) ? setImmediate(more) : response.once('drain', more))
      more()
    },
  }
  await using server = await listening((request, response) => bodies[request.url ?? '']?.(response))
  const get = fetching([`127.0.0.1:${server.port}`])
  const at = (path: string) => get(`http://127.0.0.1:${server.port}${path}`, most)
  assert.equal((await at('/fits')).text.length, most)
  for (const path of ['/gzip', '/deflate', '/br']) assert.equal((await at(path)).text, 'hola')
  for (const path of ['/long', '/gzip-long', '/br-long', '/endless']) await refuses(at(path), 'too-large')
  for (const path of ['/twice', '/unknown', '/broken', '/cut']) await refuses(at(path), 'bad-answer')
  await refuses(at('/short'), 'unreachable')
})

test('who does not answer, or never ends, is not waited for', async () => {
  await using server = await listening((request, response) => {
    if (request.url === '/drips') {
      const timer = setInterval(() => response.write('x'), 10)
      response.on('close', () => clearInterval(timer))
    }
  })
  await using silent = await listening(createTcpServer())
  const short = { times: { answer: 200, whole: 400 } }
  const get = fetching([`127.0.0.1:${server.port}`, `127.0.0.1:${silent.port}`], short)
  await refuses(get(`http://127.0.0.1:${server.port}/nothing`), 'too-slow')
  await refuses(get(`http://127.0.0.1:${server.port}/drips`), 'too-slow')
  await refuses(get(`https://127.0.0.1:${silent.port}/`), 'too-slow')
  const lost = fetching([], { ...short, resolve: () => new Promise(() => {}) })
  await refuses(lost('http://a.example/'), 'too-slow')
})

test('an answer that is an error, too long a head or no HTTP is none', async () => {
  await using server = await listening((request, response) => {
    if (request.url === '/error') response.writeHead(404).end('hola')
    else if (request.url === '/nowhere') response.writeHead(302).end()
    else response.setHeader('X', 'x'.repeat(20 << 10)).end()
  })
  await using other = await listening(createTcpServer(socket => void socket.end('SSH-2.0-x\r\n')))
  await using gone = await listening(createServer())
  const allowed = [server, other, gone].map(({ port }) => `127.0.0.1:${port}`)
  const get = fetching(allowed)
  for (const path of ['error', 'nowhere', 'long'])
    await refuses(get(`http://127.0.0.1:${server.port}/${path}`), 'bad-answer')
  await refuses(get(`http://127.0.0.1:${other.port}/`), 'bad-answer')
  await gone[Symbol.asyncDispose]()
  await refuses(get(`http://127.0.0.1:${gone.port}/`), 'unreachable')
})

test('an answer that breaks off or stops being HTTP after its head fails, and nothing else does', async t => {
  const uncaught: unknown[] = []
  const note = (error: unknown) => void uncaught.push(error)
  process.on('uncaughtException', note)
  t.after(() => process.off('uncaughtException', note))
  const pieces = 'Transfer-Encoding: chunked\r\n\r\n'
  const answers: Record<string, string> = {
    '/piece': `200 OK\r\n${pieces}no piece\r\n`,
    '/later-piece': `200 OK\r\n${pieces}4\r\nhola\r\nno piece\r\n`,
    '/trailers': `200 OK\r\n${pieces}4\r\nhola\r\n0\r\n${`X: ${'x'.repeat(1000)}\r\n`.repeat(40)}\r\n`,
    '/missing': `404 Not Found\r\n${pieces}no piece\r\n`,
    '/elsewhere': `302 Found\r\nLocation: /elsewhere\r\n${pieces}no piece\r\n`,
    '/gzip': '200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 8\r\n\r\nnot gzip',
    '/more': '200 OK\r\nContent-Length: 4\r\n\r\nhola and more',
    '/other-protocol': '101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nx',
  }
  const closed: Promise<unknown>[] = []
  const answering = createTcpServer(socket => {
    socket.on('error', () => {})
    closed.push(once(socket, 'close'))
    socket.once('data', request => {
      const [, path = ''] = `${request}`.split(' ')
      if (path !== '/reset') return void socket.end(`HTTP/1.1 ${answers[path]}`)
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhola', () => socket.resetAndDestroy())
    })
  })
  await using server = await listening(answering)
  const get = fetching([`127.0.0.1:${server.port}`])
  const at = (path: string) => get(`http://127.0.0.1:${server.port}${path}`)
  const broken = ['/piece', '/later-piece', '/trailers', '/missing', '/elsewhere', '/gzip', '/other-protocol']
  for (const path of [...broken, '/reset']) await assert.rejects(at(path), { name: 'FetchFailed' }, path)
  assert.equal((await at('/more')).text, 'hola')
  await Promise.all(closed)
  assert.deepEqual(uncaught, [])
})
