// The typed client's uploads, against a server that cuts connections and forgets.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { getEventListeners } from 'node:events'
import { test } from 'node:test'
import { HttpApi } from '../../src/clients/client/http-api.ts'
import { cancelUpload, type UploadOptions, upload } from '../../src/clients/client/upload.ts'
import { TusServer } from './tus-server.ts'

const MEGABYTE = 1 << 20

function given(bytes: Buffer, server: TusServer, options: Partial<UploadOptions> = {}) {
  return upload(new HttpApi({ server: server.origin }), new Blob([new Uint8Array(bytes)]), {
    name: 'año.bin',
    ...options,
  })
}

test('a file arrives whole, in several requests, each of which tells how far it is', async () => {
  await using server = await TusServer.open()
  const bytes = randomBytes(3 * MEGABYTE + 1)
  const steps: number[] = []
  const uploaded = await given(bytes, server, { progress: sent => steps.push(sent) })
  assert.deepEqual(server.uploads.get(uploaded.id)?.bytes, bytes)
  assert.equal(uploaded.name, 'año.bin')
  assert.ok(steps.length > 2, String(steps))
  assert.deepEqual(
    steps,
    steps.toSorted((a, b) => a - b),
  )
  assert.equal(steps.at(-1), bytes.length)
})

test('cut three times, it goes on where the server is', async () => {
  await using server = await TusServer.open()
  const bytes = randomBytes(MEGABYTE)
  server.cuts = [1000, 0, 300_000]
  const uploaded = await given(bytes, server)
  assert.deepEqual(server.uploads.get(uploaded.id)?.bytes, bytes)
  assert.equal(server.uploads.size, 1)
  assert.equal(server.requests.filter(each => each.startsWith('HEAD')).length, 3)
})

test('a later client resumes it by its id, and begins anew when that has expired', async () => {
  await using server = await TusServer.open()
  const bytes = randomBytes(MEGABYTE)
  const stop = new AbortController()
  let id = ''
  const first = given(bytes, server, {
    begun: begun => {
      id = begun
    },
    progress: sent => sent > 0 && stop.abort(),
    signal: stop.signal,
  })
  await assert.rejects(first, { name: 'AbortError' })
  const had = server.uploads.get(id)?.bytes.length ?? 0
  assert.ok(had > 0 && had < bytes.length)
  const steps: number[] = []
  const second = await given(bytes, server, { resume: id, progress: sent => steps.push(sent) })
  assert.equal(second.id, id)
  assert.equal(steps[0], had)
  assert.deepEqual(server.uploads.get(id)?.bytes, bytes)

  await cancelUpload(new HttpApi({ server: server.origin }), id)
  await cancelUpload(new HttpApi({ server: server.origin }), id)
  const third = await given(bytes, server, { resume: id })
  assert.notEqual(third.id, id)
  assert.deepEqual(server.uploads.get(third.id)?.bytes, bytes)
})

for (const remade of [7, 70_000])
  test(`the last answer is lost, and ${remade} bytes were made of what was sent: nothing is sent again`, async () => {
    await using server = await TusServer.open()
    server.remade = remade
    const bytes = randomBytes(10_000)
    const steps: number[] = []
    const { id } = await given(bytes, server, { progress: sent => steps.push(sent) })
    assert.deepEqual(server.uploads.get(id)?.bytes, bytes)
    assert.equal(server.requests.filter(each => each.startsWith('PATCH')).length, 1)
    assert.equal(steps.at(-1), bytes.length)
  })

test('a refusal ends it, with its code', async () => {
  await using server = await TusServer.open()
  server.refusal = { status: 422, code: 'bad-picture' }
  await assert.rejects(given(randomBytes(10), server), { name: 'Refused', code: 'bad-picture', status: 422 })
})

test('a wait for the next try leaves nothing on the signal', async () => {
  await using server = await TusServer.open()
  server.cuts = [0, 0]
  const { signal } = new AbortController()
  /** Those of upload.ts: fetch has its own. */
  const waits = new Set<unknown>()
  const add = signal.addEventListener.bind(signal)
  signal.addEventListener = (type: string, listener: EventListener, options?: AddEventListenerOptions) => {
    if (new Error().stack?.split('\n')[2]?.includes('/client/upload.ts')) waits.add(listener)
    add(type, listener, options)
  }
  await given(randomBytes(10), server, { signal })
  assert.equal(waits.size, 2, 'it has waited twice')
  assert.deepEqual(
    getEventListeners(signal, 'abort').filter(each => waits.has(each)),
    [],
  )
})
