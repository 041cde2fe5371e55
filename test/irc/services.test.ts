// NickServ and ChanServ take messages like people do.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bare, Irc, inBatch, tagOf, tagsOf } from '../tools/irc-client.ts'
import { PASSWORD } from '../tools/line-client.ts'
import { HOST, quickServer, source } from './quick-server.ts'

test('messages to services are echoed with echo-message, under their label, before the answer', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  const answer = await ana.ask('@label=uno PRIVMSG NickServ :HELP')
  assert.equal(tagOf(answer[0] ?? '', 'label'), 'uno')
  const inside = inBatch(answer)
  assert.equal(bare(inside[0] ?? ''), `${source('ana')} PRIVMSG NickServ :HELP`)
  assert.equal(tagOf(inside[0] ?? '', 'account'), 'ana')
  assert.ok(tagsOf(inside[0] ?? '').has('time'))
  assert.match(bare(inside[1] ?? ''), /^:NickServ!\S+ NOTICE ana :IDENTIFY /)
  const [notice = '', ...more] = await ana.ask('@label=dos NOTICE ChanServ :gracias')
  assert.deepEqual(more, [], 'no service answers a NOTICE')
  assert.equal(bare(notice), `${source('ana')} NOTICE ChanServ :gracias`)
  assert.equal(tagOf(notice, 'label'), 'dos')
  const many = await ana.ask('@label=tres PRIVMSG NickServ,chanserv :HELP')
  assert.equal(inBatch(many).filter(line => / PRIVMSG (NickServ|chanserv) /.test(line)).length, 2)
  const lines = [
    'BATCH +uno draft/multiline NickServ',
    ...['HELP', 'x'].map(each => `@batch=uno PRIVMSG NickServ :${each}`),
  ]
  const echoed = (await ana.ask(...lines, 'BATCH -uno')).map(bare)
  assert.deepEqual(
    echoed.filter(line => line.startsWith(source('ana'))),
    [`${source('ana')} PRIVMSG NickServ :HELP`, `${source('ana')} PRIVMSG NickServ :x`],
  )
  assert.deepEqual(await ana.ask('@+typing=active TAGMSG NickServ'), [], 'it is not interested in who writes')
})

test('messages to NickServ are echoed before login, too, and not without echo-message', async t => {
  const server = await quickServer(t)
  await server.web.register('ana')
  using eva = await Irc.connect(server.port)
  eva.send('CAP REQ :echo-message server-time', 'NICK eva', 'USER eva 0 * :Eva', 'CAP END')
  await eva.expect(/ 376 /)
  eva.send('PRIVMSG NickServ :IDENTIFY ana secreto123')
  const echo = await eva.expect(/ PRIVMSG NickServ /)
  assert.equal(bare(echo), `:eva!eva@${HOST} PRIVMSG NickServ :IDENTIFY ana secreto123`)
  assert.ok(tagsOf(echo).has('time'))
  await eva.expect(`:eva!eva@${HOST} NICK ana`)
  using old = await Irc.register(server.port, 'old', { caps: '' })
  assert.ok(!(await old.ask('PRIVMSG NickServ :HELP')).some(line => line.includes('PRIVMSG')))
})

test('passwords with spaces or colons work, with the account before them or without', async t => {
  const server = await quickServer(t)
  const passwords = { eva: 'dos palabras', iva: 'con:dospuntos', oto: 'una: con  dos' }
  for (const [username, password] of Object.entries(passwords))
    await server.web.do('POST', '/people', { name: 'x', username, password })
  await server.web.register('ana')
  const comesIn = async (nick: string, username: string, ...lines: string[]) => {
    using irc = await Irc.connect(server.port)
    irc.send(...lines.filter(line => line.startsWith('PASS')), `NICK ${nick}`, 'USER x 0 * :x')
    await irc.expect(/ (?:376|464) /)
    irc.send(...lines.filter(line => !line.startsWith('PASS')))
    await irc.expect(new RegExp(` 366 ${username} #general `))
  }
  await comesIn('eva', 'eva', 'NS IDENTIFY dos palabras')
  await comesIn('eva', 'eva', 'PRIVMSG NickServ :IDENTIFY eva dos palabras')
  await comesIn('nadie', 'eva', 'NS IDENTIFY eva dos palabras')
  await comesIn('nadie', 'oto', 'PRIVMSG NickServ :IDENTIFY oto una: con  dos')
  await comesIn('iva', 'iva', 'PASS con:dospuntos')
  await comesIn('nadie', 'iva', 'PASS iva:con:dospuntos')
  await comesIn('oto', 'oto', 'PASS :una: con  dos')
  await comesIn('eva', 'ana', `PASS ana:${PASSWORD}`)
  await comesIn('eva', 'ana', `NS IDENTIFY ana ${PASSWORD}`)
  using wrong = await Irc.connect(server.port)
  wrong.send('NICK eva', 'USER x 0 * :x', 'NS IDENTIFY otras palabras')
  await wrong.expect(/^:NickServ!\S+ NOTICE eva :Credenciales incorrectas/)
})

test('ChanServ shows and sets hours and the call of a channel; it takes reports, and tells of them', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto')
  using caro = await Irc.register(server.port, 'caro')
  await ana.ask('JOIN #club')
  for (const each of [beto, caro]) await each.ask('JOIN #club')
  const says = async (who: Irc, words: string) =>
    (await who.ask(`PRIVMSG ChanServ :${words}`)).map(bare).join('\n')
  assert.match(await says(beto, 'HOURS #club'), /no tiene horario/)
  await ana.ask('PRIVMSG ChanServ :HOURS #club UTC lun-vie 7-12')
  await beto.expect(/NOTICE #club :.*ana puso el horario de #club: lun-vie 07:00-12:00 \(UTC\)/)
  assert.match(await says(beto, 'HOURS #club -'), /No tienes permiso/)
  await ana.ask('PRIVMSG ChanServ :HOURS #club -')
  await ana.ask('PRIVMSG ChanServ :CALL #club https://meet.example/aula')
  assert.match(await says(beto, 'CALL #club'), /Llamada de #club: https:\/\/meet\.example\/aula/)
  assert.match(await says(ana, 'CALL #club http://meet.example/'), /empieza con https/)
  await caro.ask('PRIVMSG #club :un insulto')
  assert.match(await says(beto, 'REPORT #club caro me insulta'), /Reportaste el mensaje/)
  await ana.expect(/:ChanServ!\S+ NOTICE ana :Hay 1 reporte sin revisar/)
  assert.match(
    await says(ana, 'REPORTS'),
    /1\. #club #\d+ de caro, lo reportó beto, .*: me insulta\n.*un insulto/,
  )
  assert.doesNotMatch(await says(caro, 'REPORTS'), /insulto/)
  await ana.ask('PRIVMSG ChanServ :CLOSE 1 hablado')
  await beto.expect(/:ChanServ!\S+ NOTICE beto :Alguien revisó el mensaje/)
})
