// NickServ and ChanServ are written to like everybody.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bare, Irc, inBatch, tagOf, tagsOf } from '../tools/irc-client.ts'
import { HOST, quickServer, source } from './quick-server.ts'

test('what is said to a service is echoed to who wants that, under its label, before the answer', async t => {
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
  assert.deepEqual(await ana.ask('@+typing=active TAGMSG NickServ'), [], 'it is not interested in who writes')
})

test('who is nobody yet sees what they say to NickServ, too; who wants no echo does not', async t => {
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
