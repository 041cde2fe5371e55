// Files in the IRC door, besides how they look (test/conversations/file-lines.test.ts).

import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { test } from 'node:test'
import type { Edit } from '../tools/edits.ts'
import { openServer } from '../tools/hosted.ts'
import { bare, Irc } from '../tools/irc-client.ts'
import { PASSWORD } from '../tools/line-client.ts'
import { temporaryFolder } from '../tools/server.ts'
import { bytesOf, upload } from '../tools/uploading.ts'
import { quickServer } from './quick-server.ts'

const PHOTO = bytesOf(1_200_000)
/** What follows the address of the web door. */
const LINK = /^(\/f\/[\w-]{22}(\?key=[\w.~-]{22,})?|\/u\/[\w.~-]{22,}\/)$/

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

test('a link is whole, however long the name and the address are', async t => {
  const data = await temporaryFolder()
  t.after(() => rm(data, { recursive: true }))
  const url = `https://${'aula-de-informatica.'.repeat(12)}example.org`
  const name = `${'漢'.repeat(80)}.jpg`
  let id: string
  {
    await using before = await openServer({ data })
    const ana = await before.web.register('ana')
    id = await upload(ana, name, PHOTO)
    await ana.do('POST', '/rooms/1/messages', { text: '', attachments: [{ upload: id }] })
  }
  await using server = await openServer({ data, args: ['--public-url', url] })
  using ana = await Irc.logIn(server.port, 'ana', { caps: '' })
  for (const asked of ['FILES #general', `FILE ${id}`, 'SEND #general']) {
    const words = (await chanServ(ana, asked)).join(' ').split(' ')
    const link = words.find(each => each.startsWith(url)) ?? assert.fail(`${words}`)
    assert.match(link.slice(url.length), LINK, asked)
  }
})

/** Uploads as gamja and goguma do, to the address in 005. @returns the link */
async function hosted(
  irc: Irc,
  person: string,
  { name = 'foto.jpg', password = PASSWORD } = {},
): Promise<Response> {
  const tokens = new Map(
    irc.lines
      .filter(line => / 005 /.test(line))
      .flatMap(line => line.split(' ').map(token => token.split('=', 2) as [string, string])),
  )
  const address = tokens.get('soju.im/FILEHOST') ?? assert.fail('no FILEHOST')
  assert.equal(tokens.get('draft/FILEHOST'), address)
  return fetch(address.replace('localhost', '127.0.0.1'), {
    method: 'POST',
    headers: {
      Authorization: `Basic ${Buffer.from(`${person}:${password}`).toString('base64')}`,
      'Content-Type': 'image/jpeg',
      'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
    },
    body: Uint8Array.from(PHOTO),
  })
}

