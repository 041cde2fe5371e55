import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bare, Irc, MODERN, plain, tagOf, tagsOf } from '../tools/irc-client.ts'
import { PASSWORD } from '../tools/line-client.ts'
import { HOST, quickServer, source } from './quick-server.ts'

// --- coming in -------------------------------------------------------------------------------------------

test('logging in by SASL, by PASS, with NickServ; registering before or after connecting', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  assert.ok(ana.lines.some(line => / 900 ana ana!ana@\S+ ana :/.test(line)))
  assert.ok(ana.lines.some(line => bare(line) === `${source('ana')} JOIN #general ana Ana`))

  using pass = await Irc.connect(server.port)
  pass.send(`PASS ana:${PASSWORD}`, 'NICK otra', 'USER x 0 * :X')
  await pass.expect(/^:\S+ 001 ana :/)
  using nickPass = await Irc.connect(server.port)
  nickPass.send(`PASS ${PASSWORD}`, 'NICK ana', 'USER x 0 * :X')
  await nickPass.expect(/^:\S+ 001 ana :/)
  await nickPass.expect(`${source('ana')} JOIN #general`)

  using wrong = await Irc.connect(server.port)
  wrong.send('PASS ana:no', 'NICK ana', 'USER x 0 * :X')
  await wrong.expect(/ 464 /)
  await wrong.expect(/^ERROR :/)
  await wrong.closed

  using late = await Irc.connect(server.port)
  late.send('NICK visita', 'USER x 0 * :Beto')
  await late.expect(/^:\S+ 001 visita :/)
  await late.expect(/^:NickServ!NickServ@\S+ NOTICE visita :/)
  late.send('PRIVMSG ana :hola')
  await late.expect(/ 477 visita ana :Hace falta una cuenta\. /)
  late.send(`REGISTER beto * ${PASSWORD}`)
  await late.expect(/ REGISTER SUCCESS beto :/)
  await late.expect(`:visita!visita@${HOST} NICK beto`)
  await late.expect(`${source('beto')} JOIN #general`)

  using old = await Irc.connect(server.port)
  old.send('NICK beto', 'USER x 0 * :X')
  await old.expect(/ 376 /)
  old.send('PRIVMSG NickServ :IDENTIFY mala')
  await old.expect(/^:NickServ!\S+ NOTICE beto :/)
  old.send(`PRIVMSG NickServ :IDENTIFY ${PASSWORD}`)
  await old.expect(`${source('beto')} JOIN #general`)
  await old.expect(/^:NickServ!\S+ NOTICE beto :Bienvenido beto!/)
  assert.ok(!old.lines.some(line => / 90[34] /.test(line)), 'that was no SASL')

  using made = await Irc.connect(server.port)
  made.send('NICK caro', 'USER x 0 * :Caro', `NS REGISTER ${PASSWORD}`)
  await made.expect(/^:NickServ!\S+ NOTICE caro :Registro exitoso\. Bienvenido Caro!$/)
})

