// The recipes of docs/operations.md, as they stand but for names, ports and files.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import { type RequestOptions, request } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { Proxies } from '../../src/net/proxies.ts'
import { certificateIn } from '../tools/certificates.ts'
import { Cluster, lacksCluster } from '../tools/cluster.ts'
import { freePort } from '../tools/free-port.ts'
import { openServer } from '../tools/hosted.ts'
import { nginxArguments, nginxConfiguration } from '../tools/nginx.ts'
import { patiently } from '../tools/patiently.ts'
import { lacking } from '../tools/programs.ts'
import { ROOT } from '../tools/root.ts'
import { temporaryFolder } from '../tools/server.ts'

const HOST = 'chat.example.org'
const ORIGIN = `https://${HOST}`
/** Of a WebSocket (RFC 6455, section 4.1). */
const UPGRADE = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
}

interface Place {
  readonly folder: string
  /** Where the proxy listens. */
  readonly port: number
  /** What it passes requests on to. */
  readonly upstream: number
}

/** How a proxy is started: its configuration, from the recipe, is written to `conf`. */
interface Kind {
  readonly name: 'caddy' | 'nginx'
  readonly fence: string
  /** Which of those recipes; the first, if nothing is said. */
  readonly number?: number
  readonly configure: (recipe: string, place: Place) => string
  readonly args: (conf: string, folder: string) => string[]
}

const caddy: Kind = {
  name: 'caddy',
  fence: 'caddyfile',
  configure: (recipe, { port, upstream }) =>
    [
      '{\nadmin off\nlocal_certs\nskip_install_trust',
      'auto_https disable_redirects\ndefault_bind 127.0.0.1\n}',
      recipe.replace(HOST, `https://${HOST}:${port}`).replace('127.0.0.1:8000', `127.0.0.1:${upstream}`),
    ].join('\n'),
  args: conf => ['run', '--config', conf, '--adapter', 'caddyfile'],
}

const kinds: readonly Kind[] = [
  caddy,
  {
    name: 'nginx',
    fence: 'nginx',
    configure: (recipe, { folder, port, upstream }) => {
      const { cert, key } = certificateIn(folder)
      const server = recipe
        .replace('listen 443', `listen 127.0.0.1:${port}`)
        .replace(/\/etc\S+fullchain\.pem/, cert)
        .replace(/\/etc\S+privkey\.pem/, key)
        .replace('127.0.0.1:8000', `127.0.0.1:${upstream}`)
      return nginxConfiguration(folder, server)
    },
    args: nginxArguments,
  },
]

/** Before several nodes. */
function caddyBefore(ports: readonly number[]): Kind {
  const located = (recipe: string) =>
    ports.reduce((text, port, i) => text.replace(`10.0.0.1${i + 1}:8000`, `127.0.0.1:${port}`), recipe)
  return { ...caddy, number: 1, configure: (recipe, place) => caddy.configure(located(recipe), place) }
}

async function recipe({ fence, number = 0 }: Kind): Promise<string> {
  const operations = await readFile(join(ROOT, 'docs/operations.md'), 'utf8')
  const recipes = [...operations.matchAll(new RegExp(`\`\`\`${fence}\\n([^]*?)\`\`\``, 'g'))]
  return recipes[number]?.[1] ?? assert.fail(`no ${fence} recipe`)
}

