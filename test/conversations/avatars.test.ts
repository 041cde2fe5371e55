// Pictures of people and rooms: set in one place, seen in all others at once, and gone when they are replaced.

import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import sharp from 'sharp'
import { upright } from '../pictures/making.ts'
import { Cluster, lacksCluster } from '../tools/cluster.ts'
import { openServer } from '../tools/hosted.ts'
import { Irc } from '../tools/irc-client.ts'
import { withoutFile } from '../tools/pair.ts'
import { patiently } from '../tools/patiently.ts'
import type { Server } from '../tools/server.ts'
import { upload } from '../tools/uploading.ts'
import type { Web } from '../tools/web-client.ts'

const CAPS = 'standard-replies draft/metadata-2'

async function portrait(blue: number): Promise<Buffer> {
  const colour = { r: 200, g: 90, b: blue }
  return sharp({ create: { width: 512, height: 512, channels: 3, background: colour } })
    .png()
    .toBuffer()
}

/** @returns the id of the picture that ana has now */
async function setOwn(ana: Web, blue: number): Promise<string> {
  const id = await upload(ana, 'yo.png', await portrait(blue))
  return (await ana.do('PUT', '/me/avatar', { upload: id })).avatar
}

/** Plays it on three servers, which may be the same one. */
async function story([first, second, third]: readonly [Server, Server, Server]): Promise<void> {
  const ana = await first.web.register('ana')
  const beto = await second.web.register('beto')
  using live = await beto.connect()
  using caro = await Irc.register(third.port, 'caro', { caps: CAPS })
  await caro.ask('METADATA * SUB avatar')
  const me = (await ana.do('GET', '/people/ana')).id

  const before = await setOwn(ana, 10)
  assert.match(before, /^[\w-]{22}$/)
  await live.expectHeard(`avatar ${me} ${before}`)
  await caro.expect(new RegExp(`METADATA ana avatar \\* :?http\\S+/a/${before}$`))
  assert.deepEqual(await beto.do('GET', `/avatars?people=${me},99&rooms=1`), {
    people: [{ person: me, avatar: before }],
    rooms: [],
  })
  assert.equal((await beto.do('GET', '/people/ana')).avatar, before)

  const open = await fetch(`${beto.origin}/a/${before}`)
  assert.equal(open.status, 200, 'without a log-in')
  const { headers } = open
  assert.equal(headers.get('content-type'), 'image/webp')
  assert.equal(headers.get('cache-control'), 'public, max-age=604800, immutable')
  assert.equal(headers.get('x-content-type-options'), 'nosniff')
  assert.match(headers.get('content-security-policy') ?? '', /^sandbox; default-src 'none'/)
  const shown = await sharp(Buffer.from(await open.arrayBuffer())).metadata()
  assert.deepEqual([shown.format, shown.width, shown.height], ['webp', 480, 480])

  const after = await setOwn(ana, 20)
  await live.expectHeard(`avatar ${me} ${after}`)
  await caro.expect(new RegExp(`METADATA ana avatar \\* :?http\\S+/a/${after}$`))
  for (const server of [first, second]) {
    assert.equal((await fetch(`${server.web.origin}/a/${before}`)).status, 404, 'the one before')
    assert.equal((await fetch(`${server.web.origin}/a/${after}`, { method: 'HEAD' })).status, 200)
  }

  using own = await Irc.logIn(second.port, 'ana', { caps: CAPS })
  assert.match(
    (await own.ask('METADATA * GET avatar')).join('\n'),
    new RegExp(` ana avatar \\* :?http\\S+/a/${after}$`),
  )
  const [refused = ''] = await own.ask('METADATA * SET avatar :https://example.org/a.png')
  assert.match(refused, /FAIL METADATA KEY_NO_PERMISSION ana avatar :.*(picture|imagen)/)
  assert.match((await own.ask('METADATA * SET avatar')).join('\n'), / 766 ana ana avatar /)
  await live.expectHeard(`avatar ${me} gone`)
  await caro.expect(/METADATA ana avatar \* :?$/)
  await own.ask('METADATA * SET avatar :https://example.org/a.png')
  await caro.expect(/METADATA ana avatar \* :?https:\/\/example\.org\/a\.png$/)
  assert.equal((await fetch(`${ana.origin}/a/${after}`)).status, 404)
}

