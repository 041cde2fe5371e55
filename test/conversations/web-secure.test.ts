// What the web door does otherwise where the browser's connection is encrypted.

import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { get, type IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { certificateIn } from '../tools/certificates.ts'
import { openServer } from '../tools/hosted.ts'
import { PASSWORD } from '../tools/line-client.ts'
import { temporaryFolder } from '../tools/server.ts'

interface Asked {
  readonly port: number
  readonly ca: string
  readonly method: string
  readonly path: string
  readonly headers?: Record<string, string>
  readonly body?: unknown
}

async function ask({
  body,
  headers = {},
  path,
  ...where
}: Asked): Promise<{ answer: IncomingMessage; said: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const type = { 'Content-Type': 'application/json' }
  const options = { ...where, host: '127.0.0.1', path: `/api/v1${path}`, headers: { ...type, ...headers } }
  request(options, resolve)
    .on('error', reject)
    .end(body === undefined ? undefined : JSON.stringify(body))
  const answer = await promise
  return { answer, said: await text(answer) }
}

test('a cookie set over TLS is sent over TLS only', async () => {
  const folder = await temporaryFolder()
  const { cert, key, ca } = certificateIn(folder)
  await using server = await openServer({ args: ['--tls-cert', cert, '--tls-key', key] })
  const { port } = server
  await server.web.register('ana')
  const body = { username: 'ana', password: PASSWORD, cookie: true }
  const { answer } = await ask({ port, ca, method: 'POST', path: '/session', body })
  const [cookie = ''] = answer.headers['set-cookie'] ?? []
  assert.match(cookie, /^__Host-tertulia=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax; Secure$/)
  assert.equal(
    answer.headers['strict-transport-security'],
    undefined,
    'not of localhost, which has other ports',
  )
  const [pair = ''] = cookie.split(';')
  const mine = await ask({ port, ca, method: 'GET', path: '/session', headers: { Cookie: pair } })
  assert.equal(mine.answer.statusCode, 200, mine.said)
  const plain = pair.replace('__Host-', '')
  const planted = await ask({ port, ca, method: 'GET', path: '/session', headers: { Cookie: plain } })
  assert.equal(planted.answer.statusCode, 401, 'a plain page may have set it')
  await rm(folder, { recursive: true })
})

test('at the public name, browsers get HSTS', async () => {
  await using server = await openServer({
    args: ['--public-url', 'https://chat.example.org', '--trusted-proxies', '127.0.0.1'],
  })
  const told = async (name: string) => {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    const headers = { Host: name }
    get({ port: server.port, host: '127.0.0.1', path: '/api', headers }, resolve).on('error', reject)
    const answer = await promise
    answer.resume()
    return answer.headers['strict-transport-security']
  }
  for (const name of ['chat.example.org', 'chat.example.org:443', 'Chat.Example.org'])
    assert.match(`${await told(name)}`, /^max-age=\d+$/, name)
  assert.equal(await told('chat.example.org:8443'), undefined)
  assert.equal(await told('localhost'), undefined)
})
