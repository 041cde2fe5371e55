// How files look in the doors that show text.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noRest, quickHashes } from '../tools/edits.ts'
import { openServer } from '../tools/hosted.ts'
import { bare, Irc, inBatch, tagOf, tagsOf } from '../tools/irc-client.ts'
import type { Server } from '../tools/server.ts'
import { bytesOf, upload } from '../tools/uploading.ts'
import type { Web } from '../tools/web-client.ts'
import { table } from './happenings.ts'

const PHOTO = bytesOf(1_200_000)

interface Post {
  readonly text?: string
  readonly alt?: string
  readonly reply?: number
  readonly action?: true
}

/** @returns the file's id, which is in its link, and the message's number */
async function sendPhoto(web: Web, { alt, text = '', ...post }: Post = {}, name = 'foto.jpg') {
  const id = await upload(web, name, PHOTO)
  const attachments = [{ upload: id, ...(alt !== undefined && { alt }) }]
  const { seq } = await web.do('POST', '/rooms/1/messages', { text, ...post, attachments })
  return { id, seq: Number(seq) }
}

async function quick(...args: string[]): Promise<Server> {
  return openServer({ edits: [noRest, ...quickHashes], args: ['--no-limits', ...args] })
}

/** What ana posts for each row. */
const POSTS: Readonly<Record<string, Post>> = {
  'a file': {},
  'a file with a text': { text: 'mira', alt: 'un loro' },
  'a file as a reply': { reply: 1 },
  'a file with an action': { text: 'baila', action: true },
}

/** A line of the IRC door as docs/doors.md writes it. */
function written(line: string): string {
  const reply = tagsOf(line).get('+reply')
  const shown = bare(line)
    .replace(/^:([^ !]+)!\S+/, ':$1')
    .replaceAll('\x01', '␁')
  return `${reply === undefined ? '' : `@+reply=${reply} `}${shown}\n`
}

test('docs/doors.md holds how files are shown', async () => {
  await using server = await quick()
  const beto = await server.register('beto')
  const eva = await server.register('eva')
  eva.say('/idioma en')
  await eva.expect('English')
  const web = await server.web.register('ana')
  using irc = await Irc.register(server.port, 'dora', { caps: 'message-tags' })
  beto.say('¿?')
  await irc.expect(/ PRIVMSG #general :¿\?$/)
  const rows = await table('Files')
  assert.deepEqual(
    rows.map(([row]) => row),
    Object.keys(POSTS),
  )
  for (const [row = '', spanish = '', english = '', inIrc = ''] of rows) {
    const { id } = await sendPhoto(web, POSTS[row])
    const here = (shown: string) =>
      shown.replace('https://chat.example.org/f/ID', `http://localhost:${server.port}/f/${id}`)
    await beto.expect(here(spanish))
    await eva.expect(here(english))
    for (const line of here(inIrc).split('\n').slice(0, -1))
      assert.equal(written(await irc.expect(/ PRIVMSG /)), `${line}\n`, row)
  }
})

test('files stand wherever messages are shown again, until they are deleted', async () => {
  await using server = await quick()
  const web = await server.web.register('ana')
  const beto = await server.register('beto')
  const { id, seq } = await sendPhoto(web, { text: 'un guacamayo' })
  const silent = await sendPhoto(web, { alt: 'un loro\nen la ventana' })
  const link = (each: string) => `http://localhost:${server.port}/f/${each}`
  const lines = [
    `ana: un guacamayo\nana: foto.jpg (1,2 MB) ${link(id)}`,
    `ana: foto.jpg (1,2 MB) ${link(silent.id)} «un loro en la ventana»`,
  ]
  for (const line of lines) await beto.expect(`${line}\n`)
  beto.say('/historial')
  for (const line of lines) await beto.expect(`] ${line}\n`)
  beto.say('/buscar guacamayo')
  await beto.expect(`ana: un *guacamayo*\nana: foto.jpg (1,2 MB) ${link(id)}\n`)
  beto.say(`/responder ${silent.seq} qué lindo`)
  beto.say(`/hilo ${silent.seq}`)
  await beto.expect(`] ${lines[1]}\n`)
  await web.do('PUT', `/rooms/1/pins/${silent.seq}`)
  await beto.expect(`* ana fijó #${silent.seq}\n`)
  beto.say('/fijados')
  await beto.expect(`] ${lines[1]}\n`)
  const late = await server.register('caro')
  for (const line of lines) await late.expect(`${line}\n`)

  using irc = await Irc.logIn(server.port, 'beto')
  const fetched = inBatch(await irc.ask('CHATHISTORY LATEST #general * 10'))
  assert.equal(fetched.filter(line => line.includes(link(silent.id))).length, 1)
  using old = await Irc.logIn(server.port, 'beto', { caps: '' })
  const [, pinned] = await Promise.all([
    web.do('PUT', `/rooms/1/pins/${seq}`),
    old.expect(/ NOTICE #general :ana fijó /),
  ])
  assert.match(pinned, /«un guacamayo»/)
  await web.do('DELETE', `/rooms/1/messages/${silent.seq}`)
  await old.expect(/ NOTICE #general :ana borró un mensaje/)
  await beto.expect(`* ana borró #${silent.seq}\n`)
  beto.say('/historial')
  beto.say('/fin')
  assert.doesNotMatch(await beto.expect('/fin'), new RegExp(silent.id))
})

test('a text with files is one multiline batch, and each of its lines is a line alone elsewhere', async () => {
  await using server = await quick()
  const web = await server.web.register('ana')
  using modern = await Irc.register(server.port, 'dora')
  using old = await Irc.register(server.port, 'eva', { caps: 'message-tags' })
  const { id } = await sendPhoto(web, { text: 'uno\ndos' })
  const link = `http://localhost:${server.port}/f/${id}`
  await modern.expect(/ BATCH \+\S+ draft\/multiline #general$/)
  const inside = [
    await modern.expect(/ PRIVMSG /),
    await modern.expect(/ PRIVMSG /),
    await modern.expect(/ PRIVMSG /),
  ]
  assert.deepEqual(
    inside.map(line => line.replace(/^.* PRIVMSG #general :/, '')),
    ['uno', 'dos', `foto.jpg (1,2 MB) ${link}`],
  )
  const first = await old.expect(/ PRIVMSG #general :uno$/)
  tagOf(first, 'msgid')
  await old.expect(/ PRIVMSG #general :dos$/)
  assert.equal(tagsOf(await old.expect(/ PRIVMSG #general :foto/)).get('msgid'), undefined)
})

test('the name of a file moves nobody’s cursor, and fakes no other line', async () => {
  await using server = await quick()
  const beto = await server.register('beto')
  const web = await server.web.register('ana')
  using irc = await Irc.register(server.port, 'dora', { caps: 'message-tags' })
  await sendPhoto(web, { alt: 'a\r\nQUIT\u001b[2J\u202e' }, 'x\r\neva: hola\u001b[2J\u202egpj.exe')
  await beto.expect('ana: ')
  const shown = await beto.expect('\n')
  assert.doesNotMatch(shown, /[\r\x1b\u202e]/)
  assert.doesNotMatch(beto.unread, /^eva/m)
  assert.doesNotMatch(await irc.expect(/ PRIVMSG /), /[\r\x1b\u202e]/)
})

test('links begin with the public address, where there is one', async () => {
  await using server = await quick('--public-url', 'http://localhost:1234')
  const beto = await server.register('beto')
  const web = await server.web.register('ana')
  const { id } = await sendPhoto(web)
  await beto.expect(`ana: foto.jpg (1,2 MB) http://localhost:1234/f/${id}\n`)
})
