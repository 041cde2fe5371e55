import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bare, Irc, inBatch, tagOf, tagsOf } from '../tools/irc-client.ts'
import { patiently } from '../tools/patiently.ts'
import type { Server } from '../tools/server.ts'
import { HOST, quickServer, source } from './quick-server.ts'

interface Message {
  readonly seq: number
  readonly at: number
  readonly text: string
}

const time = (at: number) => new Date(at).toISOString()

test('CHATHISTORY gives what the API gives, by msgid and by time, with every subcommand', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  for (let i = 1; i <= 60; i++) ana.send(`PRIVMSG #general :m${i}`)
  await ana.settled()
  const web = await server.web.logIn('ana')
  const all: Message[] = (await web.do('GET', '/rooms/1/messages?limit=200')).messages
  assert.equal(all.length, 60)
  const seqs = async (question: string) => {
    const lines = await ana.ask(`CHATHISTORY ${question}`)
    const [first = ''] = lines
    const [, reference = ''] = / BATCH \+(\S+) chathistory #general$/.exec(first) ?? assert.fail(first)
    assert.equal(bare(lines.at(-1) ?? ''), `:${HOST} BATCH -${reference}`)
    const inside = lines.slice(1, -1)
    for (const line of inside) {
      assert.equal(tagOf(line, 'batch'), reference)
      const there = all.find(({ seq }) => `1-${seq}` === tagOf(line, 'msgid'))
      assert.equal(tagOf(line, 'time'), time(there?.at ?? 0))
      assert.equal(bare(line), `${source('ana')} PRIVMSG #general :${there?.text}`)
    }
    return inside.map(line => Number(tagOf(line, 'msgid').split('-')[1]))
  }
  const api = async (query: string) =>
    (await web.do('GET', `/rooms/1/messages?${query}`)).messages.map(({ seq }: Message) => seq)
  const [tenth, last] = [all[9]?.seq ?? 0, all.at(-1)?.seq ?? 0]
  assert.deepEqual(await seqs('LATEST #general * 10'), await api('limit=10'))
  assert.deepEqual(await seqs(`BEFORE #general msgid=1-${tenth} 5`), await api(`before=${tenth}&limit=5`))
  assert.deepEqual(await seqs(`AFTER #general msgid=1-${tenth} 5`), await api(`after=${tenth}&limit=5`))
  assert.deepEqual(await seqs(`AROUND #general msgid=1-${tenth} 7`), await api(`around=${tenth}&limit=7`))
  assert.deepEqual(await seqs(`LATEST #general msgid=1-${last - 3} 10`), [last - 2, last - 1, last])
  assert.deepEqual(await seqs(`LATEST #general msgid=1-${tenth} 2`), [last - 1, last])
  assert.deepEqual(await seqs(`BETWEEN #general msgid=1-${tenth} msgid=1-${tenth + 4} 10`), [
    tenth + 1,
    tenth + 2,
    tenth + 3,
  ])
  assert.deepEqual(await seqs(`BETWEEN #general msgid=1-${tenth} msgid=1-${last} 2`), [tenth + 1, tenth + 2])
  assert.deepEqual(await seqs(`BETWEEN #general msgid=1-${last} msgid=1-${tenth} 2`), [last - 2, last - 1])
  for (const { at } of [all[0], all[20], all[59]].flatMap(each => each ?? [])) {
    const stamp = `timestamp=${time(at)}`
    const [before, after] = [all.filter(each => each.at < at), all.filter(each => each.at > at)]
    assert.deepEqual(
      await seqs(`BEFORE #general ${stamp} 200`),
      before.map(({ seq }) => seq),
    )
    assert.deepEqual(
      await seqs(`AFTER #general ${stamp} 200`),
      after.map(({ seq }) => seq),
    )
    assert.deepEqual(
      await seqs(`LATEST #general ${stamp} 200`),
      after.map(({ seq }) => seq),
    )
    assert.deepEqual(await seqs(`AROUND #general ${stamp} 9`), await api(`at=${at}&limit=9`))
    const [from, to] = [time(at - 5), time(at + 5)]
    const within = all.filter(each => each.at > at - 5 && each.at < at + 5).map(({ seq }) => seq)
    assert.deepEqual(await seqs(`BETWEEN #general timestamp=${from} timestamp=${to} 200`), within)
  }
  assert.deepEqual(await seqs(`AFTER #general msgid=1-${last} 5`), [])
  assert.equal((await seqs('LATEST #general * 500')).length, 60)

  using old = await Irc.logIn(server.port, 'ana', { caps: 'draft/chathistory' })
  const plain = await old.ask('CHATHISTORY LATEST #general * 2')
  assert.deepEqual(
    plain.map(line => line.replace(/\[\d\d:\d\d\] /, '')),
    [`${source('ana')} PRIVMSG #general :m59`, `${source('ana')} PRIVMSG #general :m60`],
  )
})

