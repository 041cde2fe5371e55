// The web app's files, as browsers and less friendly peers ask for them.

import assert from 'node:assert/strict'
import { readdir, readFile, symlink } from 'node:fs/promises'
import { type IncomingHttpHeaders, request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { buffer, text } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import { buildWithApp, put } from '../tools/app.ts'
import type { Copy } from '../tools/copy.ts'
import { ROOT } from '../tools/root.ts'
import { type Server, startServer } from '../tools/server.ts'

const ENTRY =
  '<!doctype html><title>la app</title><script type="module" src="/assets/index-Ab_1-2.js"></script>'
const SCRIPT = `console.log('${'hola '.repeat(1000)}')`
const FILES = {
  'index.html': ENTRY,
  'favicon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  'manifest.webmanifest': '{}',
  'assets/index-Ab_1-2.js': SCRIPT,
  'assets/index-Ab_1-2.js.br': brotliCompressSync(SCRIPT),
  'assets/index-Ab_1-2.js.gz': gzipSync(SCRIPT),
  'assets/small-3.css': 'a{}',
  'emoji/es.json': '[]',
  'assets/.hidden.js': 'secret',
  '.env': 'secret',
  'private/x.js': 'secret',
}

interface Got {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

describe('the web app', () => {
  let copy: Copy
  let server: Server
  before(async () => {
    copy = await buildWithApp(FILES)
    await put(copy.folder, { 'dist/outside.js': 'secret' })
    await symlink(join(copy.folder, 'dist/outside.js'), join(copy.folder, 'dist/web/assets/link-1.js'))
    await symlink(join(copy.folder, 'src'), join(copy.folder, 'dist/web/assets/sources'))
    server = await startServer({ sources: copy.sources })
  })
  after(async () => {
    assert.equal(server.errors, '', 'nothing failed')
    await server[Symbol.asyncDispose]()
    await copy[Symbol.asyncDispose]()
  })

  /** The path goes out as it is. */
  async function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Got> {
    const { promise, resolve, reject } = Promise.withResolvers<Got>()
    const asked = request({ port: server.port, path, method, headers }, async answer => {
      resolve({ status: answer.statusCode, headers: answer.headers, body: await buffer(answer) })
    })
    asked.on('error', reject).end()
    return promise
  }

  const codeOf = ({ body }: Got) => JSON.parse(String(body)).code

  test('its own paths all serve the entry, which is revalidated each time', async () => {
    const paths = [
      '/',
      '/?q=1',
      '/r/general',
      '/r/2/17',
      '/r/sal%C3%B3n',
      '/r/',
      '/r',
      '/settings',
      '/people',
      '/search?q=%F0%9F%8E%89',
      '/join',
    ]
    for (const path of paths) {
      const { status, headers, body } = await get(path)
      assert.equal(status, 200, path)
      assert.equal(String(body), ENTRY, path)
      assert.equal(headers['content-type'], 'text/html; charset=utf-8')
      assert.equal(headers['cache-control'], 'no-cache')
      const { etag = '' } = headers
      const again = await get(path, { 'If-None-Match': etag })
      assert.deepEqual([again.status, again.body.length, again.headers.etag], [304, 0, etag], path)
    }
  })

  test('hashed files are immutable, the others are revalidated', async () => {
    const kept = 'public, max-age=31536000, immutable'
    const wanted: [string, string, string][] = [
      ['/assets/index-Ab_1-2.js', kept, 'application/javascript; charset=utf-8'],
      ['/assets/small-3.css', kept, 'text/css; charset=utf-8'],
      ['/emoji/es.json', 'no-cache', 'application/json; charset=utf-8'],
      ['/favicon.svg', 'no-cache', 'image/svg+xml'],
      ['/manifest.webmanifest', 'no-cache', 'application/manifest+json'],
    ]
    for (const [path, caching, type] of wanted) {
      const { status, headers, body } = await get(path)
      assert.deepEqual(
        [status, headers['cache-control'], headers['content-type']],
        [200, caching, type],
        path,
      )
      assert.deepEqual(body, await readFile(join(copy.folder, 'dist/web', path)))
      assert.equal((await get(path, { 'If-None-Match': headers.etag ?? '' })).status, 304)
    }
  })

  test('every file has a strict content security policy', async () => {
    for (const path of ['/', '/assets/index-Ab_1-2.js', '/emoji/es.json', '/favicon.svg']) {
      const { headers } = await get(path)
      const policy = String(headers['content-security-policy']).split('; ')
      for (const rule of [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
      ])
        assert.ok(policy.includes(rule), `${path}: ${rule}`)
      assert.ok(!policy.some(rule => rule.includes('unsafe')), path)
      assert.match(
        String(headers['permissions-policy']),
        /camera=\(\), .*geolocation=\(\), .*microphone=\(self\)/,
      )
      assert.equal(headers['x-content-type-options'], 'nosniff')
      assert.equal(headers['referrer-policy'], 'no-referrer')
      assert.equal(headers['cross-origin-opener-policy'], 'same-origin')
    }
  })

  test('files are compressed for clients that accept it', async () => {
    const path = '/assets/index-Ab_1-2.js'
    const as = async (accepted: string) => {
      const { headers, body } = await get(path, { 'Accept-Encoding': accepted })
      assert.equal(headers.vary, 'accept-encoding', accepted)
      assert.equal(headers['content-type'], 'application/javascript; charset=utf-8', accepted)
      return { coding: headers['content-encoding'], body, etag: headers.etag }
    }
    const [br, gzip, plain] = [await as('gzip, deflate, br, zstd'), await as('gzip'), await as('identity')]
    assert.deepEqual([br.coding, String(brotliDecompressSync(br.body))], ['br', SCRIPT])
    assert.deepEqual([gzip.coding, String(gunzipSync(gzip.body))], ['gzip', SCRIPT])
    assert.deepEqual([plain.coding, String(plain.body)], [undefined, SCRIPT])
    assert.equal(new Set([br.etag, gzip.etag, plain.etag]).size, 3)
    for (const odd of ['br;q=0', 'zstd', '', '*;q=0', 'br;q=x', ',,,', 'x'.repeat(2000)])
      assert.equal(String((await as(odd)).body), SCRIPT, odd)
    const small = await get('/assets/small-3.css', { 'Accept-Encoding': 'br' })
    assert.deepEqual([small.headers['content-encoding'], String(small.body)], [undefined, 'a{}'])
  })

  test('HEAD gives the same headers without the file', async () => {
    for (const path of ['/', '/r/general', '/assets/index-Ab_1-2.js', '/favicon.svg']) {
      const [got, head] = [await get(path), await get(path, {}, 'HEAD')]
      assert.equal(head.status, 200, path)
      assert.equal(head.body.length, 0)
      for (const name of [
        'etag',
        'content-length',
        'content-type',
        'cache-control',
        'content-security-policy',
      ])
        assert.equal(head.headers[name], got.headers[name], `${path} ${name}`)
    }
    assert.equal((await get('/nothing', {}, 'HEAD')).status, 404)
  })

  test('anything outside the app is not found', async () => {
    const secrets = [
      '/.env',
      '/assets/.hidden.js',
      '/assets/link-1.js',
      '/assets/sources/config.ts',
      '/private/x.js',
      '/assets/index-Ab_1-2.js.br',
      '/assets/index-Ab_1-2.js.gz',
      '/assets',
      '/assets/',
      '/emoji/',
      '/emoji',
      '/rooms',
      '/nothing.js',
      '/assets/INDEX-Ab_1-2.js',
      '/assets/index-Ab_1-2.js/x',
      `/assets/${'x'.repeat(5000)}`,
    ]
    const ways = [
      '/assets/../../outside.js',
      '/assets/..%2f..%2foutside.js',
      '/assets/%2e%2e/%2e%2e/outside.js',
      '/assets/%252e%252e/index.html',
      '/assets/../index.html',
      '/assets/./small-3.css',
      '/assets//small-3.css',
      '/..%2foutside.js',
      '/..%5coutside.js',
      '/assets/..\\..\\outside.js',
      '/%2e%2e%2f%2e%2e%2fpackage.json',
      '/assets/%2fetc%2fpasswd',
      '/assets//etc/passwd',
      '/assets/small-3.css%00.js',
      '/assets/small-3.css%20',
      '/assets/small-3.css::$DATA',
      '//assets/small-3.css',
      '/./favicon.svg',
      `/${'x'.repeat(5000)}`,
    ]
    for (const path of [...secrets, ...ways]) {
      const got = await get(path)
      assert.equal(got.status, 404, `${path}: ${got.body}`)
      assert.equal(codeOf(got), 'not-found', path)
      assert.match(String(got.headers['content-type']), /^application\/problem\+json/)
    }
    for (const path of ['/nada', '/no/hay/nada']) {
      const page = await get(path, { Accept: 'text/html,*/*' })
      assert.equal(page.status, 404, path)
      assert.match(String(page.headers['content-type']), /^text\/html/, 'the app says so itself')
    }
    for (const broken of ['/r/%', '/assets/%ff.js', '/r/%E0%A4%A'])
      assert.equal(codeOf(await get(broken)), 'bad-request', broken)
  })

  test("the app is read-only, and served under the server's name only", async () => {
    for (const path of ['/', '/r/general', '/assets/small-3.css', '/favicon.svg'])
      for (const method of ['POST', 'PUT', 'DELETE'])
        assert.equal((await get(path, {}, method)).status, 404, `${method} ${path}`)
    for (const path of ['/', '/assets/small-3.css', '/r/x'])
      assert.equal(codeOf(await get(path, { Host: 'evil.example' })), 'wrong-host', path)
  })

  test('preconditions and ranges are ignored', async () => {
    const path = '/assets/index-Ab_1-2.js'
    for (const headers of [
      { 'If-Match': '"x"' },
      { 'If-Unmodified-Since': 'Thu, 01 Jan 1970 00:00:00 GMT' },
      { Range: 'bytes=0-0' },
      { Range: 'bytes=99999999-' },
      { Range: 'bytes=0-1,3-4,0-99', 'If-Range': '"x"' },
      { 'If-Modified-Since': 'Thu, 01 Jan 2099 00:00:00 GMT' },
      { 'If-None-Match': 'x'.repeat(4000) },
    ] as Record<string, string>[]) {
      const { status, body } = await get(path, headers)
      assert.deepEqual([status, String(body)], [200, SCRIPT], JSON.stringify(headers))
    }
  })

  test('clients that hang up or ask for many files at once do no harm', async () => {
    for (let i = 0; i < 20; i++) {
      const socket = connect(server.port, '127.0.0.1')
      socket.on('error', () => {})
      socket.write('GET /assets/index-Ab_1-2.js HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(20))
      setTimeout(() => socket.resetAndDestroy(), i)
    }
    const piped = connect(server.port, '127.0.0.1')
    const last = 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'
    piped.end('GET /assets/small-3.css HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(50) + last)
    const answers = (await text(piped)).split('HTTP/1.1 200 OK').length - 1
    assert.equal(answers, 51)
  })
})

test('the build has a compressed copy of each file', async () => {
  const folder = join(ROOT, 'dist/web/assets')
  const scripts = (await readdir(folder)).filter(name => name.endsWith('.js'))
  assert.ok(scripts.length > 0)
  for (const name of scripts) {
    const bytes = await readFile(join(folder, name))
    if (bytes.length <= 1024) continue
    assert.deepEqual(brotliDecompressSync(await readFile(join(folder, `${name}.br`))), bytes)
    assert.deepEqual(gunzipSync(await readFile(join(folder, `${name}.gz`))), bytes)
  }
})
