// Clauses of Modern IRC about channels (docs/irc-clauses.md).

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bare, Irc } from '../tools/irc-client.ts'
import { HOST, quickServer, source } from './quick-server.ts'

test('JOIN: the lines and their order, for one channel and for several, and what members see', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps: '' })
  using beto = await Irc.register(server.port, 'beto', { caps: '' })
  await ana.ask('JOIN #club')
  ana.send('TOPIC #club :de qué va')
  await ana.expect(`${source('ana')} TOPIC #club :de qué va`)
  ana.skip()
  assert.deepEqual(
    await beto.ask('JOIN #club'),
    [
      `${source('beto')} JOIN #club`,
      `:${HOST} 332 beto #club :de qué va`,
      beto.lines.find(line => / 353 beto = #club /.test(line)),
      `:${HOST} 366 beto #club :End of /NAMES list`,
    ],
    'JOIN-2, JOIN-3, TOPIC-6',
  )
  const names = beto.lines.filter(line => / 353 beto = #club /.test(line)).join()
  assert.match(names, /[ :]beto( |$)/, 'JOIN-4: who has just come is among them')
  assert.match(names, /~ana/, 'NAME-7: who makes a channel runs it')
  await ana.expect(`${source('beto')} JOIN #club`) // JOIN-6
  assert.deepEqual(
    (await ana.ask('JOIN #uno,#dos clave')).filter(line => / JOIN /.test(line)),
    [`${source('ana')} JOIN #uno`, `${source('ana')} JOIN #dos`],
    'JOIN-1, JOIN-5: a list, and one channel in each message',
  )
  assert.match(
    (await ana.ask('NAMES #uno')).join('\n'),
    / 353 ana = #uno :?~ana\n/,
    'TOPIC-6: no topic, no 332',
  )
  assert.ok(!ana.lines.some(line => / 33[12] ana #uno /.test(line)), 'JOIN-3: none where there is no topic')
  assert.match((await ana.ask('JOIN #a\x07b')).join(), / 476 ana #a\x07b :/, 'NAME-6')
  await beto.ask('JOIN #uno')
  beto.send('JOIN 0')
  for (const name of ['#club', '#uno']) await beto.expect(`${source('beto')} PART ${name}`) // JOIN-7
  await ana.expect(`${source('beto')} PART #club`)
})

test('JOIN: as many channels as CHANLIMIT says, and no more', async t => {
  const server = await quickServer(t, {
    edits: [{ file: 'core/model/rules.ts', set: { MOST_ROOMS: 3 } }],
  })
  using ana = await Irc.register(server.port, 'ana', { caps: '' })
  assert.ok(ana.lines.some(line => / CHANLIMIT=#:3 /.test(line))) // JOIN-8
  const answers = await ana.ask('JOIN #uno,#dos,#tres')
  assert.equal(answers.filter(line => / JOIN /.test(line)).length, 2)
  assert.ok(answers.includes(`:${HOST} 405 ana #tres :Son demasiadas salas: el máximo son 1000.`), 'JOIN-9')
})

test('PART: one message per channel; 403 and 442 for channels that one is not in', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps: '' })
  using beto = await Irc.register(server.port, 'beto', { caps: '' })
  await ana.ask('JOIN #uno,#dos,#ajena')
  await beto.ask('JOIN #uno,#dos')
  beto.send('PART #uno,#ajena,#nada,#dos')
  await beto.expect(`${source('beto')} PART #uno`) // PART-1, PART-4
  await beto.expect(`${source('beto')} PART #dos`)
  assert.ok(beto.lines.includes(`:${HOST} 442 beto #ajena :No estás en esa sala.`), 'PART-2')
  assert.ok(beto.lines.includes(`:${HOST} 403 beto #nada :No hay ninguna sala con ese nombre.`), 'PART-3')
  await ana.expect(`${source('beto')} PART #uno`)
  await ana.expect(`${source('beto')} PART #dos`)
  const many = Array.from({ length: 60 }, (_, i) => `#x${i}`).join()
  const parted = await beto.ask(`PART ${many}`)
  assert.equal(parted.filter(line => / 403 beto #x\d+ /.test(line)).length, 50)
  assert.equal(
    parted.at(-1),
    `:${HOST} 407 beto #x50 :Son demasiados nombres en una sola línea: el máximo son 50.`,
  )
  await beto.ask('JOIN #uno,#dos')
  beto.send(`PART #uno,#dos :me voy ${'x'.repeat(400)}`)
  for (const name of ['#uno', '#dos'])
    await ana.expect(new RegExp(`^${source('beto')} PART ${name} :me voy x+$`)) // PART-5: on each
})

test('TOPIC: asked for, changed with permission, cleared, sent to everybody', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps: '' })
  using beto = await Irc.register(server.port, 'beto', { caps: '' })
  using caro = await Irc.register(server.port, 'caro', { caps: '' })
  await ana.ask('JOIN #club')
  await beto.ask('JOIN #club')
  assert.deepEqual(await ana.ask('TOPIC #club'), [`:${HOST} 331 ana #club :No topic is set`], 'TOPIC-1')
  assert.match((await beto.ask('TOPIC #club :x')).join(), / 482 beto #club :/, 'TOPIC-3')
  ana.send('TOPIC #club :hola a todos')
  for (const each of [ana, beto]) await each.expect(`${source('ana')} TOPIC #club :hola a todos`) // TOPIC-4
  assert.deepEqual(await beto.ask('TOPIC #club'), [`:${HOST} 332 beto #club :hola a todos`], 'TOPIC-1')
  assert.match((await caro.ask('TOPIC #club')).join(), / 442 caro #club :/, 'TOPIC-5')
  ana.send('TOPIC #club :')
  for (const each of [ana, beto]) await each.expect(`${source('ana')} TOPIC #club :`) // TOPIC-2
  assert.deepEqual(await beto.ask('TOPIC #club'), [`:${HOST} 331 beto #club :No topic is set`], 'TOPIC-2')
})

test('NAMES and LIST: channels that exist, others that do not, and by conditions', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps: '' })
  using beto = await Irc.register(server.port, 'beto', { caps: '' })
  await ana.ask('JOIN #club,#coro')
  await beto.ask('JOIN #club')
  assert.match(
    (await beto.ask('NAMES #club')).join('\n'),
    / 353 beto = #club :[^\n]+\n\S+ 366 beto #club :/,
    'NAMES-1',
  )
  assert.deepEqual(await beto.ask('NAMES #nada'), [`:${HOST} 366 beto #nada :End of /NAMES list`], 'NAMES-2')
  assert.deepEqual(
    await beto.ask('NAMES #a\x07'),
    [`:${HOST} 366 beto #a\x07 :End of /NAMES list`],
    'NAMES-2',
  )
  assert.deepEqual(await beto.ask('NAMES'), [`:${HOST} 366 beto * :End of /NAMES list`], 'NAMES-4')
  const listed = async (line: string) => {
    const [start = '', ...rest] = await beto.ask(line)
    assert.match(start, / 321 beto Channel :/, 'LIST-1')
    assert.equal(rest.pop(), `:${HOST} 323 beto :End of /LIST`, 'LIST-2')
    return rest.map(each => / 322 beto (\S+ \d+) :/.exec(each)?.[1]).toSorted()
  }
  assert.deepEqual(await listed('LIST'), ['#club 2', '#coro 1', '#general 2'], 'LIST-1')
  assert.deepEqual(await listed('LIST #club,#nada'), ['#club 2'], 'LIST-3')
  const many = await beto.ask(`LIST ${'!x,'.repeat(20)}#club,#coro`)
  assert.equal(
    many.at(-2),
    `:${HOST} 407 beto #club :Son demasiados nombres en una sola línea: el máximo son 20.`,
  )
  assert.deepEqual(await listed('LIST >1'), ['#club 2', '#general 2'], 'LIST-4')
  assert.deepEqual(await listed('LIST <2'), ['#coro 1'], 'LIST-4')
  assert.deepEqual(await listed('LIST #c* >1'), ['#club 2'], 'LIST-4: names and conditions, each a parameter')
  assert.deepEqual(await listed('LIST !#c*'), ['#general 2'], 'LIST-4')
})