test('CHATHISTORY gives as many messages as requested, however many were deleted between them', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  for (let i = 1; i <= 30; i++) ana.send(`PRIVMSG #general :m${i}`)
  await ana.settled()
  const web = await server.web.logIn('ana')
  const all: Message[] = (await web.do('GET', '/rooms/1/messages?limit=200')).messages
  for (const { seq } of all.slice(3, 27)) await web.do('DELETE', `/rooms/1/messages/${seq}`)
  const said = async (question: string) =>
    (await ana.ask(`CHATHISTORY ${question}`)).flatMap(
      line => / PRIVMSG #general :(.*)/.exec(line)?.[1] ?? [],
    )
  assert.deepEqual(await said('LATEST #general * 5'), ['m2', 'm3', 'm28', 'm29', 'm30'])
  assert.deepEqual(await said(`BEFORE #general msgid=1-${all[27]?.seq} 2`), ['m2', 'm3'])
  assert.deepEqual(await said(`AFTER #general msgid=1-${all[2]?.seq} 2`), ['m28', 'm29'])
  for (const { seq } of all.slice(27)) await web.do('DELETE', `/rooms/1/messages/${seq}`)
  const [from, to] = [time(Date.now() - 60_000), time(Date.now() + 60_000)]
  const targets = await ana.ask(`CHATHISTORY TARGETS timestamp=${from} timestamp=${to} 10`)
  assert.equal(targets.filter(line => line.includes(' TARGETS #general ')).length, 1)
})

test('CHATHISTORY of conversations, of strangers, and TARGETS', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto')
  await server.web.register('caro')
  const start = time(Date.now() - 60_000)
  ana.send('PRIVMSG #general :a todos')
  await ana.settled()
  beto.send('PRIVMSG ana :hola', 'PRIVMSG ana :¿estás?')
  await ana.expect(`${source('beto')} PRIVMSG ana :¿estás?`)
  ana.send('PRIVMSG beto :sí')
  await ana.settled()
  const said = async (client: Irc, target: string) =>
    inBatch(await client.ask(`CHATHISTORY LATEST ${target} * 10`)).map(bare)
  assert.deepEqual(await said(ana, 'BETO'), [
    `${source('beto')} PRIVMSG ana :hola`,
    `${source('beto')} PRIVMSG ana :¿estás?`,
    `${source('ana')} PRIVMSG beto :sí`,
  ])
  assert.deepEqual((await said(beto, 'ana')).length, 3)
  assert.deepEqual(await said(ana, 'caro'), [])
  assert.match((await ana.ask('CHATHISTORY LATEST nadie * 10')).join(), / INVALID_TARGET LATEST nadie :/)
  const end = time(Date.now() + 60_000)
  for (const [one, other] of [
    [start, end],
    [end, start],
  ]) {
    const listed = await ana.ask(`CHATHISTORY TARGETS timestamp=${one} timestamp=${other} 10`)
    assert.match(listed[0] ?? '', / BATCH \+\S+ draft\/chathistory-targets$/)
    assert.deepEqual(
      listed.slice(1, -1).map(line => bare(line).split(' ').slice(1, 4)),
      [
        ['CHATHISTORY', 'TARGETS', '#general'],
        ['CHATHISTORY', 'TARGETS', 'beto'],
      ],
    )
  }
  assert.equal((await ana.ask(`CHATHISTORY TARGETS timestamp=${start} timestamp=${start} 10`)).length, 2)
})

