// Files in the IRC door, besides how they look (test/conversations/file-lines.test.ts).

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bare, Irc } from '../tools/irc-client.ts'
import { bytesOf, upload } from '../tools/uploading.ts'
import { quickServer } from './quick-server.ts'

const PHOTO = bytesOf(1_200_000)

/** What ChanServ answers. */
async function chanServ(irc: Irc, said: string): Promise<string[]> {
  const answers = await irc.ask(`PRIVMSG ChanServ :${said}`)
  return answers
    .filter(line => / NOTICE /.test(line))
    .map(line => bare(line).replace(/^:ChanServ!\S+ NOTICE \S+ :/, ''))
}

test('ChanServ lists files, gives links to them, and addresses to send them to', async t => {
  const server = await quickServer(t)
  const web = await server.web.register('ana')
  using beto = await Irc.register(server.port, 'beto', { caps: '' })
  assert.deepEqual(await chanServ(beto, 'FILES #general'), ['Aquí no hay archivos.'])
  const id = await upload(web, 'foto.jpg', PHOTO)
  await web.do('POST', '/rooms/1/messages', { text: '', attachments: [{ upload: id }] })
  const link = `http://localhost:${server.port}/f/${id}`
  await beto.expect(`:ana!ana@tertulia.local PRIVMSG #general :foto.jpg (1,2 MB) ${link}`)
  assert.deepEqual(await chanServ(beto, 'FILES #general'), [`ana: foto.jpg (1,2 MB) ${link}`])
  for (const asked of [`FILE ${link}`, `FILE ${id}`, 'file #general']) {
    const [line = ''] = await chanServ(beto, asked)
    const [, given = ''] = /^foto\.jpg \(1,2 MB\) (\S+) – para ti, durante diez minutos$/.exec(line) ?? [line]
    const answer = await fetch(given.replace('localhost', '127.0.0.1'))
    assert.equal(answer.status, 200, given)
    assert.equal((await answer.arrayBuffer()).byteLength, PHOTO.length)
  }
  const [command = ''] = await chanServ(beto, 'SEND #general')
  const [, address = ''] = /^Envía un archivo a #general, .* curl -T ARCHIVO (\S+)$/.exec(command) ?? [
    command,
  ]
  const sent = await fetch(`${address.replace('localhost', '127.0.0.1')}loro.txt`, {
    method: 'PUT',
    body: 'loro',
  })
  assert.equal(sent.status, 201)
  await beto.expect(/ PRIVMSG #general :loro\.txt \(4 bytes\) /)
})

test('ChanServ gives nothing of rooms that one is not in', async t => {
  const server = await quickServer(t)
  const web = await server.web.register('ana')
  const { id: room } = await web.do('POST', '/rooms', { name: 'club' })
  const id = await upload(web, 'foto.jpg', PHOTO)
  await web.do('POST', `/rooms/${room}/messages`, { text: '', attachments: [{ upload: id }] })
  using beto = await Irc.register(server.port, 'beto', { caps: '' })
  const [noRoom, noFile] = [
    'No hay ninguna sala con ese nombre.',
    'Ese archivo no existe, o no puedes verlo.',
  ]
  for (const asked of ['FILES #club', 'SEND #club', 'SEND', 'FILE #club', 'FILE', 'FILES'])
    assert.deepEqual(await chanServ(beto, asked), [noRoom], asked)
  for (const asked of [`FILE ${id}`, `FILE http://x/f/${id}`, 'FILE #general'])
    assert.deepEqual(await chanServ(beto, asked), [noFile], asked)
})