test('a file is uploaded to the FILEHOST, and its link becomes an attachment', async t => {
  const server = await quickServer(t)
  const web = await server.web.register('ana')
  const beto = await server.register('beto')
  using ana = await Irc.logIn(server.port, 'ana')
  const answer = await hosted(ana, 'ana', { name: 'ñandú.jpg' })
  assert.equal(answer.status, 201)
  const link = answer.headers.get('location') ?? ''
  assert.match(link, new RegExp(`^http://localhost:${server.port}/f/[\\w-]{22}$`))
  const [echo = '', ...more] = (await ana.ask(`PRIVMSG #general :mira ${link} qué lindo`)).filter(line =>
    / PRIVMSG /.test(line),
  )
  assert.match(echo, / PRIVMSG #general :mira qué lindo$/)
  assert.equal(more.length, 1)
  assert.match(more[0] ?? '', / PRIVMSG #general :ñandú\.jpg \(1,2 MB\) http/)
  await beto.expect(`ana: mira qué lindo\nana: ñandú.jpg (1,2 MB) ${link}\n`)
  const { messages } = await web.do('GET', '/rooms/1/messages')
  assert.deepEqual([messages.at(-1).text, messages.at(-1).attachments.length], ['mira qué lindo', 1])

  await ana.ask(`PRIVMSG #general :otra vez: ${link}`)
  await beto.expect(`ana: otra vez: ${link}\n`)
  assert.equal(beto.unread, '')
})

test('links to uploads are taken from actions, several lines and one of several targets', async t => {
  const server = await quickServer(t)
  await server.web.register('ana')
  const beto = await server.register('beto')
  using ana = await Irc.logIn(server.port, 'ana')
  const link = async () => (await hosted(ana, 'ana')).headers.get('location')
  const [one, two, three, four] = [await link(), await link(), await link(), await link()]
  ana.send(`PRIVMSG #general :\x01ACTION muestra ${one}\x01`)
  await beto.expect(`*ana muestra*\nana: foto.jpg (1,2 MB) ${one}\n`)
  const lines = [`dos`, `${two} ${three}`, '  sangrado'].map(line => `@batch=m PRIVMSG #general :${line}`)
  ana.send('BATCH +m draft/multiline #general', ...lines, 'BATCH -m')
  await beto.expect(
    `ana: dos\nana|   sangrado\nana: foto.jpg (1,2 MB) ${two}\nana: foto.jpg (1,2 MB) ${three}\n`,
  )
  for (const [typed, shown] of [
    ['    sangrado   LINK    a   b', '    sangrado    a   b'],
    ['  LINK  y luego', '  y luego'],
    ['(LINK)', '()'],
  ] as const) {
    const link = (await hosted(ana, 'ana')).headers.get('location') ?? ''
    ana.send(`PRIVMSG #general :${typed.replace('LINK', link)}`)
    await beto.expectExactly(`ana: ${shown}\nana: foto.jpg (1,2 MB) ${link}\n`)
  }
  for (const around of ['\x02', '\x0304\x1d', '\x02 ']) {
    const link = (await hosted(ana, 'ana')).headers.get('location') ?? ''
    ana.send(`PRIVMSG #general :${around}${link}${around}`)
    await beto.expectExactly(`ana: foto.jpg (1,2 MB) ${link}\n`)
  }
  ana.send(`PRIVMSG #general,beto :${four}`, `PRIVMSG #general :${four}`)
  await beto.expect(`ana: foto.jpg (1,2 MB) ${four}\n`)
  await beto.expect(`(privado) ana: ${four}\n`)
  await beto.expect(`ana: ${four}\n`)
})

test('a link whose upload goes with another message meanwhile stays text', async t => {
  const blind: Edit = {
    file: 'doors/irc/commands/attach.ts',
    from: 'if (error instanceof Refusal) return false',
    to: 'if (error instanceof Refusal) return true',
  }
  const server = await quickServer(t, { edits: [blind] })
  await server.web.register('ana')
  const beto = await server.register('beto')
  using ana = await Irc.logIn(server.port, 'ana')
  const link = (await hosted(ana, 'ana')).headers.get('location') ?? ''
  await ana.ask(`PRIVMSG #general :uno ${link}`)
  await beto.expect(`ana: uno\nana: foto.jpg (1,2 MB) ${link}\n`)
  const [echo = '', ...more] = await ana.ask(`@label=x PRIVMSG #general :\x02dos\x02 ${link}`)
  assert.match(echo, /label=x\b/)
  assert.ok(echo.endsWith(` PRIVMSG #general :\x02dos\x02 ${link}`), echo)
  assert.deepEqual(more, [])
  await beto.expect(`ana: dos ${link}\n`)
  await ana.ask(`PRIVMSG #general :\x01ACTION muestra ${link}\x01`)
  await beto.expect(`*ana muestra ${link}*\n`)
  await ana.ask(`NOTICE #general :${link}`)
  await beto.expect(`${link}\n`)
})

test('the FILEHOST takes nothing from strangers, and links of others stay text', async t => {
  const server = await quickServer(t, { args: ['--file-types', 'image/*,text/plain'] })
  await server.web.register('ana')
  const beto = await server.web.register('beto')
  using ana = await Irc.logIn(server.port, 'ana')
  using watcher = await Irc.logIn(server.port, 'beto')
  assert.equal((await hosted(ana, 'ana', { password: 'equivocada' })).status, 403)
  const address = `${beto.origin}/filehost`
  assert.equal((await fetch(address, { method: 'POST', body: 'loro' })).status, 401)
  const options = await fetch(address, { method: 'OPTIONS' })
  assert.deepEqual(
    [options.status, options.headers.get('allow'), options.headers.get('accept-post')],
    [204, 'OPTIONS, POST', 'image/*, text/plain'],
  )
  const headers = { Authorization: `Bearer ${beto.token}` }
  const sent = await fetch(address, { method: 'POST', headers, body: Uint8Array.from(PHOTO) })
  assert.equal(sent.status, 201)
  const link = sent.headers.get('location')
  ana.send(`PRIVMSG #general :mío: ${link}`)
  await watcher.expect(`:ana!ana@tertulia.local PRIVMSG #general :mío: ${link}`)
  await watcher.ask(`PRIVMSG #general :${link}`)
  await ana.expect(`:beto!beto@tertulia.local PRIVMSG #general :file (1,2 MB) ${link}`)
})
