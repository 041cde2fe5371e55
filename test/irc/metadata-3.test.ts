// Metadata of users and channels with draft/metadata-3.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bare, Irc, MODERN, plain, tagsOf } from '../tools/irc-client.ts'
import { PASSWORD } from '../tools/line-client.ts'
import { HOST, quickServer } from './quick-server.ts'

const caps = `${MODERN} draft/metadata-3`

/** The lines of the batch for a target, without tags. */
function told(lines: readonly string[], target: string): readonly string[] {
  const begin = lines.find(line => line.endsWith(` metadata ${target}`)) ?? assert.fail(lines.join('\n'))
  const [, reference = ''] = / BATCH \+(\S+) /.exec(begin) ?? assert.fail(begin)
  const at = lines.indexOf(begin)
  const end = lines.findIndex(line => line.endsWith(` BATCH -${reference}`))
  assert.ok(end > at, `the batch of ${target} has no end`)
  const between = lines.slice(at + 1, end)
  for (const line of between) assert.equal(tagsOf(line).get('batch'), reference, line)
  return between.map(bare)
}

test('changes are sent as 761 and 766 with draft/metadata-3, as METADATA to others', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps })
  using beto = await Irc.register(server.port, 'beto', { caps })
  using caro = await Irc.register(server.port, 'caro', { caps: `${MODERN} draft/metadata-2` })
  using dora = await Irc.register(server.port, 'dora', {
    caps: `${MODERN} draft/metadata-2 draft/metadata-3`,
  })
  for (const each of [ana, beto, caro, dora]) await each.ask('METADATA * SUB url color')
  assert.deepEqual(await ana.ask('METADATA * SET url :https://ana.example'), [
    `:${HOST} 761 ana ana url * https://ana.example`,
  ])
  await beto.expect(`:${HOST} 761 beto ana url * https://ana.example`)
  await caro.expect(`:${HOST} METADATA ana url * https://ana.example`)
  await dora.expect(`:${HOST} 761 dora ana url * https://ana.example`)

  assert.deepEqual(await ana.ask('METADATA * SET url :'), [`:${HOST} 766 ana ana url :key not set`])
  await beto.expect(`:${HOST} 766 beto ana url :key not set`)
  await caro.expect(`:${HOST} METADATA ana url * :`)
  assert.deepEqual(
    await ana.ask('METADATA * SET url'),
    [`:${HOST} 766 ana ana url :key not set`],
    'nor was it there',
  )
  await ana.ask('METADATA * SET color rojo')
  await beto.expect(`:${HOST} 761 beto ana color * rojo`)
  assert.deepEqual(
    beto.lines.filter(line => / 766 /.test(line)).length,
    1,
    'what was not there is not told to be gone',
  )
  const cleared = await ana.ask('METADATA * CLEAR')
  assert.deepEqual(told(cleared, 'ana'), [`:${HOST} 766 ana ana color :key not set`])
  await beto.expect(`:${HOST} 766 beto ana color :key not set`)
  assert.ok(![...ana.lines, ...beto.lines, ...dora.lines].some(line => / METADATA \S+ \S+ \*/.test(line)))

  await caro.ask('METADATA * SET url :')
  await beto.expect(`:${HOST} 766 beto caro url :key not set`)
  assert.deepEqual(told(await beto.ask('METADATA caro GET url'), 'caro'), [
    `:${HOST} 766 beto caro url :key not set`,
  ])
})

