// Metadata of users and channels with draft/metadata-2.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import sharp from 'sharp'
import { bare, Irc, MODERN, tagsOf } from '../tools/irc-client.ts'
import { upload } from '../tools/uploading.ts'
import { HOST, quickServer } from './quick-server.ts'

const caps = `${MODERN} draft/metadata-2`

/** The lines without tags and the batch around them. */
function inside(lines: readonly string[]): string[] {
  const [begin = ''] = lines
  const [, reference = ''] = / BATCH \+(\S+) metadata/.exec(begin) ?? assert.fail(begin)
  assert.equal(bare(lines.at(-1) ?? ''), `:${HOST} BATCH -${reference}`)
  for (const line of lines.slice(1, -1)) assert.equal(tagsOf(line).get('batch'), reference)
  return lines.slice(1, -1).map(bare)
}

test('a user’s own metadata is sent to subscribers, and is stored', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps })
  using beto = await Irc.register(server.port, 'beto', { caps })
  using caro = await Irc.register(server.port, 'caro')
  assert.ok(
    ana.lines.some(line =>
      / LS .*draft\/metadata-2=max-subs=50,max-keys=20,max-value-bytes=400\b/.test(line),
    ),
  )
  const burst = beto.lines.map(bare)
  const empty = burst.findIndex(line => / BATCH \+\S+ metadata beto$/.test(line))
  assert.match(burst[empty + 1] ?? '', / BATCH -/, 'of whom there is nothing to say')
  assert.ok(empty < burst.findIndex(line => / 376 /.test(line)))
  assert.deepEqual(await beto.ask('METADATA * SUB url avatar'), [`:${HOST} 770 beto url avatar`])
  assert.deepEqual(await ana.ask('METADATA * SUB url'), [`:${HOST} 770 ana url`])
  assert.deepEqual(await ana.ask('METADATA * SET url :https://ana.example'), [
    `:${HOST} 761 ana ana url * https://ana.example`,
  ])
  await beto.expect(`:${HOST} METADATA ana url * https://ana.example`)
  assert.deepEqual(inside(await caro.ask('METADATA ana GET url color Mal')), [
    `:${HOST} 761 caro ana url * https://ana.example`,
    `:${HOST} 766 caro ana color :key not set`,
    `:${HOST} FAIL METADATA KEY_INVALID Mal :La clave no es válida.`,
  ])
  assert.ok(!caro.lines.some(line => line.includes(' METADATA ana')), 'she has not asked')
  assert.deepEqual(inside(await caro.ask('METADATA ana LIST')), [
    `:${HOST} 761 caro ana url * https://ana.example`,
  ])
  ana.send('METADATA * SET color rojo')
  await ana.settled()
  assert.ok(!(await beto.settled()).some(line => line.includes(' METADATA ana')), 'another key')

  ana.socket.destroy()
  await beto.expect(/:ana!\S+ QUIT /)
  using again = await Irc.logIn(server.port, 'ana', { caps })
  const lines = again.lines.map(bare)
  const batch = lines.findIndex(line => / BATCH \+\S+ metadata ana$/.test(line))
  assert.deepEqual(lines.slice(batch + 1, batch + 3), [
    `:${HOST} METADATA ana color * rojo`,
    `:${HOST} METADATA ana url * https://ana.example`,
  ])
  assert.ok(batch < lines.findIndex(line => / 376 /.test(line)), 'before the message of the day is over')

  assert.deepEqual(await again.ask('METADATA * SET url'), [`:${HOST} 766 ana ana url :key not set`])
  await beto.expect(`:${HOST} METADATA ana url * :`)
  assert.deepEqual(await again.ask('METADATA * SET url'), [
    `:${HOST} FAIL METADATA KEY_NOT_SET ana url :Esa clave no tiene valor.`,
  ])
  assert.deepEqual(inside(await again.ask('METADATA * CLEAR')), [`:${HOST} 761 ana ana color * :`])
  assert.deepEqual(inside(await again.ask('METADATA * LIST')), [])
})

