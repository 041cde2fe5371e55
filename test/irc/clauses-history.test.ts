// Clauses of the specifications about past messages: chathistory, its batch type, read-marker,
// message-redaction, channel-rename, multiline (docs/irc-clauses.md).

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bare, Irc, MODERN, tagOf, tagsOf } from '../tools/irc-client.ts'
import { HOST, quickServer, source } from './quick-server.ts'

const stamp = (at: number) => `timestamp=${new Date(at).toISOString()}`

test('CHATHISTORY: in its own batch type, messages only, in order, and no more than requested', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto')
  await server.web.register('caro')
  await ana.ask('JOIN #club')
  ana.send('PRIVMSG #club :uno', 'TOPIC #club :tema', 'MODE #club +m', 'MODE #club -m')
  await ana.settled()
  beto.send('JOIN #club')
  await beto.expect(/ 366 beto #club /)
  beto.send('PRIVMSG #club :dos', 'PART #club')
  await ana.expect(/ PART #club/)
  const heard = ana.lines.filter(line => / PRIVMSG #club /.test(line))
  const [begin = '', ...rest] = await ana.ask('CHATHISTORY LATEST #CLUB * 50')
  assert.match(begin, / BATCH \+\S+ chathistory #club$/, 'HIST-1, HIST-2, HIST-6, CHB-1')
  assert.match(rest.pop() ?? '', / BATCH -/, 'HIST-6')
  assert.deepEqual(
    rest.map(bare),
    heard.map(bare),
    'HIST-10, HIST-15: nothing but what was said, oldest first',
  )
  for (const [i, line] of rest.entries())
    for (const tag of ['msgid', 'time'])
      assert.equal(tagOf(line, tag), tagOf(heard[i] ?? '', tag), `HIST-16, HIST-17, CHB-3: ${tag}`)
  beto.send('PRIVMSG ana :a ti')
  await ana.expect(/ PRIVMSG ana :a ti$/)
  ana.send('PRIVMSG beto :y a ti')
  await beto.expect(/ PRIVMSG beto :y a ti$/)
  const [first = '', ...talk] = (await ana.ask('CHATHISTORY LATEST BETO * 50')).map(bare)
  assert.match(first, / chathistory beto$/, 'HIST-6, CHB-1')
  assert.deepEqual(
    talk.slice(0, -1),
    [`${source('beto')} PRIVMSG ana :a ti`, `${source('ana')} PRIVMSG beto :y a ti`],
    'HIST-4: of both',
  )
  const none = (await ana.ask('CHATHISTORY LATEST CARO * 50')).map(bare)
  assert.match(none.join('\n'), /^\S+ BATCH \+(\S+) chathistory caro\n\S+ BATCH -\1$/, 'HIST-6, HIST-8')
  const [from, to] = [stamp(Date.now() - 60_000), stamp(Date.now() + 60_000)]
  const targets = (await ana.ask(`CHATHISTORY TARGETS ${from} ${to} 1`)).map(bare)
  assert.match(targets[0] ?? '', / BATCH \+\S+ draft\/chathistory-targets$/, 'HIST-7')
  assert.match(targets[1] ?? '', / CHATHISTORY TARGETS #club \d{4}-\S+Z$/, 'HIST-14')
  assert.equal(targets.length, 3, 'HIST-20')
  assert.match(
    (await beto.ask('CHATHISTORY LATEST #club * 5')).join(),
    / INVALID_TARGET /,
    'HIST-21, HIST-22',
  )
  for (const [question, answer] of [
    ['CHATHISTORY NADA #club * 5', 'INVALID_PARAMS NADA'],
    ['CHATHISTORY LATEST #club *', 'INVALID_PARAMS LATEST'],
    ['CHATHISTORY LATEST #club * 5 6', 'INVALID_PARAMS LATEST'],
    ['CHATHISTORY BEFORE #club ayer 5', 'INVALID_PARAMS BEFORE ayer'],
    ['CHATHISTORY BEFORE #club timestamp=ayer 5', 'INVALID_PARAMS BEFORE timestamp=ayer'],
    ['CHATHISTORY BEFORE #club * 5', 'INVALID_PARAMS BEFORE \\*'],
    ['CHATHISTORY LATEST #club * x', 'INVALID_PARAMS LATEST x'],
    ['CHATHISTORY LATEST #club * 1e2', 'INVALID_PARAMS LATEST 1e2'],
    ['CHATHISTORY LATEST #club * 0x10', 'INVALID_PARAMS LATEST 0x10'],
    [`CHATHISTORY TARGETS ${from} ${to} 0x10`, 'INVALID_PARAMS TARGETS'],
    [`CHATHISTORY TARGETS ${from} ${to}`, 'INVALID_PARAMS TARGETS'],
    [`CHATHISTORY TARGETS ${from} ${to} -1`, 'INVALID_PARAMS TARGETS'],
    ['CHATHISTORY TARGETS msgid=1-1 msgid=1-2 5', 'INVALID_PARAMS TARGETS'],
    ['CHATHISTORY LATEST #nada * 5', 'INVALID_TARGET LATEST #nada'],
    ['CHATHISTORY AFTER #club nada=1 5', 'INVALID_MSGREFTYPE AFTER #club'],
  ] as const)
    assert.match(
      (await ana.ask(question)).join(),
      new RegExp(`^:${HOST} FAIL CHATHISTORY ${answer} :`),
      `HIST-11, HIST-12, HIST-13, STD-1: ${question}`,
    )
  const tokens = ana.lines.join('\n')
  assert.match(tokens, / CHATHISTORY=[1-9]\d* /, 'HIST-3, HIST-20')
  assert.match(tokens, / MSGREFTYPES=msgid,timestamp /, 'HIST-5')
})

test('failures have the codes of their specifications', async t => {
  const edits = [
    {
      file: 'core/rooms/messages.ts',
      from: 'async page(',
      to: 'async page(): Promise<never> { throw new Error("broken") }\n  async pageBefore(',
    },
  ]
  const server = await quickServer(t, { edits })
  using ana = await Irc.register(server.port, 'ana')
  assert.match(
    (await ana.ask('CHATHISTORY LATEST #general * 5')).join(),
    / FAIL CHATHISTORY MESSAGE_ERROR LATEST #general :/,
    'HIST-18',
  )
  assert.match(
    (await ana.ask(`MARKREAD #general ${stamp(Date.now())}`)).join(),
    / FAIL MARKREAD INTERNAL_ERROR #general :/,
    'READ-10',
  )
})

test('clients without chathistory get what they missed, in a batch if they have negotiated that', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  const beto = await Irc.register(server.port, 'beto', { caps: '' })
  beto.send('QUIT')
  await beto.closed
  for (const text of ['uno', 'dos']) ana.send(`PRIVMSG #general :${text}`)
  ana.send('PRIVMSG beto :tres')
  await ana.settled()
  using back = await Irc.logIn(server.port, 'beto', { caps: 'batch server-time' })
  const missed = back.lines.filter(line => / (BATCH|PRIVMSG) /.test(line))
  assert.deepEqual(
    missed.map(line => bare(line).replace(/ BATCH ([+-])\S+/, ' BATCH $1')),
    [
      `:${HOST} BATCH + chathistory #general`,
      `${source('ana')} PRIVMSG #general :uno`,
      `${source('ana')} PRIVMSG #general :dos`,
      `:${HOST} BATCH -`,
      `:${HOST} BATCH + chathistory ana`,
      `${source('ana')} PRIVMSG beto :tres`,
      `:${HOST} BATCH -`,
    ],
    'CHB-1, CHB-2',
  )
  for (const line of missed.filter(line => / PRIVMSG /.test(line))) {
    assert.ok(tagOf(line, 'batch'), 'CHB-2')
    assert.match(tagOf(line, 'time'), /^\d{4}-/, 'CHB-3')
  }
  using modern = await Irc.logIn(server.port, 'beto', { caps: MODERN })
  assert.ok(!modern.lines.some(line => / PRIVMSG /.test(line)), 'HIST-2')
})

test('MARKREAD: answered, never moved back, sent to all clients of the account and to nobody else', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  using phone = await Irc.logIn(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto')
  await server.web.register('caro')
  const joined = await ana.ask('JOIN #club')
  const [at, marked, end] = [/ JOIN #club /, / MARKREAD #club \*$/, / 366 /].map(each =>
    joined.findIndex(line => each.test(line)),
  )
  assert.ok(at === 0 && marked !== -1 && (marked ?? 0) < (end ?? 0), `READ-5: ${joined.join('\n')}`)
  await beto.ask('JOIN #club')
  beto.send('PRIVMSG #club :uno')
  const early = tagOf(await ana.expect(/:uno$/), 'time')
  beto.send('PRIVMSG #club :dos')
  const late = tagOf(await ana.expect(/:dos$/), 'time')
  assert.deepEqual(await ana.ask('MARKREAD #club'), [`:${HOST} MARKREAD #club *`], 'READ-4')
  const mark = [`:${HOST} MARKREAD #club timestamp=${late}`]
  assert.deepEqual(await ana.ask(`MARKREAD #club timestamp=${late}`), mark, 'READ-2')
  await phone.expect(mark[0] ?? '') // READ-6
  assert.deepEqual(await ana.ask(`MARKREAD #club timestamp=${early}`), mark, 'READ-3, READ-7')
  assert.deepEqual(await ana.ask(`MARKREAD #club timestamp=${late}`), mark, 'READ-7: the same again')
  assert.deepEqual(await phone.ask('MARKREAD #club'), mark, 'READ-4, READ-7')
  await beto.settled()
  assert.ok(!beto.lines.some(line => line.includes('MARKREAD #club timestamp')), 'READ-1')
  assert.deepEqual(
    await ana.ask('MARKREAD CARO'),
    [`:${HOST} MARKREAD caro *`],
    'READ-4: nothing was said yet',
  )
  for (const [question, answer] of [
    ['MARKREAD', 'NEED_MORE_PARAMS'],
    ['MARKREAD #club *', 'INVALID_PARAMS #club'],
    ['MARKREAD #club timestamp=ayer', 'INVALID_PARAMS #club'],
    ['MARKREAD #club 2026', 'INVALID_PARAMS #club'],
    ['MARKREAD #nada', 'INVALID_PARAMS #nada'],
    [`MARKREAD nadie timestamp=${late}`, 'INVALID_PARAMS nadie'],
  ] as const)
    assert.match(
      (await ana.ask(question)).join(),
      new RegExp(` FAIL MARKREAD ${answer} :`),
      `READ-8, READ-9: ${question}`,
    )
})

test('REDACT: sent to clients with the capability, and the message is gone from history', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto')
  using old = await Irc.register(server.port, 'viejo', { caps: '' })
  ana.send('PRIVMSG #general :error', 'PRIVMSG beto :otro')
  const id = tagOf(await beto.expect(/ PRIVMSG #general :error$/), 'msgid')
  const own = tagOf(await beto.expect(/ PRIVMSG beto :otro$/), 'msgid')
  for (const [question, answer] of [
    [`REDACT #general ${id}`, `REDACT_FORBIDDEN #general ${id}`],
    ['REDACT #general 1-999', 'UNKNOWN_MSGID #general 1-999'],
    ['REDACT #general x', 'UNKNOWN_MSGID #general x'],
    [`REDACT #nada ${id}`, 'INVALID_TARGET #nada'],
  ] as const)
    assert.match(
      (await beto.ask(question)).join(),
      new RegExp(` FAIL REDACT ${answer} :`),
      `RED-4: ${question}`,
    )
  ana.send(`REDACT #general ${id} :un error`, `REDACT beto ${own}`)
  await beto.expect(`${source('ana')} REDACT #general ${id} :un error`) // RED-1, RED-5
  await beto.expect(`${source('ana')} REDACT beto ${own}`) // RED-1
  await old.expect(/ NOTICE #general :/)
  assert.ok(!old.lines.some(line => / REDACT /.test(line)), 'RED-2')
  assert.doesNotMatch((await beto.ask('CHATHISTORY LATEST #general * 50')).join(), /:error/, 'RED-3')
})

test('RENAME: sent with a third parameter; as PART and JOIN without the capability, except for a change of case', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto', { caps: '' })
  await ana.ask('JOIN #club')
  await beto.ask('JOIN #club')
  ana.send('TOPIC #club :tema', 'RENAME #club #peña')
  await ana.expect(`${source('ana')} RENAME #club #peña :`) // REN-1
  await beto.expect(`${source('beto')} PART #club`) // REN-4
  await beto.expect(`${source('beto')} JOIN #peña`) // REN-4
  await beto.expect(`:${HOST} 332 beto #peña tema`) // REN-4
  await beto.expect(/ 353 beto = #peña :?(~ana beto|beto ~ana)$/) // REN-4
  await beto.expect(/ 366 beto #peña :/) // REN-4
  ana.send('RENAME #peña #Peña')
  await ana.expect(`${source('ana')} RENAME #peña #Peña :`) // REN-2
  ana.send('PRIVMSG #Peña :igual')
  await beto.expect(/ PRIVMSG #Peña :igual$/)
  assert.ok(!beto.lines.some(line => / (PART|JOIN) #Peña$/.test(line)), 'REN-5')
  await ana.ask('JOIN #otra')
  for (const [client, question, answer] of [
    [ana, 'RENAME #Peña #otra', ' FAIL RENAME CHANNEL_NAME_IN_USE #Peña #otra :'],
    [ana, 'RENAME #Peña #con.punto', ' FAIL RENAME CANNOT_RENAME #Peña #con.punto :'],
    [ana, 'RENAME #nada #x', ' 403 ana #nada :'],
    [ana, 'RENAME #Peña', ' 461 ana RENAME :'],
    [beto, 'RENAME #Peña #x', ' 482 beto #Peña :'],
  ] as const)
    assert.match((await client.ask(question)).join(), new RegExp(answer), `REN-3: ${question}`)
  ana.send('MODE #Peña +q beto')
  await beto.expect(/ MODE #Peña /)
  beto.send('RENAME #Peña #final')
  await beto.expect(`${source('beto')} PART #Peña`) // REN-6
  await beto.expect(`${source('beto')} JOIN #final`) // REN-6
})

test('multiline messages: a batch to clients with the capability, line by line to others', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto')
  using some = await Irc.register(server.port, 'alguna', { caps: 'message-tags account-tag' })
  const value = /draft\/multiline=(\S+)/.exec(ana.lines.join('\n'))?.[1] ?? ''
  assert.match(value, /^max-bytes=\d+,max-lines=\d+$/, 'MULT-1, MULT-2')
  const line = '@batch=1 PRIVMSG #general :'
  const sent = await ana.ask(
    '@label=m BATCH +1 draft/multiline #general',
    `${line}uno`,
    line,
    `${line}dos`,
    '@batch=1;draft/multiline-concat PRIVMSG #general : y tres',
  )
  assert.deepEqual(sent, [], 'MULT-4: nothing happens before its end')
  await beto.settled()
  assert.ok(!beto.lines.some(each => / (BATCH|PRIVMSG) /.test(each)), 'MULT-4')
  const echoed = await ana.ask('BATCH -1')
  assert.equal(tagOf(echoed[0] ?? '', 'label'), 'm', 'MULT-12')
  assert.equal(echoed.filter(each => tagsOf(each).has('label')).length, 1, 'MULT-12')
  const begin = await beto.expect(/ BATCH \+\S+ draft\/multiline #general$/)
  assert.ok(tagOf(begin, 'msgid') && tagOf(begin, 'account'))
  const inside: string[] = []
  for (let i = 0; i < 3; i++) inside.push(bare(await beto.expect(/ PRIVMSG #general /)))
  assert.deepEqual(
    inside,
    ['uno', '', 'dos y tres'].map(text => `${source('ana')} PRIVMSG #general :${text}`),
    'MULT-3, MULT-5, MULT-6: blank lines too',
  )
  await beto.expect(/ BATCH -/)
  const first = await some.expect(`${source('ana')} PRIVMSG #general :uno`) // MULT-7
  const second = await some.expect(/ PRIVMSG /)
  assert.equal(bare(second), `${source('ana')} PRIVMSG #general :dos y tres`, 'MULT-8: no blank line')
  assert.ok(!some.lines.some(each => / BATCH /.test(each)), 'MULT-7')
  assert.equal(tagOf(first, 'msgid'), tagOf(begin, 'msgid'), 'MULT-9')
  assert.equal(tagOf(first, 'account'), 'ana', 'MULT-9')
  assert.ok(!tagsOf(second).has('msgid'), 'MULT-11')
  const [bytes, lines] = [16_000, 100]
  for (const [content, code] of [
    [Array.from({ length: lines + 1 }, () => `${line}x`), `MULTILINE_MAX_LINES ${lines}`],
    [Array.from({ length: 41 }, () => `${line}${'x'.repeat(400)}`), `MULTILINE_MAX_BYTES ${bytes}`],
    [['@batch=1 PRIVMSG #otra :x'], 'MULTILINE_INVALID_TARGET #general #otra'],
    [[`${line}x`, '@batch=1 NOTICE #general :x'], 'MULTILINE_INVALID'],
    [['@batch=1 TOPIC #general :x'], 'MULTILINE_INVALID'],
    [[line, line], 'MULTILINE_INVALID'],
    [[`${line}x`, '@batch=1;draft/multiline-concat PRIVMSG #general :'], 'MULTILINE_INVALID'],
  ] as const)
    assert.match(
      (await ana.ask('BATCH +1 draft/multiline #general', ...content, 'BATCH -1')).join('\n'),
      new RegExp(`^:${HOST} FAIL BATCH ${code} :[^\n]*$`),
      `MULT-3, MULT-10: ${code}`,
    )
  const begun = await ana.ask(
    'BATCH +Aa draft/multiline #general',
    '@batch=aA PRIVMSG #general :x',
    'BATCH -Aa',
  )
  assert.match(begun.join('\n'), / FAIL BATCH MULTILINE_INVALID /, 'BATCH-9: another reference')
  const edge = Array.from({ length: lines }, () => `${line}x`)
  const whole = await ana.ask('BATCH +1 draft/multiline #general', ...edge, 'BATCH -1')
  assert.equal(whole.filter(each => / PRIVMSG /.test(each)).length, lines, 'MULT-2')
  for (const [lines_, code] of [
    [['BATCH +a.b draft/multiline #general'], 'INVALID_REFTAG a.b'],
    [['BATCH +2 nada #general'], 'UNKNOWN_TYPE 2 nada'],
  ] as const)
    assert.match((await ana.ask(...lines_)).join(), new RegExp(` FAIL BATCH ${code} :`), `CBAT-1: ${code}`)
})
