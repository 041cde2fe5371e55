// Random bodies, paths and frames: each is answered or refused, and nothing fails.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import fc from 'fast-check'
import { WebSocket } from 'ws'
import { operations } from '../../src/doors/web/api.ts'
import { STATUS } from '../../src/doors/web/operations/problems.ts'
import { CLOSE_CODES } from '../../src/wire/websocket.ts'
import { openServer } from '../tools/hosted.ts'

/** Of each kind. */
const RUNS = 1_000
/** Slow, or the end of who asks. */
const SPARED = new Set(['logOut', 'endSession', 'changePassword', 'register', 'logIn', 'disable', 'goOn'])
/** RFC 6455, section 7.4.1: the protocol's own codes for broken frames, and a normal closure. */
const OF_THE_PROTOCOL = [1000, 1002, 1005, 1007, 1008, 1009]

const word = fc.constantFrom(
  'ana',
  'general',
  'hola',
  '',
  '👍',
  'x'.repeat(5000),
  '\0',
  '__proto__',
  'read',
  'write',
)
const number = fc.constantFrom(0, 1, 2, -1, 0.5, 2 ** 32, 2 ** 53, 1e308)
const name = fc.constantFrom(
  ...[
    'type',
    'room',
    'text',
    'key',
    'seq',
    'token',
    'cursors',
    'epoch',
    'reply',
    'on',
    'name',
    'scope',
    'days',
  ],
  ...[
    'username',
    'password',
    'people',
    'kind',
    'for',
    'reason',
    'level',
    '__proto__',
    'constructor',
    'toString',
  ],
)
const kind = fc.constantFrom('hello', 'post', 'read', 'typing', 'away', 'ping', 'bye', 'constructor')
const value = fc.letrec(tie => ({
  any: fc.oneof(
    { depthSize: 'small' },
    word,
    number,
    kind,
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('any'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(name, tie('any'), { maxKeys: 5 }),
}))
const json = fc.oneof(value.object, value.any).map(each => JSON.stringify(each) ?? '')
/** With some of its bytes replaced. */
const broken = fc
  .tuple(json, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }))
  .map(([text, edits]) => {
    const bytes = Buffer.from(text)
    for (const [at, byte] of edits) if (bytes.length > 0) bytes[at % bytes.length] = byte
    return bytes
  })
const frame = fc.oneof(
  broken,
  fc
    .tuple(kind, value.object)
    .map(([type, rest]) => Buffer.from(JSON.stringify({ ...(rest as object), type }))),
)

function often(property: fc.IAsyncProperty<unknown>): Promise<void> {
  return fc.assert(property, { numRuns: RUNS, endOnFailure: true })
}

test('operations with arbitrary bodies, paths and queries', async () => {
  await using server = await openServer({ args: ['--no-limits'] })
  const ana = await server.web.register('ana')
  const part = fc.oneof(word, number.map(String), fc.constant('1'))
  const ids = operations.map(({ id }) => id).filter(id => !SPARED.has(id))
  const asked = fc.tuple(fc.constantFrom(...ids), broken, fc.array(part, { minLength: 3, maxLength: 3 }))
  await often(
    fc.asyncProperty(asked, async ([wanted, body, parts]) => {
      const { method, path } = operations.find(({ id }) => id === wanted) ?? assert.fail()
      let next = 0
      const filled = path.replace(/:\w+/g, () => encodeURIComponent(parts[next++ % parts.length] ?? ''))
      const query = parts.map((each, i) => `${['before', 'limit', 'q'][i]}=${encodeURIComponent(each)}`)
      const response = await fetch(`${server.web.origin}/api/v1${filled}?${query.join('&')}`, {
        method,
        headers: { Authorization: `Bearer ${ana.token}`, 'Content-Type': 'application/json' },
        ...(method !== 'GET' && { body }),
        redirect: 'manual',
      })
      const text = await response.text()
      if (response.status < 400) return
      const problem = JSON.parse(text)
      assert.equal(response.headers.get('content-type'), 'application/problem+json; charset=utf-8')
      assert.ok(Object.hasOwn(STATUS, problem.code), text)
      assert.notEqual(problem.code, 'failed', `${method} ${filled} ${body}`)
    }),
  )
  await ana.do('GET', '/session')
  assert.equal(server.errors, '')
})

test('frames, before and after hello', async () => {
  await using server = await openServer({ args: ['--no-limits'] })
  const ana = await server.web.register('ana')
  const known = new Set<number>([...OF_THE_PROTOCOL, ...Object.values(CLOSE_CODES)])
  await often(
    fc.asyncProperty(
      fc.boolean(),
      fc.array(frame, { minLength: 1, maxLength: 20 }),
      async (hello, frames) => {
        const web = new WebSocket(`ws://127.0.0.1:${server.port}/ws`)
        await once(web, 'open')
        const closed = once(web, 'close')
        if (hello) {
          web.send(JSON.stringify({ type: 'hello', token: ana.token }))
          await Promise.race([once(web, 'message'), closed])
        }
        for (const each of frames) if (web.readyState === web.OPEN) web.send(each, { binary: false })
        if (web.readyState === web.OPEN) web.close()
        const [code] = await closed
        assert.ok(known.has(code), `closed with ${code}`)
        assert.notEqual(code, CLOSE_CODES.failed, frames.map(String).join('\n'))
      },
    ),
  )
  await ana.do('GET', '/session')
  assert.equal(server.errors, '')
})