test('a channel’s metadata: set by moderators, sent after JOIN, hidden from outsiders', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps })
  using beto = await Irc.register(server.port, 'beto', { caps })
  ana.send('JOIN #club')
  await ana.expect(/ 366 ana #club /)
  assert.deepEqual(await ana.ask('METADATA #club SET url :https://club.example'), [
    `:${HOST} 761 ana #club url * https://club.example`,
  ])
  assert.deepEqual(await beto.ask('METADATA #club LIST'), [
    `:${HOST} FAIL METADATA INVALID_TARGET #club :Ahí no hay nada, o nada que puedas ver.`,
  ])
  beto.send('METADATA * SUB url', 'JOIN #club')
  await beto.expect(/ 366 beto #club /)
  await beto.expect(`:${HOST} METADATA #club url * https://club.example`)
  const refused = await beto.ask('METADATA #club SET url x')
  assert.match(refused.join(), / FAIL METADATA KEY_NO_PERMISSION #club url :/)
  assert.match((await beto.ask('METADATA #club CLEAR')).join(), / FAIL METADATA KEY_NO_PERMISSION #club \* :/)
  assert.match(
    (await beto.ask('METADATA ana SET url x')).join(),
    / FAIL METADATA KEY_NO_PERMISSION ana url :/,
  )
  ana.send('METADATA * SET url :https://ana.example')
  await beto.expect(`:${HOST} METADATA ana url * https://ana.example`)
  using caro = await Irc.register(server.port, 'caro', { caps })
  await caro.ask('METADATA * SUB url')
  await ana.ask(
    'METADATA #club SET url :https://otra.example',
    'METADATA #club SET url :https://club.example',
  )
  await beto.expect(`:${HOST} METADATA #club url * https://otra.example`)
  await beto.expect(`:${HOST} METADATA #club url * https://club.example`)
  assert.ok(!(await caro.settled()).some(line => line.includes('#club')), 'she is not in it')
  assert.deepEqual(inside(await beto.ask('METADATA #club SYNC')), [
    `:${HOST} METADATA #club url * https://club.example`,
    `:${HOST} METADATA ana url * https://ana.example`,
  ])
})

test('wanting to know: values at once, too many keys, wrong ones, and no more', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps })
  ana.send('METADATA * SET url :https://ana.example')
  using beto = await Irc.register(server.port, 'beto', { caps })
  assert.deepEqual(await beto.ask('METADATA * SUB MAL url'), [
    `:${HOST} FAIL METADATA KEY_INVALID MAL :La clave no es válida.`,
    `:${HOST} 770 beto url`,
    `:${HOST} METADATA ana url * https://ana.example`,
  ])
  assert.ok((await beto.ask('METADATA * SUB url')).includes(`:${HOST} 770 beto url`), 'once more')
  const many = Array.from({ length: 52 }, (_, i) => `clave-${i}`)
  const told = await beto.ask(
    `METADATA * SUB ${many.slice(0, 30).join(' ')}`,
    `METADATA * SUB ${many.slice(30).join(' ')}`,
  )
  assert.deepEqual(
    told.filter(line => line.includes(' TOO_MANY_SUBS ')),
    [`:${HOST} FAIL METADATA TOO_MANY_SUBS clave-49 :Son demasiadas suscripciones.`],
    'the first that did not fit; those behind it are passed over',
  )
  assert.deepEqual(await beto.ask('METADATA * UNSUB url nada-de-eso MAL'), [
    `:${HOST} FAIL METADATA KEY_INVALID MAL :La clave no es válida.`,
    `:${HOST} 771 beto url nada-de-eso`,
  ])
  const [begin = '', ...rest] = await beto.ask('METADATA * SUBS')
  assert.match(begin, / BATCH \+\S+ metadata-subs$/)
  const listed = rest.slice(0, -1).flatMap(line => bare(line).split(' 772 beto ')[1]?.split(' ') ?? [])
  assert.deepEqual(listed.toSorted(), many.slice(0, 49).toSorted(), 'each once')
})

test('MONITOR: people’s metadata, at once and when they come', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps })
  using beto = await Irc.register(server.port, 'beto', { caps })
  await beto.ask('METADATA * SUB url')
  await ana.ask('METADATA * SET url :https://ana.example')
  await beto.expect(/ METADATA ana url /)
  const told = `:${HOST} METADATA ana url * https://ana.example`
  assert.deepEqual(await beto.ask('MONITOR + ana'), [`:${HOST} 730 beto ana!ana@${HOST}`, told])
  ana.socket.destroy()
  await beto.expect(`:${HOST} 731 beto ana`)
  const asked = await beto.ask('MONITOR - ana', 'MONITOR + ana')
  // Her QUIT comes in their channels, too, at any moment.
  assert.deepEqual(
    asked.filter(line => !/ QUIT /.test(line)),
    [`:${HOST} 731 beto ana`, told],
  )
  using again = await Irc.logIn(server.port, 'ana', { caps })
  await beto.expect(`:${HOST} 730 beto ana!ana@${HOST}`)
  await beto.expect(told)
  again.send('QUIT')
})

test('the capability: by its name alone, in either order with batch', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps: '' })
  for (const name of ['metadata', 'metadata-2', 'metadata-notify', 'draft/metadata-2 metadata-notify'])
    assert.match((await ana.ask(`CAP REQ :${name}`)).join(), / NAK /, name)
  assert.match((await ana.ask('CAP REQ draft/metadata-2')).join(), / ACK /)
  assert.match((await ana.ask('CAP REQ batch')).join(), / ACK /)
  assert.deepEqual(inside(await ana.ask('METADATA * LIST')), [])
})