test('present values are sent in a batch after registration, JOIN and SUB, even an empty one', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps })
  await ana.ask('METADATA * SET url :https://ana.example', 'METADATA * SET color rojo', 'JOIN #club')
  await ana.ask('METADATA #club SET url :https://club.example')
  using beto = await Irc.register(server.port, 'beto', { caps })
  const own = beto.lines.findIndex(line => line.endsWith(' metadata beto'))
  assert.deepEqual(told(beto.lines, 'beto'), [])
  assert.ok(own < beto.lines.findIndex(line => / 376 /.test(line)))
  assert.deepEqual(told(beto.lines, '*ALL'), [])
  assert.deepEqual(told(await beto.ask('JOIN #club'), '#club'), [], 'it has not subscribed to anything')
  await beto.ask('PART #club')

  const [asked, ...rest] = await beto.ask('@label=7 METADATA * SUB url')
  assert.match(asked ?? '', /^@label=7 :\S+ BATCH \+\S+ labeled-response$/)
  assert.ok(rest.some(line => bare(line) === `:${HOST} 770 beto url`))
  assert.equal(rest.filter(line => / BATCH \+\S+ metadata /.test(line)).length, 1)
  assert.deepEqual(told(rest, '*ALL'), [`:${HOST} 761 beto ana url * https://ana.example`])
  assert.ok(tagsOf(rest.find(line => line.endsWith(' metadata *ALL')) ?? '').has('batch'), 'in the answer')
  assert.deepEqual(told(await beto.ask('METADATA * SUB url color'), '*ALL'), [
    `:${HOST} 761 beto ana color * rojo`,
  ])
  assert.deepEqual(await beto.ask('METADATA * SUB url'), [`:${HOST} 770 beto url`], 'once more')

  const club = [
    `:${HOST} 761 beto #club url * https://club.example`,
    `:${HOST} 761 beto ana color * rojo`,
    `:${HOST} 761 beto ana url * https://ana.example`,
  ]
  assert.deepEqual(told(await beto.ask('JOIN #club'), '#club'), club)
  assert.deepEqual(told(await beto.ask('METADATA #club SYNC'), '#club'), club)
  assert.deepEqual(told(await beto.ask('METADATA *ALL SYNC'), '*ALL').toSorted(), club.toSorted())
  assert.deepEqual(told(await beto.ask('METADATA ana SYNC'), 'ana'), club.slice(1))

  ana.socket.destroy()
  await beto.expect(/:ana!\S+ QUIT /)
  using again = await Irc.logIn(server.port, 'ana', { caps })
  assert.deepEqual(told(again.lines, 'ana'), [
    `:${HOST} 761 ana ana color * rojo`,
    `:${HOST} 761 ana ana url * https://ana.example`,
  ])
})

test('MONITOR: a batch of those who are online, at once and when they come', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps })
  using beto = await Irc.register(server.port, 'beto', { caps })
  assert.deepEqual(
    told(await beto.ask('MONITOR + ana,nadie'), 'ana'),
    [],
    'it has not subscribed to anything',
  )
  await ana.ask('METADATA * SET url :https://ana.example')
  await beto.ask('METADATA * SUB url', 'MONITOR - ana')
  const url = [`:${HOST} 761 beto ana url * https://ana.example`]
  const both = await beto.ask('MONITOR + ana,beto')
  assert.deepEqual(told(both, 'ana'), url)
  assert.deepEqual(told(both, 'beto'), [])
  ana.socket.destroy()
  await beto.expect(`:${HOST} 731 beto ana`)
  const asked = await beto.ask('MONITOR - ana', 'MONITOR + ana')
  assert.ok(!asked.some(line => line.includes(' metadata ana')), 'she is not there')
  using caro = await Irc.register(server.port, 'caro', { caps })
  await caro.ask('MONITOR + ana')
  using again = await Irc.logIn(server.port, 'ana', { caps })
  await caro.expect(`:${HOST} 730 caro ana!ana@${HOST}`)
  await caro.expect(/ BATCH \+\S+ metadata ana$/)
  await beto.expect(`:${HOST} 730 beto ana!ana@${HOST}`)
  await beto.expect(/ BATCH \+\S+ metadata ana$/)
  assert.equal(bare(await beto.expect(/ 761 beto ana /)), url[0])
  again.send('QUIT')
})

test('the capability: its value; without it, or batch, subscriptions end', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps })
  assert.ok(
    ana.lines.some(line =>
      / LS .*draft\/metadata-3=before-connect,max-subs=50,max-keys=20,max-key-bytes=64,max-value-bytes=400( |$)/.test(
        line,
      ),
    ),
  )
  assert.match((await ana.ask('CAP REQ metadata-3')).join(), / NAK /)
  for (const [given, back] of [
    ['-batch', 'batch'],
    ['-draft/metadata-3', 'draft/metadata-3'],
  ]) {
    await ana.ask('METADATA * SUB url', `CAP REQ ${given}`, `CAP REQ ${back}`)
    const [begin = '', ...rest] = await ana.ask('METADATA * SUBS')
    assert.match(begin, / BATCH \+\S+ metadata-subs$/)
    assert.equal(rest.length, 1, `it wants to hear of nothing after ${given}`)
  }
  await ana.ask('METADATA * SUB url', 'CAP REQ -multi-prefix', 'CAP REQ draft/metadata-2')
  assert.match((await ana.ask('METADATA * SUBS')).join('\n'), / 772 ana url/)
})

