// Clauses of the specifications about people: account-notify, away-notify, bot-mode, extended-join, extended-monitor,
// invite-notify, monitor, multi-prefix, pre-away, setname, userhost-in-names, WHOX (docs/irc-clauses.md).

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bare, Irc } from '../tools/irc-client.ts'
import { PASSWORD } from '../tools/line-client.ts'
import { HOST, quickServer, source } from './quick-server.ts'

test('AWAY is sent to clients with away-notify at every change, but not to one’s own', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps: 'away-notify' })
  const beto = await Irc.register(server.port, 'beto', { caps: 'away-notify' })
  await ana.expect(/ JOIN #general/)
  beto.send('AWAY :uno')
  await ana.expect(`${source('beto')} AWAY uno`) // AWN-1
  beto.send('AWAY :dos')
  await ana.expect(`${source('beto')} AWAY dos`) // AWN-1: changed
  beto.send('AWAY')
  await ana.expect(`${source('beto')} AWAY`) // AWN-1, AWN-4: without a text
  await beto.settled()
  assert.ok(!beto.lines.some(line => line.startsWith(`${source('beto')} AWAY`)), 'AWN-3')
  beto.send('QUIT')
  await ana.expect(/ QUIT /)
  using back = await Irc.connect(server.port)
  back.send('CAP REQ draft/pre-away', 'AWAY :aún no', `PASS ${PASSWORD}`, 'NICK beto', 'USER b 0 * :B')
  await back.expect(/ 306 /) // PRE-1
  back.send('CAP END')
  await ana.expect(/ JOIN #general/)
  await ana.expect(`${source('beto')} AWAY :aún no`) // AWN-2: who comes and is away
  back.send('AWAY *')
  await ana.expect(`${source('beto')} AWAY ausente`) // PRE-2
  assert.match((await ana.ask('WHOIS beto')).join('\n'), / 301 ana beto ausente$/m, 'PRE-2')
  using early = await Irc.connect(server.port)
  early.send('CAP LS', 'AWAY :x')
  await early.expect(/ 451 /) // PRE-1: who has not asked for it waits
})

test('JOIN, NAMES, INVITE and ACCOUNT have what was negotiated, and no more', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps: 'extended-join userhost-in-names' })
  using beto = await Irc.register(server.port, 'beto', { caps: 'invite-notify no-implicit-names' })
  using caro = await Irc.register(server.port, 'caro', { caps: '' })
  assert.ok((await ana.ask('JOIN #club')).includes(`${source('ana')} JOIN #club ana Ana`), 'EXJ-1, EXJ-2')
  const joined = await beto.ask('JOIN #club')
  assert.deepEqual(joined, [`${source('beto')} JOIN #club`], 'NIN-1')
  assert.match((await beto.ask('NAMES #club')).join('\n'), / 353 beto = #club :?\S+ \S+\n.* 366 /, 'NIN-2')
  await ana.expect(`${source('beto')} JOIN #club beto Beto`) // EXJ-2
  const names = (await ana.ask('NAMES #club')).join()
  assert.match(names, new RegExp(`~ana!ana@${HOST}`), 'UHN-1')
  assert.match(names, new RegExp(` :?(.* )?beto!beto@${HOST}`), 'UHN-1')
  ana.send('INVITE caro #club')
  await beto.expect(`${source('ana')} INVITE caro #club`) // INN-1, INN-2
  await caro.expect(`${source('ana')} INVITE caro #club`)
  caro.send('JOIN #club')
  await caro.expect(`${source('caro')} JOIN #club`)
  assert.match((await caro.ask('NAMES #club')).join(), / 353 caro = #club :[^!]+$|353[^!]* 366/, 'UHN-1')
  using guest = await Irc.connect(server.port)
  guest.send('CAP REQ account-notify', 'NICK visita', 'USER v 0 * :V', 'CAP END')
  await guest.expect(/ 376 /)
  guest.send(`PRIVMSG NickServ :IDENTIFY ana ${PASSWORD}`)
  await guest.expect(`:visita!visita@${HOST} ACCOUNT ana`) // ANOT-1, ANOT-2
  using old = await Irc.connect(server.port)
  old.send('NICK vieja', 'USER v 0 * :V')
  await old.expect(/ 376 /)
  assert.ok(!(await old.ask(`NS IDENTIFY ana ${PASSWORD}`)).some(line => / ACCOUNT /.test(line)), 'ANOT-2')
})