test('all read markers at registration, and TARGETS, are read without a query for each room', async t => {
  const page = 'return this.#store.pages.page(id, room, { ...page, limit: within(page.limit) })'
  const listing = 'const [found] = await listingsOf(this.#store, person.id, room)'
  const fails = "throw new Error('a room was looked at by itself')"
  const edits = [
    { file: 'core/rooms/messages.ts', from: page, to: fails },
    { file: 'core/rooms/rooms.ts', from: listing, to: `${fails}; ${listing}` },
  ]
  const server = await quickServer(t, { edits })
  const ana = await server.web.register('ana')
  const { at } = await ana.do('POST', '/rooms/1/messages', { text: 'uno' })
  await ana.do('PUT', '/rooms/1/read', { seq: 1 })
  await ana.do('POST', '/rooms', { name: 'club' })
  using phone = await Irc.logIn(server.port, 'ana')
  const time = new Date(at).toISOString()
  const told = phone.lines.filter(line => line.includes(' MARKREAD '))
  assert.deepEqual(told, [`:${HOST} MARKREAD #general timestamp=${time}`, `:${HOST} MARKREAD #club *`])
  assert.deepEqual(await phone.ask('MARKREAD #general'), [`:${HOST} MARKREAD #general timestamp=${time}`])
  const [from, to] = ['2000-01-01T00:00:00.000Z', '2100-01-01T00:00:00.000Z']
  const targets = await phone.ask(`CHATHISTORY TARGETS timestamp=${from} timestamp=${to} 10`)
  assert.deepEqual(
    targets.flatMap(line => / TARGETS (\S+ \S+)$/.exec(line)?.[1] ?? []),
    [`#general ${time}`],
  )
})