test('too many people are not sent unasked: SYNC asks for all', async t => {
  const server = await quickServer(t, {
    edits: [{ file: 'doors/irc/replies/metadata.ts', set: { MOST_PEOPLE: 3 } }],
  })
  using ana = await Irc.register(server.port, 'ana', { caps })
  using beto = await Irc.register(server.port, 'beto', { caps })
  await ana.ask('METADATA * SET url :https://ana.example', 'PRIVMSG beto :hola')
  const url = [`:${HOST} 761 beto ana url * https://ana.example`]
  assert.deepEqual(told(await beto.ask('METADATA * SUB url'), '*ALL'), url, 'two people and a channel')
  using caro = await Irc.register(server.port, 'caro', { caps })
  const [, later = ''] = await beto.ask('METADATA * SUB color')
  assert.match(later, new RegExp(`^:${HOST} 774 beto \\*ALL 0 :Es mucho `))
  assert.deepEqual(told(await beto.ask('METADATA *ALL SYNC'), '*ALL'), url)
  for (const each of [ana, caro]) await each.ask('JOIN #club')
  assert.match((await beto.ask('JOIN #club')).join('\n'), / 774 beto #club 0 :Es mucho /)
})

test('errors have the codes of the newer draft; for one key of several as WARN', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps })
  using beto = await Irc.register(server.port, 'beto', { caps })
  await ana.ask('JOIN #club')
  await beto.ask('JOIN #club')
  for (const [line, answer] of [
    ['METADATA * ROMPE', 'FAIL METADATA INVALID_PARAMS ROMPE :No existe esa orden.'],
    ['METADATA * :: hola', 'FAIL METADATA INVALID_PARAMS * :No existe esa orden.'],
    ['METADATA * GET', 'FAIL METADATA INVALID_PARAMS GET :Faltan parámetros.'],
    ['METADATA * SET', 'FAIL METADATA INVALID_PARAMS SET :Faltan parámetros.'],
    ['METADATA * SUB', 'FAIL METADATA INVALID_PARAMS SUB :Faltan parámetros.'],
    ['METADATA * SET url a b', 'FAIL METADATA INVALID_PARAMS SET :Sobran parámetros.'],
    ['METADATA * LIST url', 'FAIL METADATA INVALID_PARAMS LIST :Sobran parámetros.'],
    ['METADATA nadie LIST', 'FAIL METADATA INVALID_TARGET nadie :Ahí no hay nada, o nada que puedas ver.'],
    ['METADATA *ALL LIST', 'FAIL METADATA INVALID_TARGET *ALL :Ahí no hay nada, o nada que puedas ver.'],
    ['METADATA ana SUB url', 'FAIL METADATA INVALID_TARGET ana :Eso es solo de uno mismo: el destino es *.'],
    ['METADATA ana SUBS', 'FAIL METADATA INVALID_TARGET ana :Eso es solo de uno mismo: el destino es *.'],
    [
      'METADATA ana UNSUB url',
      'FAIL METADATA INVALID_TARGET ana :Eso es solo de uno mismo: el destino es *.',
    ],
    ['METADATA * SET Mal x', 'FAIL METADATA INVALID_KEY Mal :La clave no es válida.'],
    [
      `METADATA * SET url :${'ñ'.repeat(201)}`,
      'FAIL METADATA INVALID_VALUE url :El valor es demasiado largo: el máximo son 400 bytes.',
    ],
    ['METADATA ana SET url x', 'FAIL METADATA KEY_NO_PERMISSION ana url :No tienes permiso para eso.'],
    ['METADATA #club SET url x', 'FAIL METADATA KEY_NO_PERMISSION #club url :No tienes permiso para eso.'],
    ['METADATA * UNSUB Mal', 'WARN METADATA INVALID_KEY Mal :La clave no es válida.'],
  ] as const)
    assert.deepEqual(await beto.ask(line), [`:${HOST} ${answer}`], line)
  assert.deepEqual(told(await beto.ask('METADATA * GET Mal url'), 'beto'), [
    `:${HOST} WARN METADATA INVALID_KEY Mal :La clave no es válida.`,
    `:${HOST} 766 beto beto url :key not set`,
  ])
  const some = await beto.ask('METADATA BETO SUB Mal url')
  assert.deepEqual(some.slice(0, 2), [
    `:${HOST} WARN METADATA INVALID_KEY Mal :La clave no es válida.`,
    `:${HOST} 770 beto url`,
  ])
  const many = Array.from({ length: 50 }, (_, i) => `clave-${i}`)
  const full = await beto.ask(
    `METADATA * SUB ${many.slice(0, 30).join(' ')}`,
    `METADATA * SUB ${many.slice(30).join(' ')}`,
  )
  assert.deepEqual(
    full.filter(line => line.includes(' FAIL ')),
    [`:${HOST} FAIL METADATA LIMIT_REACHED SUB clave-49 50 :Son demasiadas suscripciones.`],
  )
  for (let i = 0; i < 20; i++) await beto.ask(`METADATA * SET k${i} v`)
  assert.match(
    (await beto.ask('METADATA * SET k20 v')).join(),
    / FAIL METADATA LIMIT_REACHED SET beto 20 :\S/,
  )
  using caro = await Irc.register(server.port, 'caro', { caps: caps.replace(' standard-replies', '') })
  assert.match((await caro.ask('METADATA * GET Mal')).join('\n'), / WARN METADATA INVALID_KEY /)
})