class FrontProxy implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #folder: string
  readonly port: number
  #said = ''

  private constructor(child: ChildProcess, { folder, port }: Place) {
    this.#child = child
    this.#folder = folder
    this.port = port
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', text => {
        this.#said += text
      })
    }
  }

  /** @param upstream the server's port, where there is one server */
  static async start(kind: Kind, upstream = 0): Promise<FrontProxy> {
    const { name, configure, args } = kind
    const place = { folder: await temporaryFolder(), port: await freePort(), upstream }
    const conf = join(place.folder, 'conf')
    await writeFile(conf, configure(await recipe(kind), place))
    const child = spawn(name, args(conf, place.folder), {
      env: { ...process.env, HOME: place.folder, XDG_DATA_HOME: place.folder, XDG_CONFIG_HOME: place.folder },
    })
    const proxy = new FrontProxy(child, place)
    await patiently(
      () =>
        proxy.ask({ path: '/' }).then(
          () => true,
          () => false,
        ),
      () => `${name} does not answer:\n${proxy.#said}`,
      once(child, 'close'),
    )
    return proxy
  }

  /** An answer, or the 101 to an upgrade. */
  ask(options: RequestOptions): Promise<IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    const { headers, ...others } = options
    const asked = request({
      ...{ host: '127.0.0.1', port: this.port, servername: HOST, rejectUnauthorized: false },
      ...others,
      headers: { Host: HOST, ...headers },
      agent: false,
    })
    asked.on('response', resolve).on('upgrade', resolve).on('error', reject).end()
    return promise
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGTERM')
    await once(this.#child, 'close')
    await rm(this.#folder, { recursive: true, force: true })
  }
}

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

test('three nodes behind caddy: requests are answered while one of them is up', {
  skip: lacksCluster || lacking('caddy'),
}, async () => {
  await using cluster = await Cluster.start(3, '--public-url', ORIGIN, '--trusted-proxies', '127.0.0.1,::1')
  await using proxy = await FrontProxy.start(caddyBefore(cluster.nodes.map(({ port }) => port)))
  for (const node of [undefined, cluster.node(0), cluster.node(2)]) {
    await node?.kill()
    for (let i = 0; i < 10; i++) {
      const answer = await proxy.ask({ path: '/api/v1/registration' })
      assert.equal(answer.statusCode, 200)
      answer.resume()
    }
    const live = await proxy.ask({ path: '/ws', headers: { ...UPGRADE, Origin: ORIGIN } })
    assert.equal(live.statusCode, 101)
    live.socket.destroy()
  }
})

for (const kind of kinds) {
  describe(`behind ${kind.name}`, { skip: lacking(kind.name) }, () => {
    test('a browser reaches the web door by its public name, encrypted as it sees it', async () => {
      await using server = await openServer({
        args: ['--public-url', ORIGIN, '--trusted-proxies', '127.0.0.1,::1'],
      })
      await using proxy = await FrontProxy.start(kind, server.port)
      const answer = await proxy.ask({ path: '/api/v1/registration' })
      assert.equal(answer.statusCode, 200)
      assert.ok(answer.headers['strict-transport-security'])
      const live = await proxy.ask({ path: '/ws', headers: { ...UPGRADE, Origin: ORIGIN } })
      assert.equal(live.statusCode, 101)
      live.socket.destroy()
    })

    test("a WebSocket is passed on, with its Host and the client's address", async () => {
      const upstream = createServer((_, response) => response.end())
      const upgrades: IncomingMessage[] = []
      upstream.on('upgrade', (asked, socket) => {
        upgrades.push(asked)
        socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n')
        socket.on('data', said => socket.write(said))
      })
      await using proxy = await FrontProxy.start(kind, await portOf(upstream))
      const answer = await proxy.ask({
        path: '/ws',
        headers: { ...UPGRADE, 'X-Forwarded-For': '6.6.6.6' },
      })
      assert.equal(answer.statusCode, 101)
      answer.socket.write('hola')
      assert.equal(String((await once(answer.socket, 'data'))[0]), 'hola')
      const headers = upgrades[0]?.headers ?? {}
      assert.equal(headers.host, HOST)
      assert.equal(headers['x-forwarded-proto'], 'https')
      const said = String(headers['x-forwarded-for'])
      assert.equal(new Proxies(['::1']).resolve('::1', said).address, '127.0.0.1', said)
      answer.socket.destroy()
      upstream.close()
      upstream.closeAllConnections()
    })
  })
}