test('SASL: in chunks, aborted, for another account, with a wrong password, twice, late; the mechanisms are listed', async t => {
  const server = await quickServer(t)
  using _ = await Irc.register(server.port, 'ana', { caps: '' })
  using client = await Irc.connect(server.port)
  client.send('CAP LS 302')
  await client.expect(/ CAP \* LS .*sasl=PLAIN/)
  client.send('AUTHENTICATE PLAIN')
  await client.expect(/ 904 /)
  client.send('CAP REQ sasl', 'NICK ana', 'USER ana 0 * :Ana', 'AUTHENTICATE SCRAM-SHA-1')
  await client.expect(/ 908 ana PLAIN,SCRAM-SHA-256 :/)
  await client.expect(/ 904 /)
  for (const response of [
    plain('ana', 'no'),
    Buffer.from(`beto\0ana\0${PASSWORD}`).toString('base64'),
    '+',
    '%%%',
  ]) {
    client.send('AUTHENTICATE PLAIN')
    await client.expect('AUTHENTICATE +')
    client.send(`AUTHENTICATE ${response}`)
    await client.expect(/ 904 /)
  }
  client.send('AUTHENTICATE PLAIN', 'AUTHENTICATE *')
  await client.expect(/ 906 /)
  client.send('AUTHENTICATE PLAIN', `AUTHENTICATE ${'A'.repeat(401)}`)
  await client.expect(/ 905 /)
  client.send('AUTHENTICATE PLAIN', `AUTHENTICATE ${'A'.repeat(400)}`, 'NICK nora', 'AUTHENTICATE +')
  await client.expect(/ 904 /)
  client.send('NICK ana', 'AUTHENTICATE PLAIN')
  client.send(`AUTHENTICATE ${plain('ana', PASSWORD)}`)
  await client.expect(/ 900 ana ana!ana@\S+ ana :/)
  await client.expect(/ 903 ana :/)
  client.send('AUTHENTICATE PLAIN')
  await client.expect(/ 907 /)
  client.send('CAP END')
  await client.expect(/ 001 ana :/)
  using late = await Irc.connect(server.port)
  late.send('NICK visita', 'USER x 0 * :X', 'CAP REQ sasl', 'CAP END')
  await late.expect(/ 001 visita :/)
  late.send('AUTHENTICATE PLAIN', `AUTHENTICATE ${plain('ana', PASSWORD)}`)
  await late.expect(/ 903 /)
  await late.expect(`:visita!visita@${HOST} NICK ana`)
  await late.expect(`${source('ana')} JOIN #general`)
})

test('capabilities: REQ is all or nothing, several lines, 302, LIST; each token of 005', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  assert.deepEqual((await ana.ask('CAP REQ :batch nada')).map(bare), [`:${HOST} CAP ana NAK :batch nada`])
  assert.deepEqual((await ana.ask('CAP REQ :-batch')).map(bare), [`:${HOST} CAP ana ACK -batch`])
  assert.deepEqual((await ana.ask('CAP REQ :-cap-notify')).map(bare), [`:${HOST} CAP ana NAK -cap-notify`])
  assert.ok((await ana.ask('CAP NADA')).some(line => / 410 ana NADA :/.test(line)))
  const listed = (await ana.ask('CAP LIST')).map(bare)
  assert.ok(listed.at(-1)?.startsWith(`:${HOST} CAP ana LIST :`))
  const had = listed.flatMap(line => line.split(' :')[1]?.split(' ') ?? [])
  assert.deepEqual(
    had.toSorted(),
    MODERN.split(' ')
      .filter(cap => cap !== 'batch')
      .toSorted(),
  )
  using old = await Irc.connect(server.port)
  const [only = '', ...more] = await old.ask('CAP LS')
  assert.ok(only.startsWith(`:${HOST} CAP * LS :`) && more.length === 0 && !only.includes('='))
})

// --- talking ---------------------------------------------------------------------------------------------

test('what ana says on IRC, beto reads in netcat and caro in the web client; and the reverse, live and later', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  const beto = await server.register('beto')
  await ana.expect(`${source('beto')} JOIN #general beto Beto`)
  const web = await server.web.register('caro')
  using caro = await web.connect()
  await ana.expect(`${source('caro')} JOIN #general caro Caro`)
  ana.send('PRIVMSG #general :hola')
  await beto.expect('ana: hola\n')
  await caro.expect('hola')
  const echo = await ana.expect(`${source('ana')} PRIVMSG #general :hola`)
  assert.match(tagOf(echo, 'msgid'), /^1-\d+$/)
  beto.say('buenas')
  const heard = await ana.expect(`${source('beto')} PRIVMSG #general :buenas`)
  assert.equal(tagOf(heard, 'account'), 'beto')
  await web.do('POST', '/rooms/1/messages', { text: 'desde\nla web' })
  await ana.expect(/BATCH \+m1-\d+ draft\/multiline #general$/)
  await ana.expect(`${source('caro')} PRIVMSG #general :desde`)
  await ana.expect(`${source('caro')} PRIVMSG #general :la web`)
  using later = await Irc.logIn(server.port, 'ana')
  const history = (await later.ask('CHATHISTORY LATEST #general * 10')).map(bare)
  assert.ok(history.includes(`${source('beto')} PRIVMSG #general :buenas`), history.join('\n'))
  assert.ok(history.includes(`${source('ana')} PRIVMSG #general :hola`))
})

