// A photograph is sent from a telephone, read by everybody, found, and deleted everywhere: on one server, and on nodes.

import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { tellsLocation, upright, withLocation } from '../pictures/making.ts'
import { Cluster, lacksCluster } from '../tools/cluster.ts'
import { openServer } from '../tools/hosted.ts'
import { Irc } from '../tools/irc-client.ts'
import { LineClient } from '../tools/line-client.ts'
import { withoutFile } from '../tools/pair.ts'
import { patiently } from '../tools/patiently.ts'
import type { Server } from '../tools/server.ts'
import type { Web } from '../tools/web-client.ts'

interface Sent {
  readonly seq: number
  readonly attachments: readonly {
    readonly id: string
    readonly sha256: string
    readonly [name: string]: unknown
  }[]
}

/** A photograph by a telephone that was held sideways, with the place in it. */
async function photograph(): Promise<Buffer> {
  return withLocation(upright(400, 300)).withMetadata({ orientation: 6 }).jpeg().toBuffer()
}

/** Sends a file as `curl -F` does. */
async function send(web: Web, bytes: Buffer, fields: Readonly<Record<string, string>>): Promise<Sent> {
  const form = new FormData()
  form.set('file', new Blob([new Uint8Array(bytes)]), fields.name ?? 'foto.jpg')
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  const answer = await fetch(`${web.origin}/api/v1/rooms/general/files`, {
    method: 'POST',
    headers: { authorization: `Bearer ${web.token}` },
    body: form,
  })
  assert.equal(answer.status, 201, await answer.clone().text())
  return (await answer.json()) as Sent
}

async function read(web: Web, path: string): Promise<{ readonly status: number; readonly bytes: Buffer }> {
  const answer = await fetch(`${web.origin}${path}`, { headers: { authorization: `Bearer ${web.token}` } })
  return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()) }
}

/** Plays it on three servers, which may be the same one. */
async function story([first, second, third]: readonly [Server, Server, Server]): Promise<Sent> {
  const beto = await LineClient.connect(first.port)
  await beto.register('beto')
  using caro = await Irc.register(second.port, 'caro')
  const ana = await third.web.register('ana')
  const sent = await send(ana, await photograph(), { text: 'miren', alt: 'el loro de la clase' })
  const [photo] = sent.attachments
  assert.ok(photo)
  assert.deepEqual([photo.name, photo.type, photo.width, photo.height], ['foto.jpg', 'image/jpeg', 300, 400])
  const path = `/f/${photo.id}`

  await beto.expect('ana: miren\n')
  await beto.expect(`${path}`)
  await caro.expect(/:ana!\S+ PRIVMSG #general :miren$/)
  await caro.expect(new RegExp(`:ana!\\S+ PRIVMSG #general :foto\\.jpg .*${path}`))

  const dora = await first.web.register('dora')
  for (const size of ['', '?size=screen', '?size=thumb']) {
    const { status, bytes } = await read(dora, `${path}${size}`)
    assert.equal(status, 200)
    assert.ok(bytes.length > 0 && !tellsLocation(bytes), 'the place is not told')
  }
  for (const words of ['foto.jpg', 'loro', 'tiene:imagen', 'has:file']) {
    const { found } = await dora.do('GET', `/search?q=${encodeURIComponent(words)}`)
    assert.deepEqual(
      found.map((each: { readonly message: { readonly seq: number } }) => each.message.seq),
      [sent.seq],
      words,
    )
  }
  const { messages } = await dora.do('GET', '/rooms/general/files?kind=visual')
  assert.deepEqual(messages[0].attachments, sent.attachments)

  await ana.do('DELETE', `/rooms/general/messages/${sent.seq}`)
  await beto.expect(`ana borró #${sent.seq}`)
  for (const web of [ana, dora]) assert.equal((await read(web, path)).status, 404)
  assert.deepEqual((await dora.do('GET', '/search?q=loro')).found, [])
  assert.deepEqual((await dora.do('GET', '/rooms/general/files')).messages, [])
  beto.end()
  return sent
}

async function storedIn(folder: string): Promise<string[]> {
  const all = await readdir(folder, { recursive: true, withFileTypes: true })
  return all.filter(each => each.isFile()).map(each => each.name)
}

test('a photograph reads in every door, is found, and is deleted everywhere with its message', async () => {
  await using server = await openServer()
  await story([server, server, server])
  if (withoutFile !== false) return // the bytes are in the database, as below
  const folder = join(server.data, 'files')
  await patiently(
    async () => (await storedIn(folder)).length === 0,
    () => 'bytes are left in the folder',
  )
})

test('the same on three nodes', { skip: lacksCluster }, async () => {
  await using cluster = await Cluster.start(3)
  await story([cluster.node(0), cluster.node(1), cluster.node(2)])
  await patiently(
    async () => (await cluster.query('SELECT 1 FROM file_chunks LIMIT 1')).length === 0,
    () => 'bytes are left in the database',
  )
})

test('an upload that is cut goes on where it was, on another node', { skip: lacksCluster }, async () => {
  await using cluster = await Cluster.start(2)
  const ana = await cluster.node(0).web.register('ana')
  const bytes = Buffer.alloc(700_000, 'tarea ')
  const tus = { authorization: `Bearer ${ana.token}`, 'tus-resumable': '1.0.0' }
  const begun = await fetch(`${ana.origin}/api/v1/uploads`, {
    method: 'POST',
    headers: {
      ...tus,
      'upload-length': `${bytes.length}`,
      'upload-metadata': `filename ${btoa('tarea.txt')}`,
    },
  })
  assert.equal(begun.status, 201)
  const path = begun.headers.get('location')
  const patch = (web: Web, from: number, to: number) =>
    fetch(`${web.origin}${path}`, {
      method: 'PATCH',
      headers: { ...tus, 'upload-offset': `${from}`, 'content-type': 'application/offset+octet-stream' },
      body: new Uint8Array(bytes.subarray(from, to)),
    })
  assert.equal((await patch(ana, 0, 300_000)).headers.get('upload-offset'), '300000')
  const there = ana.at(cluster.node(1).port)
  const head = await fetch(`${there.origin}${path}`, { method: 'HEAD', headers: tus })
  assert.equal(head.headers.get('upload-offset'), '300000')
  assert.equal((await patch(there, 0, 10)).status, 409)
  assert.equal((await patch(there, 300_000, bytes.length)).status, 204)
  const id = path?.split('/').at(-1)
  await there.do('POST', '/rooms/general/messages', { text: '', attachments: [{ upload: id }] })
  assert.ok((await read(ana, `/f/${id}`)).bytes.equals(bytes))
})
