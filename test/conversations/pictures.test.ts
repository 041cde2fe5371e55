// A telephone's photograph, from the door that it comes in by to those who look at it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import sharp from 'sharp'
import { box, brand, endlessPhotograph, text, track } from '../pictures/boxes.ts'
import { LOCATION, moving, movingPng, tellsLocation, upright, withLocation } from '../pictures/making.ts'
import { noRest, quickHashes } from '../tools/edits.ts'
import { openServer } from '../tools/hosted.ts'
import { bytesOf } from '../tools/uploading.ts'
import type { Web } from '../tools/web-client.ts'

async function send(web: Web, name: string, bytes: Uint8Array): Promise<Response> {
  return fetch(`${web.origin}/api/v1/rooms/1/files?name=${name}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${web.token}`, 'Content-Type': 'application/octet-stream' },
    body: bytes as Uint8Array<ArrayBuffer>,
  })
}

async function read(web: Web, path: string): Promise<Buffer> {
  const answer = await fetch(web.origin + path, { headers: { Authorization: `Bearer ${web.token}` } })
  assert.equal(answer.status, 200)
  return Buffer.from(await answer.arrayBuffer())
}

test('a photograph is shown upright and small, and nobody reads where it was taken', async () => {
  await using server = await openServer({ edits: [noRest, ...quickHashes] })
  const [ana, beto] = [await server.web.register('ana'), await server.web.register('beto')]
  const sent = await withLocation(upright(2200, 1100)).jpeg().withMetadata({ orientation: 6 }).toBuffer()
  assert.ok(tellsLocation(sent))
  const answer = await send(ana, 'foto.jpg', sent)
  assert.equal(answer.status, 201)
  const [file] = (await answer.json()).attachments
  assert.deepEqual([file.type, file.width, file.height], ['image/jpeg', 1100, 2200])
  assert.match(file.placeholder, /^[\w+/=]{20,}$/)
  const sizes = {
    '': ['jpeg', 1100, 2200],
    '?size=screen': ['webp', 960, 1920],
    '?size=thumb': ['webp', 240, 480],
  }
  for (const [query, expected] of Object.entries(sizes)) {
    const bytes = await read(beto, `/f/${file.id}${query}`)
    assert.ok(!tellsLocation(bytes))
    const { format, width, height } = await sharp(bytes).metadata()
    assert.deepEqual([format, width, height], expected)
  }
})

test('what moves says so, and its thumbnail stands still', async () => {
  await using server = await openServer({ edits: [noRest, ...quickHashes] })
  const ana = await server.web.register('ana')
  for (const [name, bytes, type, animated] of [
    ['mueve.png', movingPng(60, 40, 3), 'image/png', true],
    ['mueve.gif', await moving(60, 40, 3).gif().toBuffer(), 'image/gif', true],
    ['mueve.webp', await moving(60, 40, 3).webp().toBuffer(), 'image/webp', true],
    ['quieto.gif', await upright(60, 40).gif().toBuffer(), 'image/gif', undefined],
    ['quieto.webp', await upright(60, 40).webp().toBuffer(), 'image/webp', undefined],
  ] as const) {
    const answer = await send(ana, name, bytes)
    assert.equal(answer.status, 201, name)
    const { attachments, seq } = await answer.json()
    assert.deepEqual([attachments[0].type, attachments[0].animated], [type, animated], name)
    const { messages } = await ana.do('GET', `/rooms/1/messages?after=${seq - 1}`)
    assert.deepEqual(messages[0].attachments, attachments)
    const thumb = await read(ana, `/f/${attachments[0].id}?size=thumb`)
    assert.equal((await sharp(thumb).metadata()).pages ?? 1, 1, name)
    const whole = await read(ana, `/f/${attachments[0].id}`)
    assert.equal(whole.includes('acTL'), name === 'mueve.png')
  }
})

test('a broken picture is refused, and the next one is not', async () => {
  await using server = await openServer({ edits: [noRest, ...quickHashes] })
  const ana = await server.web.register('ana')
  const good = await upright(300, 200).jpeg().toBuffer()
  const refused = await send(ana, 'rota.jpg', good.subarray(0, 900))
  assert.equal(refused.status, 422)
  assert.equal((await refused.json()).code, 'bad-picture')
  assert.equal((await ana.do('GET', '/uploads')).used, 0, 'nothing of it is kept')
  assert.equal((await send(ana, 'buena.jpg', good)).status, 201)
})

test('tables without end stop nobody: a film is clean, a photograph is refused', async () => {
  await using server = await openServer({ edits: [noRest, ...quickHashes] })
  const ana = await server.web.register('ana')
  const start = brand('isom').length + 8
  const pixels = Buffer.alloc(2_000_000, LOCATION)
  const again = new Array<number>(100_000).fill(start) // all of them, so often
  const sensors = track('meta', again, [pixels.length], { runs: [1, 1, 1] })
  const sent = Buffer.concat([brand('isom'), box('mdat', pixels), box('moov', sensors, text(''))])
  let isDone = false
  const work = Promise.all([
    send(ana, 'vuelta.mp4', sent),
    send(ana, 'plaza.heic', endlessPhotograph(1, 100)),
  ]).finally(() => {
    isDone = true
  })
  let slowest = 0
  while (!isDone) {
    const asked = performance.now()
    assert.equal((await fetch(`${ana.origin}/healthz`)).status, 200)
    slowest = Math.max(slowest, performance.now() - asked)
  }
  const [film, photograph] = await work
  assert.ok(slowest < 5_000, `it answered after ${slowest} ms`)
  assert.equal(film.status, 201)
  const [file] = (await film.json()).attachments
  const kept = await read(ana, `/f/${file.id}`)
  assert.deepEqual([kept.length, kept.includes(LOCATION)], [sent.length, false])
  assert.equal(photograph.status, 422)
  assert.equal((await photograph.json()).code, 'bad-picture')
})

test('a web page, a drawing with a script and bytes of no kind are never what a browser runs', async () => {
  await using server = await openServer({ edits: [noRest, ...quickHashes] })
  const ana = await server.web.register('ana')
  const files = {
    'page.html': Buffer.from('<!doctype html><script>alert(1)</script>'),
    'drawing.svg': Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    'photo.jpg': Buffer.concat([Buffer.of(0), bytesOf(100)]),
  }
  for (const [name, bytes] of Object.entries(files)) {
    const [file] = (await (await send(ana, name, bytes)).json()).attachments
    assert.equal(file.type, name === 'photo.jpg' ? 'application/octet-stream' : 'text/plain')
  }
})
