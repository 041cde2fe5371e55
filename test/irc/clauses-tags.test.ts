// Clauses of the specifications about tags and batches: message-tags, account-tag, bot-mode, message-ids,
// server-time, batch, labeled-response, echo-message (docs/irc-clauses.md).

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CAPS } from '../../src/doors/irc/wire/caps.ts'
import { bare, Irc, MODERN, tagOf, tagsOf } from '../tools/irc-client.ts'
import { HOST, quickServer, source } from './quick-server.ts'

test('client-only tags are passed on as they are, the server’s stand before them, and nothing else passes', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto')
  using old = await Irc.register(server.port, 'viejo', { caps: '' })
  ana.send('PRIVMSG #general :primero')
  const first = tagOf(await beto.expect(/ PRIVMSG #general :primero$/), 'msgid')
  ana.send(`@+reply=${first};msgid=9-9;time=ayer;account=otra;otro=x;+nada=y PRIVMSG #general :segundo`)
  const line = await beto.expect(/ PRIVMSG #general :segundo$/)
  assert.equal(tagOf(line, '+reply'), first, 'TAG-8, TAG-9, REPLY-1')
  assert.notEqual(tagOf(line, 'msgid'), '9-9', 'TAG-12')
  assert.equal(tagOf(line, 'account'), 'ana', 'TAG-12')
  assert.match(tagOf(line, 'time'), /^\d{4}-/, 'TAG-12')
  assert.ok(!tagsOf(line).has('otro'), 'TAG-12: what has no plus goes no further')
  assert.equal(tagOf(line, '+nada'), 'y', 'TAG-8, TAG-9')
  const keys = [...tagsOf(line).keys()]
  const own = keys.findIndex(key => key.startsWith('+'))
  assert.ok(
    keys.slice(own).every(key => key.startsWith('+')),
    `TAG-10: ${keys.join()}`,
  )
  assert.equal(new Set(keys).size, keys.length, 'TAG-1')
  beto.send(`@+draft/react=👍;+reply=${first} TAGMSG #general`)
  const reaction = await ana.expect(`${source('beto')} TAGMSG #general`) // TAG-11
  assert.deepEqual(
    [tagOf(reaction, '+draft/react'), tagOf(reaction, '+reply')],
    ['👍', first],
    'TAG-9, REACT-1',
  )
  const echoed = await beto.expect(`${source('beto')} TAGMSG #general`) // ECHO-3
  assert.equal(tagOf(echoed, '+draft/react'), '👍', 'ECHO-3')
  beto.send(`@+draft/unreact=👍;+reply=${first} TAGMSG #general`)
  assert.equal(tagOf(await ana.expect(/ TAGMSG #general$/), '+draft/unreact'), '👍', 'REACT-1')
  beto.send('@+typing=active TAGMSG #general', 'PRIVMSG #general :fin')
  assert.equal(tagOf(await ana.expect(/ TAGMSG #general$/), '+typing'), 'active', 'TYPE-1')
  await old.expect(/ PRIVMSG #general :fin$/)
  assert.ok(!old.lines.some(each => / TAGMSG /.test(each)), 'TAG-13: TAGMSG for who has asked for tags alone')
  assert.match((await ana.ask('TAGMSG #nada', 'TAGMSG nadie')).join('\n'), / 404 .*\n.* 401 /, 'TAG-11')
  assert.match((await ana.ask(`@a=${'x'.repeat(4093)} PING x`)).join(), / 417 ana :/, 'TAG-14')
  assert.match((await ana.ask(`@a=${'x'.repeat(4092)} PING x`)).join(), / PONG /, 'TAG-14')
  assert.deepEqual(await ana.ask('@label= PING x'), await ana.ask('PING x'), 'TAG-6: empty is missing')
  const [answer = ''] = await ana.ask('@label=a\\sb\\:c\\q\\ PING x')
  assert.equal(tagOf(answer, 'label'), 'a\\sb\\:cq', 'TAG-7')
})

test('account, bot and time tags are on every line about what somebody does', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps: CAPS.filter(cap => cap !== 'batch').join(' ') })
  using old = await Irc.register(server.port, 'viejo', { caps: 'account-tag' })
  await server.web.register('robot')
  const web = await server.web.logIn('ana')
  await web.do('PUT', '/people/robot/role', { role: 'bot' })
  const robot = await Irc.logIn(server.port, 'robot', { caps: MODERN })
  await ana.ask('JOIN #club')
  ana.send('MODE #club +m', 'MODE #club -m')
  await robot.ask('JOIN #club')
  await ana.expect(/ JOIN #club robot /)
  ana.send('MODE #club +q robot')
  old.send('JOIN #club')
  await old.expect(/ 366 viejo #club /)
  robot.send('PRIVMSG #club :hola', 'TOPIC #club :tema', 'MODE #club +m', '@+typing=active TAGMSG #club')
  robot.send('AWAY :fuera', 'SETNAME :Otro', 'RENAME #club #peña', 'KICK #peña viejo', 'PART #peña')
  await ana.expect(`${source('robot')} PART #peña`)
  robot.send('QUIT')
  await ana.expect(/ QUIT :/)
  const done = ana.lines.filter(line => bare(line).startsWith(source('robot')))
  const commands = new Set(done.map(line => bare(line).split(' ')[1]))
  for (const command of 'JOIN PRIVMSG TOPIC MODE TAGMSG AWAY SETNAME RENAME KICK PART QUIT'.split(' '))
    assert.ok(commands.has(command), `${command}: ${done.join('\n')}`)
  const behind = done.slice(done.findIndex(line => / JOIN #club /.test(line)))
  for (const line of behind) {
    assert.equal(tagOf(line, 'account'), 'robot', `ATAG-1, ATAG-2: ${line}`)
    assert.equal(tagOf(line, 'bot'), '', `BOT-4: ${line}`)
    assert.ok(!/[@;]bot=/.test(line), `BOT-7: without a value: ${line}`)
    if (!/ TAGMSG /.test(line))
      assert.match(tagOf(line, 'time'), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, `STIME-1: ${line}`)
  }
  const seen = old.lines.filter(line => bare(line).startsWith(source('robot')))
  assert.ok(seen.length > 5)
  for (const line of seen)
    assert.deepEqual([...tagsOf(line)], [['account', 'robot']], `BOT-6, STIME-2: ${line}`)
  const server_ = ana.lines.filter(line => bare(line).startsWith(`:${HOST} `))
  assert.ok(
    server_.every(line => !tagsOf(line).has('account')),
    'ATAG-3: nobody’s account where nobody acts',
  )
})

test('msgids: unique, the same whenever the message is sent, usable as a parameter', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto')
  await ana.ask('JOIN #club')
  await beto.ask('JOIN #club')
  beto.send('PRIVMSG #club :uno', 'PRIVMSG #general :dos', 'PRIVMSG ana :tres', 'NOTICE #club :cuatro')
  await ana.expect(/ #club :cuatro$/)
  const web = await server.web.logIn('ana')
  const uno = ana.lines.find(line => line.endsWith(':uno')) ?? assert.fail('uno')
  const [club, seq] = tagOf(uno, 'msgid').split('-')
  await web.do('PUT', `/rooms/${club}/pins/${seq}`)
  await ana.expect(/ NOTICE #club :/)
  const spoken = ana.lines.filter(
    line => / (PRIVMSG|NOTICE) (#|ana )/.test(line) && !line.includes('NickServ'),
  )
  const ids = spoken.map(line => tagOf(line, 'msgid')) // MSGID-1
  assert.ok(ids.length >= 5)
  assert.equal(new Set(ids).size, ids.length, 'MSGID-2')
  for (const id of ids) assert.match(id, /^[^:\s][^\s]*$/, 'MSGID-3')
  const again = await ana.ask('CHATHISTORY LATEST #club * 10')
  assert.ok(
    again.some(line => line.endsWith(':uno') && tagOf(line, 'msgid') === tagOf(uno, 'msgid')),
    'MSGID-4, HIST-17',
  )
  assert.ok(CAPS.includes('echo-message'), 'MSGID-5, STIME-3')
})

test('batches begin and end, and hold the lines with their tag', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto')
  await ana.ask(
    '@label=x JOIN #club',
    '@label=ñ/x WHOIS ana',
    '@label=y WHO #club',
    'CHATHISTORY LATEST #club * 5',
  )
  beto.send(
    'BATCH +1 draft/multiline #general',
    '@batch=1 PRIVMSG #general :a',
    '@batch=1 PRIVMSG #general :b',
  )
  beto.send('BATCH -1')
  await ana.expect(/ BATCH -m1-/)
  await ana.ask('@label=z CHATHISTORY LATEST #general * 5')
  const open = new Map<string, string | undefined>()
  let begun = 0
  for (const line of ana.lines) {
    const [, sign, reference = '', type] = / BATCH ([+-])(\S+)(?: (\S+))?/.exec(bare(line)) ?? []
    const inside = tagsOf(line).get('batch')
    if (inside !== undefined) assert.ok(open.has(inside), `BATCH-5: ${line}`)
    if (sign === undefined) continue
    assert.match(reference, /^[A-Za-z0-9-]+$/, 'BATCH-3')
    assert.notEqual(inside, reference, 'BATCH-6')
    if (sign === '+') {
      assert.ok(type, 'BATCH-1')
      open.set(reference, inside)
      begun++
    } else {
      assert.ok(open.has(reference), `BATCH-2: ${line}`)
      assert.equal(inside, open.get(reference), `BATCH-8: begun and ended in the same one: ${line}`)
      open.delete(reference)
    }
  }
  assert.ok(begun >= 6)
  assert.equal(open.size, 0, 'BATCH-7')
})

test('labels: one reply per label, in a batch if it has several lines, ACK if it has none', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto')
  await ana.ask('JOIN #club')
  const labels = (lines: readonly string[]) => lines.filter(line => tagsOf(line).has('label'))
  for (const [line, type] of [
    ['WHOIS ana', 'labeled-response'],
    ['JOIN #otra', 'labeled-response'],
    ['PRIVMSG #club,beto :hola', 'labeled-response'],
    ['PRIVMSG #club,nadie :hola', 'labeled-response'],
    ['CHATHISTORY LATEST #club * 5', 'chathistory'],
  ] as const) {
    const lines = await ana.ask(`@label=Uno.1 ${line}`)
    assert.equal(labels(lines).length, 1, `LABEL-3: ${line}\n${lines.join('\n')}`)
    assert.equal(tagOf(lines[0] ?? '', 'label'), 'Uno.1', `LABEL-2, LABEL-6: ${line}`)
    assert.match(bare(lines[0] ?? ''), new RegExp(` BATCH \\+\\S+ ${type}( |$)`), `LABEL-4, LABEL-5: ${line}`)
    assert.match(bare(lines.at(-1) ?? ''), / BATCH -/, `LABEL-4: ${line}`)
  }
  for (const line of ['PING x', 'NADA', 'PRIVMSG #club :sola', 'MODE #nada', 'REDACT #club 0-0', 'CAP LIST'])
    assert.equal(tagOf((await ana.ask(`@label=a ${line}`))[0] ?? '', 'label'), 'a', `LABEL-2, STD-2: ${line}`)
  for (const line of ['PONG x', 'NOTICE nadie :x', 'MONITOR - nadie', 'NICK ana'])
    assert.deepEqual(await ana.ask(`@label=b ${line}`), [`@label=b :${HOST} ACK`], `LABEL-8: ${line}`)
  beto.skip()
  ana.send('@label=c PRIVMSG beto :sin etiqueta')
  const heard = await beto.expect(/ PRIVMSG beto :sin etiqueta$/)
  assert.ok(!tagsOf(heard).has('label'), 'LABEL-3: the answer is the asker’s')
  using early = await Irc.connect(server.port)
  early.send('CAP REQ labeled-response', 'CAP REQ batch')
  await early.expect(/ ACK :?batch/) // LABEL-1: in any order
})

test('echo-message: the sender gets the message as everybody else does', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  using quiet = await Irc.register(server.port, 'callada', { caps: 'message-tags server-time' })
  for (const target of ['#general', 'callada']) {
    ana.send(`PRIVMSG ${target} :\x02fuerte\x02 y \x0304rojo`)
    const echo = await ana.expect(new RegExp(` PRIVMSG ${target} :\x02fuerte\x02 y rojo$`)) // ECHO-1, ECHO-2
    const heard = await quiet.expect(/ PRIVMSG \S+ :\x02fuerte\x02 y rojo$/)
    assert.equal(tagOf(echo, 'msgid'), tagOf(heard, 'msgid'), 'ECHO-2')
    assert.equal(tagOf(echo, 'time'), tagOf(heard, 'time'), 'ECHO-2')
    quiet.send(`PRIVMSG ${target === 'callada' ? 'ana' : target} :dicho`)
    await ana.expect(/ PRIVMSG \S+ :dicho$/)
  }
  await quiet.settled()
  assert.ok(!quiet.lines.some(line => line.includes(':dicho')), 'ECHO-1: nobody else is')
})