test('MONITOR: a list of nicks per client, each once; their coming and going is sent', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps: 'extended-monitor away-notify setname' })
  const beto = await Irc.register(server.port, 'beto', { caps: '' })
  await ana.expect(/ JOIN #general/)
  assert.ok(
    ana.lines.some(line => / MONITOR=\d+ /.test(line)),
    'MON-1',
  )
  assert.deepEqual(
    await ana.ask('MONITOR + beto,Nadie,BETO'),
    [`:${HOST} 730 ana beto!beto@${HOST}`, `:${HOST} 731 ana Nadie`],
    'MON-4, MON-5, MON-3: once',
  )
  assert.deepEqual(await ana.ask('MONITOR + beto,nadie'), [], 'MON-3')
  assert.deepEqual(await ana.ask('MONITOR + *!*@*,a*b'), [], 'MON-2: masks are nobody’s nicks')
  assert.deepEqual(
    await ana.ask('MONITOR L'),
    [`:${HOST} 732 ana BETO,Nadie`, `:${HOST} 733 ana :End of MONITOR list`],
    'MON-2, MON-3, MON-8',
  )
  assert.deepEqual(
    await ana.ask('MONITOR S'),
    [`:${HOST} 730 ana beto!beto@${HOST}`, `:${HOST} 731 ana Nadie`],
    'MON-9',
  )
  beto.send('AWAY :x', 'SETNAME :Beto Ruiz')
  await ana.expect(`${source('beto')} AWAY x`) // EXM-1
  await ana.expect(`${source('beto')} SETNAME :Beto Ruiz`) // EXM-2
  beto.send('QUIT')
  await ana.expect(`:${HOST} 731 ana beto`) // MON-10
  using again = await Irc.logIn(server.port, 'beto', { caps: '' })
  await ana.expect(`:${HOST} 730 ana beto!beto@${HOST}`) // MON-10
  await ana.expect(/ JOIN #general/)
  assert.deepEqual(await ana.ask('MONITOR - nadie'), [], 'MON-6')
  assert.deepEqual(await ana.ask('MONITOR C'), [], 'MON-7')
  assert.deepEqual(await ana.ask('MONITOR L'), [`:${HOST} 733 ana :End of MONITOR list`], 'MON-6, MON-7')
  const most = Array.from({ length: 200 }, (_, i) => `n${i}`)
  for (const part of [most.slice(0, 100), most.slice(100)]) await ana.ask(`MONITOR + ${part.join(',')}`)
  assert.deepEqual(
    await ana.ask('MONITOR + otro,Beto'),
    [`:${HOST} 734 ana 200 otro,Beto :Monitor list is full.`],
    'MON-11',
  )
  again.send('QUIT')
})