/** A connection without a nick. */
async function nobody(port: number, wanted = caps): Promise<Irc> {
  const irc = await Irc.connect(port)
  irc.send('CAP LS 302')
  for (const some of wanted.match(/\S.{0,300}(?=\s|$)/g) ?? []) irc.send(`CAP REQ :${some}`)
  await irc.settled()
  return irc
}

/** Logs in by SASL. @returns the lines up to the end of registration */
async function comesIn(irc: Irc, username: string): Promise<readonly string[]> {
  irc.skip()
  const from = irc.lines.length
  irc.send(`NICK ${username}`, `USER ${username} 0 * :${username}`)
  irc.send('CAP REQ sasl', 'AUTHENTICATE PLAIN', `AUTHENTICATE ${plain(username, PASSWORD)}`)
  await irc.expect(/ 903 /)
  irc.send('CAP END')
  await irc.expect(/ 376 /)
  await irc.settled()
  return irc.lines.slice(from)
}

test('metadata set before registration is stored with the account', async t => {
  const server = await quickServer(t)
  await Irc.register(server.port, 'ana').then(ana => ana.send('QUIT'))
  using beto = await Irc.register(server.port, 'beto', { caps })
  await beto.ask('METADATA * SUB url color pronouns', 'METADATA * SET color verde')
  using ana = await nobody(server.port)
  for (const [line, answer] of [
    ['METADATA * SET url :https://ana.example', '761 * * url * https://ana.example'],
    ['METADATA * SET color rojo', '761 * * color * rojo'],
    ['METADATA * SET pronouns ella', '761 * * pronouns * ella'],
    ['METADATA * SET pronouns', '766 * * pronouns :key not set'],
    ['METADATA * SUB color', '770 * color'],
    ['METADATA * SYNC', '451 * :You have not registered'],
    [
      'METADATA ana SET url x',
      'FAIL METADATA INVALID_TARGET ana :Eso es solo de uno mismo: el destino es *.',
    ],
    ['METADATA *ALL SYNC', 'FAIL METADATA INVALID_TARGET *ALL :Eso es solo de uno mismo: el destino es *.'],
    ['METADATA * ROMPE', 'FAIL METADATA INVALID_PARAMS ROMPE :No existe esa orden.'],
  ] as const)
    assert.deepEqual(await ana.ask(line), [`:${HOST} ${answer}`], line)
  const held = [`:${HOST} 761 * * url * https://ana.example`, `:${HOST} 761 * * color * rojo`]
  assert.deepEqual(told(await ana.ask('METADATA * LIST'), '*'), held)
  assert.ok(!(await beto.settled()).some(line => line.includes(' ana ')), 'it is nobody’s yet')

  const burst = await comesIn(ana, 'ana')
  const own = [`:${HOST} 761 ana ana color * rojo`, `:${HOST} 761 ana ana url * https://ana.example`]
  assert.deepEqual(told(burst, 'ana'), own)
  assert.ok(
    burst.findIndex(line => line.endsWith(' metadata ana')) < burst.findIndex(line => / 376 /.test(line)),
  )
  const all = told(burst, '*ALL').toSorted()
  assert.deepEqual(all, [own[0], `:${HOST} 761 ana beto color * verde`], 'what it has subscribed to')
  await beto.expect(`:${HOST} 761 beto ana url * https://ana.example`)
  await beto.expect(`:${HOST} 761 beto ana color * rojo`)

  using again = await nobody(server.port)
  await again.ask('METADATA * SET url :https://otra.example', 'METADATA * SET color rojo')
  assert.deepEqual(told(await comesIn(again, 'ana'), 'ana'), [
    own[0],
    `:${HOST} 761 ana ana url * https://otra.example`,
  ])
  await beto.expect(`:${HOST} 761 beto ana url * https://otra.example`)
  const rest = await beto.settled()
  assert.ok(!rest.some(line => / 761 /.test(line)), 'what was so already is told to nobody')
})

