// Links that the text doors give to one person: to read a file, and to send one.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { type Edit, noRest, quickHashes } from '../tools/edits.ts'
import { openServer } from '../tools/hosted.ts'
import type { LineClient } from '../tools/line-client.ts'
import { lacking } from '../tools/programs.ts'
import type { Server } from '../tools/server.ts'
import { bytesOf, upload } from '../tools/uploading.ts'
import type { Web } from '../tools/web-client.ts'

const run = promisify(execFile)
const PHOTO = bytesOf(1_200_000)

async function quick(...edits: readonly Edit[]): Promise<Server> {
  return openServer({ edits: [noRest, ...quickHashes, ...edits], args: ['--no-limits'] })
}

async function sendPhoto(web: Web, room = 1) {
  const id = await upload(web, 'foto.jpg', PHOTO)
  const { seq } = await web.do('POST', `/rooms/${room}/messages`, { text: '', attachments: [{ upload: id }] })
  return { id, seq: Number(seq) }
}

/** What `/archivo` gives: the address, as a browser on this machine opens it. */
async function linkFor(client: LineClient, seq: number): Promise<string> {
  client.say(`/archivo ${seq}`)
  await client.expect('* foto.jpg (1,2 MB) http://localhost:')
  return `http://127.0.0.1:${await client.expect(' – para ti, durante diez minutos\n')}`
}

async function uploadAddress(client: LineClient): Promise<string> {
  client.say('/enviar')
  await client.expect('en los próximos diez minutos: curl -T ARCHIVO http://localhost:')
  return `http://127.0.0.1:${await client.expect('\n')}`
}

/** @returns the status, and the sentence or the code of the problem */
async function asked(url: string, init?: RequestInit): Promise<readonly [number, string]> {
  const answer = await fetch(url, init)
  const text = await answer.text()
  return [answer.status, text.startsWith('{') ? JSON.parse(text).code : text]
}

test('/archivo gives its asker a link to a file, for whom it works as long as they may read the room', async () => {
  await using server = await quick()
  const ana = await server.web.register('ana')
  const beto = await server.register('beto')
  const { id, seq } = await sendPhoto(ana)
  await beto.expect(`/f/${id}\n`)
  const link = await linkFor(beto, seq)
  const answer = await fetch(link)
  assert.equal(answer.status, 200)
  assert.deepEqual(Buffer.from(await answer.arrayBuffer()), PHOTO)
  assert.equal(answer.headers.get('set-cookie'), null)
  assert.equal(answer.headers.get('referrer-policy'), 'no-referrer')
  assert.equal((await fetch(link, { headers: { Range: 'bytes=0-3' } })).status, 206)

  const [plain = '', key = ''] = link.split('?key=')
  assert.deepEqual(await asked(plain), [401, 'not-logged-in'])
  const other = await sendPhoto(ana)
  for (const wrong of [
    link.replace(id, other.id),
    `${plain}?key=`,
    `${plain}?key=${key.replace(/.$/, last => (last === 'A' ? 'Q' : 'A'))}`,
    `${plain}?key=1${key.replace(/^[^.]*/, '')}`,
    `${plain}?key=${key.replace(/\.[^.]+\./, '.zzzzzzzz.')}`,
    `${plain}?key=${(await uploadAddress(beto)).split('/').at(-2)}`,
    `${link}&key=${key}`,
  ])
    assert.deepEqual(await asked(wrong), [403, 'dead-link'], wrong)
  assert.deepEqual(await asked(`${ana.origin}/api/v1/rooms?key=${key}`), [401, 'not-logged-in'])

  await ana.do('PUT', '/people/beto/disabled', { disabled: true })
  assert.deepEqual(await asked(link), [403, 'dead-link'])
  await ana.do('PUT', '/people/beto/disabled', { disabled: false })
  assert.equal((await fetch(link, { method: 'HEAD' })).status, 200)
  await ana.do('DELETE', `/rooms/1/messages/${seq}`)
  assert.deepEqual(await asked(link), [404, 'no-such-file'])
})

test('a personal link opens nothing once its person is out of the room', async () => {
  await using server = await quick()
  const ana = await server.web.register('ana')
  const { id: room } = await ana.do('POST', '/rooms', { name: 'club' })
  const beto = await server.register('beto')
  beto.say('/unirse club')
  await beto.expect('#club.\n')
  const { seq } = await sendPhoto(ana, room)
  const link = await linkFor(beto, seq)
  assert.equal((await fetch(link, { method: 'HEAD' })).status, 200)
  beto.say('/dejar')
  await beto.expect('* Estás en #general.\n')
  assert.deepEqual(await asked(link), [404, 'no-such-file'])
  beto.say(`/archivo #club/${seq}`)
  await beto.expect('No estás en esa sala.\n')
})