test('extended-monitor works among so many people that presence is not sent to all', async t => {
  const server = await quickServer(t, {
    edits: [{ file: 'core/presence/presence.ts', set: { CROWD: 2 } }],
  })
  using ana = await Irc.register(server.port, 'ana', { caps: 'extended-monitor away-notify' })
  using other = await Irc.register(server.port, 'otra', { caps: 'away-notify' })
  using beto = await Irc.register(server.port, 'beto', { caps: '' })
  await ana.ask('MONITOR + beto')
  beto.send('AWAY :lejos')
  await ana.expect(`${source('beto')} AWAY lejos`) // EXM-1
  beto.send('PRIVMSG #general :fin')
  await other.expect(/ PRIVMSG #general :fin$/)
  assert.ok(!other.lines.some(line => line.startsWith(`${source('beto')} AWAY`)))
})

test('SETNAME: accepted from everybody, confirmed and sent to clients with the capability, refused by its codes', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps: 'setname' })
  using beto = await Irc.register(server.port, 'beto', { caps: 'setname' })
  using old = await Irc.register(server.port, 'viejo', { caps: '' })
  assert.deepEqual(await ana.ask('SETNAME :Ana María'), [`${source('ana')} SETNAME :Ana María`], 'SET-5')
  await beto.expect(`${source('ana')} SETNAME :Ana María`) // SET-5
  assert.deepEqual(await old.ask('SETNAME :Don Viejo'), [], 'SET-2, SET-3')
  await beto.expect(`${source('viejo')} SETNAME :Don Viejo`) // SET-2
  assert.match((await ana.ask('WHOIS viejo')).join('\n'), / 311 ana viejo \S+ \S+ \* :Don Viejo$/m, 'SET-2')
  assert.ok(!old.lines.some(line => / SETNAME /.test(line)), 'SET-6')
  await (await server.web.logIn('viejo')).do('PATCH', '/me', { name: 'Más Viejo' })
  for (const each of [ana, beto]) await each.expect(`${source('viejo')} SETNAME :Más Viejo`)
  const length = Number(/ NAMELEN=(\d+) /.exec(ana.lines.join('\n'))?.[1]) // SET-4
  const [longest, longer] = ['x'.repeat(length), 'x'.repeat(length + 1)]
  assert.deepEqual(await ana.ask(`SETNAME :${longest}`), [`${source('ana')} SETNAME ${longest}`], 'SET-4')
  assert.match(
    (await ana.ask(`SETNAME :${longer}`)).join(),
    /^:\S+ FAIL SETNAME INVALID_REALNAME :/,
    'SET-7, SET-8',
  )
  assert.deepEqual(await old.ask(`SETNAME :${longer}`), [], 'SET-3')
  using nobody = await Irc.connect(server.port)
  nobody.send('CAP REQ setname', 'NICK nadie', 'USER n 0 * :N', 'CAP END')
  await nobody.expect(/ 376 /)
  assert.match((await nobody.ask('SETNAME :Yo')).join(), / FAIL SETNAME CANNOT_CHANGE_REALNAME :/, 'SET-9')
})

test('WHOX: exactly the requested fields, in the order of WHOX, with the token', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps: '' })
  const fields: Readonly<Record<string, string>> = {
    t: '123',
    c: '#club',
    u: 'ana',
    i: '255.255.255.255',
    h: HOST,
    s: HOST,
    n: 'ana',
    f: 'H*~',
    d: '0',
    l: '0',
    a: 'ana',
    o: '5',
    r: 'Ana',
  }
  await ana.ask('JOIN #club')
  const end = (mask: string) => `:${HOST} 315 ana ${mask} :End of WHO list`
  const all = Object.values(fields).join(' ')
  assert.deepEqual(
    (await ana.ask('WHO #club %roalfdsnhuict,123')).map(bare),
    [`:${HOST} 354 ana ${all}`, end('#club')],
    'WHOX-3, WHOX-4, WHOX-5, WHOX-6, WHOX-8: in whatever order they were named',
  )
  for (const [field, value] of Object.entries(fields))
    assert.deepEqual(
      await ana.ask(`WHO #club %${field},123`),
      [`:${HOST} 354 ana ${value}`, end('#club')],
      `WHOX-4, WHOX-5: ${field}`,
    )
  assert.deepEqual(await ana.ask('WHO #club %nzqx'), [`:${HOST} 354 ana ana`, end('#club')], 'WHOX-7')
  assert.deepEqual(await ana.ask('WHO ana %cn'), [`:${HOST} 354 ana * ana`, end('ana')], 'WHOX-6')
  assert.deepEqual(await ana.ask('WHO nadie %n'), [end('nadie')], 'WHOX-2')
  assert.ok(!ana.lines.some(line => / 352 /.test(line)), 'WHOX-3')
})