test('before registration METADATA needs draft/metadata-3, and CLEAR removes what was set', async t => {
  const server = await quickServer(t)
  for (const wanted of ['batch', 'batch draft/metadata-2']) {
    using irc = await nobody(server.port, wanted)
    assert.match((await irc.ask('METADATA * SET url x')).join(), / 451 \* /, wanted)
    assert.match((await irc.ask('METADATA')).join(), / 451 \* /, wanted)
  }
  using irc = await nobody(server.port)
  await irc.ask('METADATA * SET url x')
  assert.deepEqual(told(await irc.ask('METADATA * CLEAR'), '*'), [`:${HOST} 766 * * url :key not set`])
  assert.deepEqual(told(await irc.ask('METADATA * GET url'), '*'), [`:${HOST} 766 * * url :key not set`])
})

test('metadata before registration has the bounds of an account, counted with what it has already', async t => {
  const server = await quickServer(t)
  using first = await Irc.register(server.port, 'ana', { caps })
  for (const key of ['uno', 'dos']) await first.ask(`METADATA * SET ${key} v`)
  using ana = await nobody(server.port)
  assert.match(
    (await ana.ask(`METADATA * SET url :${'ñ'.repeat(201)}`)).join(),
    / FAIL METADATA INVALID_VALUE url :/,
  )
  for (let i = 0; i < 20; i++) assert.match((await ana.ask(`METADATA * SET k${i} v`)).join(), / 761 /)
  assert.match((await ana.ask('METADATA * SET k20 v')).join(), / FAIL METADATA LIMIT_REACHED SET \* 20 :\S/)
  assert.match((await ana.ask('METADATA * SET k19 otra')).join(), / 761 \* \* k19 \* otra$/)
  const burst = await comesIn(ana, 'ana')
  assert.equal(burst.filter(line => / FAIL METADATA LIMIT_REACHED SET ana 20 :\S/.test(line)).length, 2)
  assert.equal(told(burst, 'ana').length, 20)
})

test('guests have no metadata, whatever they set before; an account logged in to later gets it', async t => {
  const guests = await quickServer(t, { args: ['--irc-guests'] })
  using _one = await Irc.register(guests.port, 'ana')
  using eva = await nobody(guests.port)
  await eva.ask('METADATA * SET url x')
  eva.send('NICK eva', 'USER eva 0 * :Eva', 'CAP END')
  await eva.expect(/ FAIL METADATA KEY_NO_PERMISSION eva url :\S/)
  await eva.expect(/ 376 /)
  await eva.settled()
  eva.send(`PRIVMSG NickServ :IDENTIFY ana ${PASSWORD}`)
  await eva.expect(/ 366 ana #general /)
  assert.deepEqual(told(await eva.ask('METADATA * LIST'), 'ana'), [], 'it was refused, and is forgotten')

  const server = await quickServer(t)
  using _ana = await Irc.register(server.port, 'ana')
  using late = await nobody(server.port)
  await late.ask('METADATA * SET url x')
  late.send('NICK tarde', 'USER tarde 0 * :Tarde', 'CAP END')
  await late.expect(/ 376 /)
  assert.match((await late.ask('METADATA * SET color x')).join(), / FAIL METADATA KEY_NO_PERMISSION \* \* :/)
  late.send(`PRIVMSG NickServ :IDENTIFY ana ${PASSWORD}`)
  await late.expect(/ 366 ana #general /)
  assert.deepEqual(told(await late.ask('METADATA * LIST'), 'ana'), [`:${HOST} 761 ana ana url * x`])
})