test('a channel with too many people is not sent unasked: SYNC asks for it', async t => {
  const server = await quickServer(t, {
    edits: [{ file: 'doors/irc/replies/metadata.ts', set: { MOST_PEOPLE: 2 } }],
  })
  using ana = await Irc.register(server.port, 'ana', { caps })
  using beto = await Irc.register(server.port, 'beto', { caps })
  await ana.ask('METADATA * SET url :https://ana.example')
  assert.deepEqual(await beto.ask('METADATA * SUB url'), [
    `:${HOST} 770 beto url`,
    `:${HOST} 774 beto #general`,
  ])
  assert.deepEqual(inside(await beto.ask('METADATA #general SYNC')), [
    `:${HOST} METADATA ana url * https://ana.example`,
  ])
  await ana.ask('JOIN #club')
  assert.ok((await beto.ask('JOIN #club')).map(bare).includes(`:${HOST} 774 beto #club`))
})

test('keys and values have bounds; nonsense is refused', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps })
  const ask = async (line: string) => (await ana.ask(line)).join('\n')
  assert.match(await ask(`METADATA * SET url :${'ñ'.repeat(201)}`), / FAIL METADATA VALUE_INVALID :/)
  assert.match(await ask('METADATA * SET url? x'), / FAIL METADATA KEY_INVALID url\? :/)
  for (let i = 0; i < 20; i++) assert.match(await ask(`METADATA * SET k${i} v`), / 761 /)
  assert.match(await ask('METADATA * SET k20 v'), / FAIL METADATA LIMIT_REACHED ana :/)
  assert.match(await ask('METADATA * SET k19 otra'), / 761 ana ana k19 \* otra$/)
  assert.match(await ask('METADATA nadie LIST'), / FAIL METADATA INVALID_TARGET nadie :/)
  assert.match(await ask('METADATA * ROMPE'), / FAIL METADATA SUBCOMMAND_INVALID ROMPE :/)
  assert.match(await ask('METADATA *'), / 461 ana METADATA :/)
  assert.match(await ask('METADATA * constructor'), / FAIL METADATA SUBCOMMAND_INVALID constructor :/)
})

test('no value moves the cursor of a subscriber, of somebody who asks for it, or of its owner', async t => {
  const server = await quickServer(t)
  const caps = `${MODERN} draft/metadata-2`
  using ana = await Irc.register(server.port, 'ana', { caps })
  using beto = await Irc.register(server.port, 'beto', { caps })
  await beto.ask('METADATA * SUB color')
  const set = await ana.ask('METADATA * SET color :\x1b]0;x\x07\u202erojo')
  const heard = await beto.expect(/ METADATA ana color /)
  const got = await beto.ask('METADATA ana GET color')
  using again = await Irc.logIn(server.port, 'ana', { caps })
  for (const line of [...set, heard, ...got, ...again.lines]) assert.doesNotMatch(line, /[\x1b\x07\u202e]/)
  assert.match(got.join('\n'), / 761 beto ana color \* ␛\]0;x␇rojo/)
})

test('people in several channels are sent once', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps })
  await ana.ask('METADATA * SET url :https://ana.example', 'JOIN #uno', 'JOIN #dos')
  const told = (await ana.ask('METADATA * SUB url')).map(bare)
  assert.deepEqual(
    told.filter(line => line.includes(' METADATA ana ')),
    [`:${HOST} METADATA ana url * https://ana.example`],
  )
})

test('a picture is the avatar of its person, in both drafts, until it is cleared', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps })
  using beto = await Irc.register(server.port, 'beto', { caps: `${MODERN} draft/metadata-3` })
  await beto.ask('METADATA * SUB avatar')
  await ana.ask('METADATA * SET avatar :https://ana.example/yo.png')
  await beto.expect(`:${HOST} 761 beto ana avatar * https://ana.example/yo.png`)

  const web = await server.web.logIn('ana')
  const create = { width: 64, height: 64, channels: 3, background: '#a33' } as const
  const id = await upload(web, 'yo.png', await sharp({ create }).png().toBuffer())
  const { avatar } = await web.do('PUT', '/me/avatar', { upload: id })
  const there = new RegExp(`:${HOST} 761 beto ana avatar \\* :?http\\S+/a/${avatar}$`)
  await beto.expect(there)
  assert.match(
    inside(await ana.ask('METADATA * LIST')).join('\n'),
    /^\S+ 761 ana ana avatar \* :?http\S+\/a\/\S+$/,
  )
  using again = await Irc.logIn(server.port, 'ana', { caps })
  assert.ok(
    again.lines.some(line => line.endsWith(`/a/${avatar}`)),
    'told at the log-in',
  )

  assert.deepEqual((await ana.ask('METADATA * SET avatar :https://ana.example/yo.png')).map(bare), [
    `:${HOST} FAIL METADATA KEY_NO_PERMISSION ana avatar :Ya hay una imagen, subida en la aplicación web. Quítala allí, o fija avatar sin valor, antes de poner una dirección.`,
  ])
  await ana.ask('METADATA * CLEAR')
  await beto.expect(new RegExp(`:${HOST} 766 beto ana avatar `))
  assert.deepEqual(inside(await ana.ask('METADATA * LIST')), [])
})