async function isEmpty(folder: string): Promise<boolean> {
  const all = await readdir(folder, { recursive: true, withFileTypes: true })
  return all.every(each => !each.isFile())
}

test('a new picture is seen by everybody at once, in every door, and the one before is gone', async () => {
  await using server = await openServer()
  await story([server, server, server])
  if (withoutFile !== false) return // the bytes are in the database, as below
  await patiently(
    () => isEmpty(join(server.data, 'files')),
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

test('a room has the picture that its moderators choose, and only its members are told', async () => {
  await using server = await openServer()
  const ana = await server.web.register('ana')
  const beto = await server.web.register('beto')
  const { id: room } = await ana.do('POST', '/rooms', { name: 'club', kind: 'closed' })
  await ana.do('PUT', `/rooms/${room}/members/beto`)
  using live = await beto.connect()
  using outside = await (await server.web.register('caro')).connect()
  using irc = await Irc.logIn(server.port, 'beto', { caps: CAPS })
  await irc.ask('METADATA * SUB avatar')
  const send = async (by: Web) => ({ upload: await upload(by, 'club.png', await portrait(30)) })
  assert.equal(await beto.refused('PUT', '/rooms/club/avatar', await send(beto)), 'forbidden')
  const { avatar } = await ana.do('PUT', '/rooms/club/avatar', await send(ana))
  await live.expectHeard(`avatar #${room} ${avatar}`)
  await irc.expect(new RegExp(`METADATA #club avatar \\* :?http\\S+/a/${avatar}$`))
  assert.deepEqual((await beto.do('GET', `/avatars?rooms=${room}`)).rooms, [{ room, avatar }])
  const caro = await server.web.logIn('caro')
  assert.deepEqual((await caro.do('GET', `/avatars?rooms=${room}`)).rooms, [])
  await ana.do('DELETE', '/rooms/club/avatar')
  await live.expectHeard(`avatar #${room} gone`)
  await irc.expect(/METADATA #club avatar \* :?$/)
  assert.equal((await fetch(`${ana.origin}/a/${avatar}`)).status, 404)
  const anas = (await ana.do('GET', '/people/ana')).id
  const own = await setOwn(ana, 40)
  await outside.expectHeard(`avatar ${anas} ${own}`)
  assert.deepEqual(
    outside.heard.filter(each => each.startsWith('avatar #')),
    [],
  )
})

test('what is no picture, or is not there, becomes none; a disabled account has none', async () => {
  await using server = await openServer()
  const ana = await server.web.register('ana')
  const beto = await server.web.register('beto')
  const page = await upload(ana, 'foto.png', Buffer.from('<svg onload="alert(1)"/>'))
  assert.equal(await ana.refused('PUT', '/me/avatar', { upload: page }), 'bad-picture')
  const theirs = await upload(beto, 'yo.jpg', await upright(64, 64).jpeg().toBuffer())
  assert.equal(await ana.refused('PUT', '/me/avatar', { upload: theirs }), 'no-such-upload')
  assert.equal(await ana.refused('GET', '/avatars?people=1,x'), 'bad-request')
  const { avatar } = await beto.do('PUT', '/me/avatar', { upload: theirs })
  const small = await fetch(`${ana.origin}/a/${avatar}`)
  assert.deepEqual([small.status, small.headers.get('content-type')], [200, 'image/jpeg'], 'small as it is')
  await small.body?.cancel()
  for (const id of ['nada', `${avatar.slice(0, -1)}_`, '%2e%2e%2fchat.db'])
    assert.equal((await fetch(`${ana.origin}/a/${id}`)).status, 404)
  await ana.do('PUT', '/people/beto/disabled', { disabled: true })
  assert.equal((await fetch(`${ana.origin}/a/${avatar}`)).status, 404)
})