test('INVITE: by members only, of people outside, sent to them and to the inviter', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto', { caps: '' })
  using caro = await Irc.register(server.port, 'caro', { caps: '' })
  await ana.ask('JOIN #club')
  await beto.ask('JOIN #club')
  assert.match((await caro.ask('INVITE ana #nada')).join(), / 403 caro #nada :/, 'INV-1')
  assert.match((await caro.ask('INVITE ana #club')).join(), / 442 caro #club :/, 'INV-2')
  assert.match((await beto.ask('INVITE ana #club')).join(), / 443 beto ana #club :/, 'INV-4')
  assert.match((await beto.ask('INVITE ana')).join(), / 461 beto INVITE :/, 'INV-7')
  ana.send('INVITE caro #club')
  await ana.expect(`:${HOST} 341 ana caro #club`) // INV-5
  await caro.expect(`${source('ana')} INVITE caro #club`) // INV-5
  caro.send('JOIN #club')
  await beto.expect(`${source('caro')} JOIN #club`)
  assert.ok(!beto.lines.some(line => / INVITE caro /.test(line)), 'INV-6: nobody else is told')
  const web = await server.web.logIn('ana')
  await web.do('POST', '/rooms', { name: 'secreta', kind: 'closed' })
  await ana.expect(/ 366 ana #secreta /)
  ana.send('INVITE beto #secreta')
  await beto.expect(`${source('ana')} INVITE beto #secreta`)
  beto.send('JOIN #secreta')
  await beto.expect(/ 366 beto #secreta /)
  assert.match((await beto.ask('INVITE caro #secreta')).join(), / 482 beto #secreta :/, 'INV-3')
  assert.match((await caro.ask('JOIN #secreta')).join(), / 473 caro #secreta :/, 'CMODE-5')
})

test('KICK: one person per message, with a given or a default reason, with permission only', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps: '' })
  using beto = await Irc.register(server.port, 'beto', { caps: '' })
  using caro = await Irc.register(server.port, 'caro', { caps: '' })
  await ana.ask('JOIN #club')
  for (const each of [beto, caro]) await each.ask('JOIN #club')
  assert.match((await beto.ask('KICK #club caro')).join(), / 482 beto #club :/, 'KICK-5')
  assert.match((await beto.ask('KICK #nada caro')).join(), / 403 beto #nada :/, 'KICK-6')
  ana.send('KICK #club beto,nadie,caro :basta ya')
  await caro.expect(`${source('ana')} KICK #club beto :basta ya`) // KICK-3, KICK-4
  await caro.expect(`${source('ana')} KICK #club caro :basta ya`) // KICK-1
  await ana.expect(`:${HOST} 441 ana nadie #club :No está en ese canal.`) // KICK-7
  assert.ok(!ana.lines.some(line => / KICK #club \S+,/.test(line)), 'KICK-3')
  await beto.ask('JOIN #club')
  ana.send('KICK #club beto')
  await beto.expect(/^:ana!\S+ KICK #club beto \S+/) // KICK-2: there is always a comment
})

test('MODE: asked for, changed with permission and sent to all, refused to others', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps: '' })
  using beto = await Irc.register(server.port, 'beto', { caps: '' })
  await ana.ask('JOIN #club')
  await beto.ask('JOIN #club')
  assert.match((await ana.ask('MODE nadie')).join(), / 401 ana nadie :/, 'MODE-1')
  assert.match((await ana.ask('MODE beto')).join(), / 502 ana :/, 'MODE-2')
  assert.deepEqual(await ana.ask('MODE ana'), [`:${HOST} 221 ana +i`], 'MODE-3')
  assert.match((await ana.ask('MODE ana +x')).join(), / 501 ana :/, 'MODE-4')
  assert.match((await ana.ask('MODE #nada')).join(), / 403 ana #nada :/, 'MODE-6')
  assert.match((await beto.ask('MODE #club'))[0] ?? '', /^:\S+ 324 beto #club \+\w+/, 'MODE-7')
  beto.skip()
  assert.match((await beto.ask('MODE #club +m')).join(), / 482 beto #club :/, 'MODE-9')
  assert.match((await beto.ask('MODE #club +o beto')).join(), / 482 beto #club :/, 'MODE-9')
  ana.send('MODE #club +m')
  for (const each of [ana, beto]) await each.expect(`${source('ana')} MODE #club +m`) // MODE-10, MODE-14
  assert.match((await beto.ask('PRIVMSG #club :x')).join(), / 404 beto #club :/, 'CMODE-6')
  assert.match((await beto.ask('MODE #club +z')).join(), / 472 beto z :/, 'MODE-15')
  const without = (await ana.ask('MODE #club +o')).map(bare)
  assert.ok(
    !without.some(line => / MODE #club /.test(line)),
    'MODE-11: nothing is changed without a parameter',
  )
  ana.send('MODE #club -m')
  await beto.expect(`${source('ana')} MODE #club -m`)
  ana.send('MODE #club +o beto')
  await beto.expect(/^:ana!\S+ MODE #club \S*o\S* \S*beto/) // MODE-10, MODE-12
  using caro = await Irc.register(server.port, 'caro', { caps: '' })
  assert.match((await caro.ask('PRIVMSG #club :x')).join(), / 404 caro #club :/, 'CMODE-9, PRIV-1')
})