test('links end', async () => {
  await using server = await quick({ file: 'core/files/personal-links.ts', set: { LINK_LASTS_MS: '1' } })
  const ana = await server.web.register('ana')
  const beto = await server.register('beto')
  const { seq } = await sendPhoto(ana)
  const [link, address] = [await linkFor(beto, seq), await uploadAddress(beto)]
  assert.deepEqual(await asked(link), [403, 'dead-link'])
  const answer = await asked(`${address}loro.txt`, { method: 'PUT', body: 'loro' })
  assert.deepEqual(answer, [
    403,
    'Ese enlace ya no sirve: un enlace personal dura diez minutos. Pide otro en el chat.\n',
  ])
})

test('/archivos lists the files of a room', async () => {
  await using server = await quick()
  const ana = await server.web.register('ana')
  const beto = await server.register('beto')
  const ids = []
  for (let i = 0; i < 3; i++) ids.push((await sendPhoto(ana)).id)
  await beto.expect(`${ids[2]}\n`)
  beto.say('/archivos 2')
  for (const seq of [2, 3]) {
    await beto.expect(`#${seq} [`)
    const link = `http://localhost:${server.port}/f/${ids[seq - 1]}`
    assert.match(await beto.expect(`] ana: foto.jpg (1,2 MB) ${link}\n`), /^[\d :-]+$/)
  }
  const two = [await upload(ana, 'uno.jpg', PHOTO), await upload(ana, 'dos.jpg', PHOTO)]
  await ana.do('POST', '/rooms/1/messages', { text: '', attachments: two.map(each => ({ upload: each })) })
  await beto.expect(`${two[1]}\n`)
  beto.say('/archivos 0')
  await beto.expect('#4 [')
  assert.match(await beto.expect('\n'), new RegExp(`dos\\.jpg .*/f/${two[1]}$`))
  assert.equal(beto.unread, '')
})

test('what is sent to the address of /enviar is in the room, once', async () => {
  await using server = await quick()
  const [beto, eva] = [await server.register('beto'), await server.register('eva')]
  eva.say('/idioma en')
  await eva.expect('English')
  const address = await uploadAddress(beto)
  const put = (to: string, body: string | Uint8Array<ArrayBuffer> = Uint8Array.from(PHOTO)) =>
    asked(to, { method: 'PUT', body })
  assert.deepEqual(await put(`${address}vac%C3%ADo.txt`, ''), [422, 'El archivo está vacío.\n'])
  assert.deepEqual(await put(`${address}el%20loro.jpg`), [201, 'el loro.jpg está en el chat.\n'])
  await beto.expect('beto: el loro.jpg (1,2 MB) http://localhost:')
  await eva.expect('beto: el loro.jpg (1.2 MB) http://localhost:')
  assert.deepEqual(await put(`${address}otro.jpg`), [
    409,
    'A esa dirección ya se envió un archivo, y sirve una sola vez. Pide otra en el chat.\n',
  ])
  const forged = address.replace(/\/u\/[^.]+/, '/u/2')
  assert.equal((await put(`${forged}otro.jpg`))[0], 403)
  const two = await uploadAddress(beto)
  const both = await Promise.all([put(`${two}uno.jpg`), put(`${two}uno.jpg`)])
  assert.deepEqual(both.map(([status]) => status).toSorted(), [201, 409])
  eva.say('/send')
  await eva.expect(
    '* Send a file to #general, once, within the next ten minutes: curl -T FILE http://localhost:',
  )
  const hers = `http://127.0.0.1:${await eva.expect('\n')}`
  assert.deepEqual(await put(hers, 'parrot'), [201, 'file is in the chat.\n'])
  await eva.expect('eva: file (6 bytes) http://localhost:')
  eva.say('/send')
  await eva.expect('curl -T FILE http://localhost:')
  const last = `http://127.0.0.1:${await eva.expect('\n')}`
  beto.say('/desactivar eva')
  await eva.closed
  assert.equal((await put(`${last}otro.jpg`))[0], 403)
})

test('curl sends a file to the address, under its own name', { skip: lacking('curl') }, async () => {
  await using server = await quick()
  await using folder = await mkdtempDisposable(join(tmpdir(), 'tertulia-'))
  const beto = await server.register('beto')
  await writeFile(join(folder.path, 'ñandú.txt'), 'loro')
  beto.say('/enviar ñandú.txt')
  await beto.expect(": curl -T 'ñandú.txt' ")
  const address = (await beto.expect('\n')).replace('localhost', '127.0.0.1')
  const { stdout } = await run('curl', ['-s', '-T', 'ñandú.txt', address], { cwd: folder.path })
  assert.equal(stdout, 'ñandú.txt está en el chat.\n')
  await beto.expect('beto: ñandú.txt (4 bytes) ')
})