test('several clients of one account see each other’s messages, and have one presence', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto')
  await ana.expect(`${source('beto')} JOIN #general beto Beto`)
  using phone = await Irc.logIn(server.port, 'beto')
  beto.send('PRIVMSG #general :desde el escritorio', 'PRIVMSG ana :en privado')
  await phone.expect(`${source('beto')} PRIVMSG #general :desde el escritorio`)
  await phone.expect(`${source('beto')} PRIVMSG ana :en privado`)
  await ana.expect(`${source('beto')} PRIVMSG ana :en privado`)
  beto.send('QUIT')
  await beto.closed
  assert.deepEqual(await ana.ask(), [])
  phone.send('QUIT :adiós')
  await phone.expect('ERROR :Quit: adiós')
  await ana.expect(`${source('beto')} QUIT :Quit: adiós`)
})

test('channels: JOIN creates one, others join, talk, are moderated and kicked; topic and name change', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto', { caps: 'server-time' })
  using caro = await Irc.register(server.port, 'caro')
  ana.send('JOIN #club')
  await ana.expect(`${source('ana')} JOIN #club ana Ana`)
  await ana.expect(`:${HOST} MARKREAD #club *`)
  await ana.expect(`:${HOST} 353 ana = #club ~ana!ana@${HOST}`)
  await ana.expect(/ 366 ana #club :/)
  beto.send('JOIN #club')
  await beto.expect(`${source('beto')} JOIN #club`)
  await beto.expect(/ 353 beto = #club :?(~ana beto|beto ~ana)$/)
  await ana.expect(`${source('beto')} JOIN #club beto Beto`)
  ana.send('INVITE caro #club')
  await ana.expect(`:${HOST} 341 ana caro #club`)
  await caro.expect(`${source('ana')} INVITE caro #club`)
  caro.send('JOIN #club')
  await caro.expect(`${source('caro')} JOIN #club caro Caro`)
  assert.match(bare((await ana.ask('INVITE caro #club')).join()), / 443 ana caro #club :/)
  ana.send('TOPIC #club :de qué va')
  await beto.expect(`${source('ana')} TOPIC #club :de qué va`)
  beto.send('TOPIC #club')
  await beto.expect(`:${HOST} 332 beto #club :de qué va`)
  beto.send('TOPIC #club :otro')
  await beto.expect(/ 482 beto #club :/)
  ana.send('MODE #club +o beto')
  await beto.expect(/^(@\S+ )?:ana!\S+ MODE #club \+o beto$/)
  beto.send('MODE #club +b m:caro!*@*')
  await caro.expect(`${source('beto')} MODE #club +b m:caro!*@*`)
  caro.send('PRIVMSG #club :¿y yo?')
  await caro.expect(/ 404 caro #club :/)
  assert.match(
    (await ana.ask('MODE #club b')).map(bare).join('\n'),
    / 367 ana #club m:caro!\*@\* .*\n.* 368 ana #club :/,
  )
  beto.send('MODE #club -b m:caro!*@*')
  await caro.expect(`${source('beto')} MODE #club -b m:caro!*@*`)
  beto.send('MODE #club +m')
  await caro.expect(`${source('beto')} MODE #club +m`)
  caro.send('PRIVMSG #club :ahora')
  await caro.expect(/ 404 caro #club :/)
  beto.send('MODE #club -m')
  await caro.expect(`${source('beto')} MODE #club -m`)
  beto.send('KICK #club caro :ruido')
  await caro.expect(`${source('beto')} KICK #club caro ruido`)
  caro.send('PRIVMSG #club :fuera')
  await caro.expect(/ 404 caro #club :/)
  caro.send('JOIN #club')
  await caro.expect(`${source('caro')} JOIN #club caro Caro`)
  ana.send('PRIVMSG #club :antes', 'RENAME #club #peña')
  await ana.expect(`${source('ana')} RENAME #club #peña :`)
  await beto.expect(`${source('beto')} PART #club`)
  await beto.expect(`${source('beto')} JOIN #peña`)
  await beto.expect(/ 332 beto #peña :de qué va/)
  const past = (await ana.ask('CHATHISTORY LATEST #peña * 5')).map(bare)
  assert.ok(past.includes(`${source('ana')} PRIVMSG #peña :antes`), past.join('\n'))
  caro.send('PRIVMSG #peña :aquí')
  await beto.expect(/^@time=\S+ :caro!\S+ PRIVMSG #peña :?aquí$/)
  ana.send('MODE #peña +b caro!*@*', 'KICK #peña caro')
  await caro.expect(/ KICK #peña caro /)
  caro.send('JOIN #peña')
  await caro.expect(/ 474 caro #peña :/)
  beto.send('PART #peña :adiós')
  await beto.expect(`${source('beto')} PART #peña adiós`)
  await ana.expect(`${source('beto')} PART #peña adiós`)
  ana.send('MODE #peña -b caro')
  await ana.expect(`${source('ana')} MODE #peña -b caro!*@*`)
  caro.send('JOIN #peña')
  await ana.expect(`${source('caro')} JOIN #peña caro Caro`)
  ana.send('LIST')
  await ana.expect(`:${HOST} 322 ana #peña 2 :de qué va`)
})

test('two people who create the same channel at once are both in it', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto')
  const names = Array.from({ length: 30 }, (_, i) => `#a${i}`)
  const both = [ana, beto].map(client => client.ask(...names.map(name => `JOIN ${name}`)))
  for (const lines of await Promise.all(both)) {
    assert.equal(lines.filter(line => / 366 /.test(line)).length, names.length)
    assert.ok(!lines.some(line => / 47\d /.test(line)))
  }
})

test('a closed room does not show outside: not in LIST, NAMES, WHO, WHOIS, JOIN, MODE, TOPIC', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto')
  const web = await server.web.logIn('ana')
  await web.do('POST', '/rooms', { name: 'secreta', kind: 'closed' })
  await ana.expect(`${source('ana')} JOIN #secreta ana Ana`)
  await ana.expect(/ 353 ana @ #secreta /)
  assert.match((await ana.ask('MODE #secreta')).join(), / 324 ana #secreta \+inst/)
  for (const [question, answer] of [
    ['LIST', / 321 .*\n.* 322 beto #general .*\n.* 323 /],
    ['NAMES #secreta', /^\S+ 366 beto #secreta :End of \/NAMES list$/],
    ['WHO #secreta', /^\S+ 315 beto #secreta :[^\n]*$/],
    ['JOIN #secreta', /^\S+ 473 beto #secreta :[^\n]*$/],
    ['MODE #secreta', /^\S+ 403 beto #secreta :[^\n]*$/],
    ['TOPIC #secreta', /^\S+ 403 beto #secreta :[^\n]*$/],
    ['KICK #secreta ana', /^\S+ 403 beto #secreta :[^\n]*$/],
    ['PRIVMSG #secreta :hola', /^\S+ 404 beto #secreta :[^\n]*$/],
    ['CHATHISTORY LATEST #secreta * 10', /FAIL CHATHISTORY INVALID_TARGET LATEST #secreta :/],
    ['WHOIS ana', /^(?![\s\S]*secreta)/],
  ] as const)
    assert.match((await beto.ask(question)).map(bare).join('\n'), answer, question)
})

test('private messages: from and to clients without capabilities, to people away, to nobody; NOTICE is never answered', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto', { caps: '' })
  ana.send('PRIVMSG beto :hola')
  await beto.expect(`${source('ana')} PRIVMSG beto :hola`)
  await ana.expect(`${source('ana')} PRIVMSG beto :hola`)
  beto.send('PRIVMSG ANA :¿qué tal?')
  await ana.expect(`${source('beto')} PRIVMSG ana :¿qué tal?`)
  beto.send('AWAY :comiendo')
  await beto.expect(/ 306 beto :/)
  await ana.expect(`${source('beto')} AWAY comiendo`)
  ana.send('PRIVMSG beto :¿estás?')
  await ana.expect(`:${HOST} 301 ana beto comiendo`)
  ana.send('WHOIS beto')
  await ana.expect(`:${HOST} 301 ana beto comiendo`)
  beto.send('AWAY')
  await ana.expect(`${source('beto')} AWAY`)
  assert.match((await ana.ask('PRIVMSG nadie :hola')).join(), / 401 ana nadie :/)
  assert.deepEqual(await ana.ask('NOTICE nadie :hola'), [])
  assert.deepEqual(await ana.ask('NOTICE #nada :hola'), [])
  assert.deepEqual(await ana.ask('NOTICE'), [])
  const web = await server.web.logIn('beto')
  const rooms = await web.do('GET', '/rooms')
  assert.ok(JSON.stringify(rooms).includes('"direct"'))
})

test('after a reconnect conversations have the other’s nick, and notices the person’s language', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  {
    using before = await Irc.register(server.port, 'beto')
    ana.send('PRIVMSG beto :hola')
    await before.expect(`${source('ana')} PRIVMSG beto :hola`)
  }
  const web = await server.web.logIn('beto')
  await web.do('PATCH', '/me', { language: 'en' })
  using beto = await Irc.logIn(server.port, 'beto')
  using phone = await Irc.logIn(server.port, 'beto', { caps: '' })
  ana.send('PRIVMSG beto :otra vez')
  for (const device of [beto, phone]) await device.expect(`${source('ana')} PRIVMSG beto :otra vez`)
  beto.send('PRIVMSG ana :sí')
  await phone.expect(`${source('beto')} PRIVMSG ana :sí`)
  const said = await beto.expect(`${source('beto')} PRIVMSG ana :sí`)
  beto.send(`REDACT ana ${tagOf(said, 'msgid')}`)
  await phone.expect(`:${HOST} NOTICE ana :beto deleted “sí”`)
})

test('echo, labels, batches, texts of many lines, answers, reactions, typing, taking back', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto')
  using old = await Irc.register(server.port, 'viejo', { caps: '' })
  const web = await server.web.logIn('beto')
  const [labelled = ''] = await ana.ask('@label=uno PRIVMSG #general :hola')
  assert.equal(tagOf(labelled, 'label'), 'uno')
  const first = tagOf(labelled, 'msgid')
  assert.deepEqual([...tagsOf(await beto.expect(/ PRIVMSG #general :?hola$/)).keys()].toSorted(), [
    'account',
    'msgid',
    'time',
  ])
  assert.equal((await ana.ask('@label=dos PONG x')).join(), `@label=dos :${HOST} ACK`)
  const several = await ana.ask('@label=tres WHOIS beto')
  assert.match(several[0] ?? '', /^@label=tres :\S+ BATCH \+(\S+) labeled-response$/)
  assert.ok(several.slice(1, -1).every(line => tagsOf(line).has('batch') && !tagsOf(line).has('label')))
  const history = await ana.ask('@label=cuatro CHATHISTORY LATEST #general * 5')
  assert.match(history[0] ?? '', /^@label=cuatro :\S+ BATCH \+\S+ chathistory #general$/)
  assert.ok((await ana.ask(`@label=${'x'.repeat(65)} PONG`)).length === 0)

  // many lines
  const long = 'palabra '.repeat(90).trim()
  const sent = await ana.ask(
    `@label=m;+reply=${first} BATCH +7 draft/multiline #general`,
    '@batch=7 PRIVMSG #general :uno',
    '@batch=7 PRIVMSG #general :',
    `@batch=7 PRIVMSG #general :${long.slice(0, 380)}`,
    `@batch=7;draft/multiline-concat PRIVMSG #general :${long.slice(380)}`,
    'BATCH -7',
  )
  assert.match(sent[0] ?? '', /label=m/)
  assert.match(sent[0] ?? '', /BATCH \+m1-\d+ draft\/multiline #general$/)
  assert.equal(sent.filter(line => /label=/.test(line)).length, 1)
  const texts = (await web.do('GET', '/rooms/1/messages')).messages
  assert.equal(texts.at(-1).text, `uno\n\n${long}`)
  assert.equal(texts.at(-1).reply.seq, Number(first.split('-')[1]))
  const begun = await beto.expect(/BATCH \+(\S+) draft\/multiline #general$/)
  assert.equal(tagOf(begun, '+draft/reply'), first)
  assert.equal(tagOf(begun, '+reply'), first)
  await beto.expect(/^@batch=\S+ :ana\S+ PRIVMSG #general :$/)
  const one = await beto.expect(/^@batch=\S+ :ana\S+ PRIVMSG #general :palabra /)
  const two = await beto.expect(/^@batch=\S+;draft\/multiline-concat :ana\S+ PRIVMSG #general :/)
  await beto.expect(/ BATCH -m1-/)
  const said = (line: string) => line.slice(line.indexOf('#general :') + 10)
  assert.ok(long.startsWith(said(one) + said(two)))
  await old.expect(`${source('ana')} PRIVMSG #general :uno`)
  await old.expect(/^:ana\S+ PRIVMSG #general :palabra /)
  assert.ok(!old.lines.some(line => line.endsWith('#general :')))

  // reactions, typing
  beto.send(`@+draft/react=👍;+reply=${first} TAGMSG #general`)
  const reaction = await ana.expect(`${source('beto')} TAGMSG #general`)
  assert.deepEqual([tagOf(reaction, '+draft/react'), tagOf(reaction, '+draft/reply')], ['👍', first])
  assert.equal(
    (await web.do('GET', '/rooms/1/messages')).messages.find((m: { seq: number }) => `1-${m.seq}` === first)
      .reactions[0].emoji,
    '👍',
  )
  beto.send(`@+draft/unreact=👍;+draft/reply=${first} TAGMSG #general`)
  assert.equal(tagOf(await ana.expect(/TAGMSG/), '+draft/unreact'), '👍')
  beto.send('@+draft/react=feo;+reply=1-999 TAGMSG #general')
  await beto.expect(/ FAIL TAGMSG INVALID_REACTION :/)
  beto.send('@+typing=active TAGMSG #general')
  assert.equal(tagOf(await ana.expect(/TAGMSG/), '+typing'), 'active')

  // taking back
  assert.match((await beto.ask(`REDACT #general ${first}`)).join(), / FAIL REDACT REDACT_FORBIDDEN #general /)
  assert.match((await beto.ask('REDACT #general nada')).join(), / FAIL REDACT UNKNOWN_MSGID #general nada :/)
  assert.match((await beto.ask('REDACT #otra 1-1')).join(), / FAIL REDACT INVALID_TARGET #otra :/)
  ana.send(`REDACT #general ${first}`)
  await beto.expect(`${source('ana')} REDACT #general ${first}`)
  await old.expect(':tertulia.local NOTICE #general :ana borró «hola»')
  const after = (await beto.ask('CHATHISTORY LATEST #general * 50')).join('\n')
  assert.ok(!after.includes(' PRIVMSG #general :hola') && !after.includes(' PRIVMSG #general hola'))
  await web.do('POST', '/rooms/1/messages', { text: 'con un eror' })
  const typo = tagOf(await ana.expect(/con un eror$/), 'msgid')
  await web.do('PATCH', `/rooms/1/messages/${typo.split('-')[1]}`, { text: 'con un error' })
  const mended = await ana.expect(`${source('beto')} PRIVMSG #general :✎ con un error`)
  assert.equal(tagOf(mended, '+draft/reply'), typo)
})