test("the read mark is the account's, on every client and every door; it never goes back", async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto')
  for (let i = 1; i <= 3; i++) beto.send(`PRIVMSG #general :m${i}`)
  const [first, , third] = [await ana.expect(/:m1$/), await ana.expect(/:m2$/), await ana.expect(/:m3$/)]
  const web = await server.web.logIn('ana')
  using live = await web.connect()
  using phone = await Irc.logIn(server.port, 'ana')
  assert.ok(phone.lines.some(line => line === `:${HOST} MARKREAD #general *`))
  const [early, late] = [tagOf(first, 'time'), tagOf(third, 'time')]
  assert.deepEqual(await ana.ask('MARKREAD #general'), [`:${HOST} MARKREAD #general *`])
  assert.deepEqual(await ana.ask(`MARKREAD #general timestamp=${late}`), [
    `:${HOST} MARKREAD #general timestamp=${late}`,
  ])
  await phone.expect(`:${HOST} MARKREAD #general timestamp=${late}`)
  const seq = tagOf(third, 'msgid').split('-')[1]
  await live.expectHeard(`read 1 ${seq}`)
  assert.deepEqual(await ana.ask(`MARKREAD #general timestamp=${early}`), [
    `:${HOST} MARKREAD #general timestamp=${late}`,
  ])
  beto.send('PRIVMSG ana :uno')
  const said = await ana.expect(/PRIVMSG ana :uno$/)
  assert.deepEqual(await ana.ask('MARKREAD beto'), [`:${HOST} MARKREAD beto *`])
  await web.do('PUT', `/rooms/${tagOf(said, 'msgid').split('-')[0]}/read`, { seq: 1 })
  await ana.expect(`:${HOST} MARKREAD beto timestamp=${tagOf(said, 'time')}`)
  assert.ok(
    !beto.lines.some(line => line.includes('MARKREAD #general timestamp')),
    'nobody else learns of it',
  )
  using modest = await Irc.logIn(server.port, 'ana', { caps: '' })
  assert.deepEqual(await modest.ask('MARKREAD #general'), [`:${HOST} MARKREAD #general timestamp=${late}`])
  const unread = Number(tagOf(first, 'msgid').split('-')[1])
  await web.do('PUT', '/rooms/1/unread', { seq: unread })
  await live.expectHeard(`read 1 ${unread - 1}`)
  assert.deepEqual(
    await ana.ask('MARKREAD #general'),
    [`:${HOST} MARKREAD #general timestamp=${late}`],
    'marked as unread elsewhere, which a connection does not learn of',
  )
  using anew = await Irc.logIn(server.port, 'ana')
  assert.ok(anew.lines.includes(`:${HOST} MARKREAD #general *`))
  for (const [question, answer] of [
    ['MARKREAD', / FAIL MARKREAD NEED_MORE_PARAMS :/],
    ['MARKREAD #nada', / FAIL MARKREAD INVALID_PARAMS #nada :/],
    ['MARKREAD #general *', / FAIL MARKREAD INVALID_PARAMS #general :/],
    ['MARKREAD #general timestamp=ayer', / FAIL MARKREAD INVALID_PARAMS #general :/],
  ] as const)
    assert.match((await ana.ask(question)).join(), answer)
})

test('clients without chathistory get unread messages once; those with it get nothing unasked', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps: '' })
  const old = await Irc.register(server.port, 'beto', { caps: 'server-time' })
  ana.send('PRIVMSG #general :visto')
  await old.expect(/ PRIVMSG #general :visto$/)
  old.send('QUIT')
  await old.closed
  const next = await Irc.logIn(server.port, 'beto', { caps: 'server-time' })
  assert.ok(!next.lines.some(line => / PRIVMSG /.test(line)), 'what was shown live has been read')
  next.send('QUIT')
  await next.closed
  for (let i = 1; i <= 70; i++) ana.send(`PRIVMSG #general :m${i}`)
  ana.send('PRIVMSG beto :a solas')
  await ana.settled()
  using modern = await Irc.logIn(server.port, 'beto')
  assert.ok(!modern.lines.some(line => / PRIVMSG /.test(line)))
  using again = await Irc.logIn(server.port, 'beto', { caps: 'server-time' })
  const texts = (client: Irc) =>
    client.lines.filter(line => / PRIVMSG /.test(line)).map(line => line.split(' :').at(-1))
  const missed = texts(again)
  assert.deepEqual(missed, [...Array.from({ length: 70 }, (_, i) => `m${i + 1}`), 'a solas'])
  assert.ok(again.lines.filter(line => / PRIVMSG /.test(line)).every(line => tagsOf(line).has('time')))
  again.send('QUIT')
  await again.closed
  using third = await Irc.logIn(server.port, 'beto', { caps: 'server-time' })
  assert.deepEqual(texts(third), [])
})

test('clients that stop reading in the middle of a page do not keep another of the same person from its history', async t => {
  const impatient = [
    { file: 'doors/irc/history-slots.ts', set: { STALLED_MS: 300, LOOK_MS: 20 } },
    { file: 'net/outbox.ts', set: { LOOK_MS: 50 } },
  ]
  const server = await quickServer(t, { edits: impatient })
  const luis = await server.web.register('luis')
  for (let i = 0; i < 200; i++)
    await luis.do('POST', '/rooms/1/messages', { text: `${i} ${'€'.repeat(3900)}` })
  using ana = await Irc.register(server.port, 'ana')
  const before = await openSockets(server)
  const silent = await Promise.all(Array.from({ length: 4 }, () => Irc.logIn(server.port, 'ana')))
  for (const each of silent) {
    each.socket.pause()
    for (let i = 0; i < 8; i++) each.send('CHATHISTORY LATEST #general * 200')
  }
  await patiently(
    async () => {
      assert.match((await ana.ask('CHATHISTORY LATEST #general * 1')).join('\n'), / PRIVMSG #general :199 /)
      return (await openSockets(server)) < before + silent.length
    },
    () => 'all of them are still connected',
  )
  for (const each of silent) each.socket.destroy()
})

async function openSockets(server: Server): Promise<number> {
  const page = await fetch(`${server.web.origin}/metrics`, { headers: { connection: 'close' } })
  return Number(/^tertulia_connections (\d+)$/m.exec(await page.text())?.[1])
}
