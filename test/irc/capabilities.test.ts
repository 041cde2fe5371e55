import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CAPS, type Cap } from '../../src/doors/irc/wire/caps.ts'
import { bare, Irc } from '../tools/irc-client.ts'
import { PASSWORD } from '../tools/line-client.ts'
import { HOST, quickServer, source } from './quick-server.ts'

/** What a client with only this capability is sent in the story below, and one without any is not. */
const shows: Partial<Readonly<Record<Cap, RegExp>>> = {
  'account-tag': /^@account=beto :beto!\S+ PRIVMSG #club :hola$/,
  'away-notify': /^:beto!\S+ AWAY fuera$/,
  'draft/channel-rename': /^:beto!\S+ RENAME #club #peña :$/,
  'draft/message-redaction': /^:beto!\S+ REDACT #club \d+-\d+$/,
  'draft/read-marker': /^:tertulia.local MARKREAD #club \*$/,
  'echo-message': /^:ana!\S+ PRIVMSG #club :mío$/,
  'extended-join': /^:ana!\S+ JOIN #club ana Ana$/,
  'invite-notify': /^:beto!\S+ INVITE caro #club$/,
  'message-tags': /^@msgid=\d+-\d+ :beto!\S+ PRIVMSG #club :hola$/,
  'multi-prefix': / 352 ana #club ana \S+ \S+ ana H\*&@ /,
  'server-time': /^@time=\d{4}-\S+Z :beto!\S+ PRIVMSG #club :hola$/,
  setname: /^:beto!\S+ SETNAME :Beto Ruiz$/,
  'userhost-in-names': / 353 ana = #club :(~beto!beto@\S+ &ana!ana@\S+|&ana!ana@\S+ ~beto!beto@\S+)$/,
}

/** The other way round: what a client without it is sent. */
const hides: Partial<Readonly<Record<Cap, RegExp>>> = {
  'draft/channel-rename': /^:ana!\S+ PART #club$/,
  'draft/message-redaction': /^:\S+ NOTICE #club :beto borró («.+»|un mensaje)$/,
  'no-implicit-names': / 353 ana = #club /,
}

/** Why the story does not show it. */
const elsewhere: Partial<Readonly<Record<Cap, string>>> = {
  'account-notify': 'who has no account is in no channel: nobody ever sees another log in',
  batch: 'history.test.ts',
  'cap-notify': 'nothing that is offered changes while the server runs',
  'draft/account-registration': 'below',
  'draft/chathistory': 'history.test.ts',
  'draft/event-playback': 'playback.test.ts',
  'draft/metadata-2': 'metadata.test.ts',
  'draft/metadata-3': 'metadata-3.test.ts',
  'draft/multiline': 'stories.test.ts',
  'draft/pre-away': 'people.test.ts',
  'extended-monitor': 'above 200 people online; below that everybody shares a channel',
  'labeled-response': 'stories.test.ts',
  sasl: 'stories.test.ts',
  'standard-replies': 'they are sent to everybody, as their own specifications ask',
}

/** What ana is sent with this capability and no other. */
async function story(port: number, caps: string, beto: Irc): Promise<readonly string[]> {
  using ana = await Irc.logIn(port, 'ana', { caps })
  beto.send('JOIN #club')
  await beto.expect(/ 366 beto #club /)
  await ana.ask('JOIN #club')
  await beto.expect(/ JOIN #club ana /)
  beto.send('MODE #club +o ana')
  await beto.expect(`${source('beto')} MODE #club +o ana`)
  await ana.ask('WHO #club')
  beto.send('INVITE caro #club', 'PRIVMSG #club :hola')
  const { lines } = ana
  const id = /msgid=([^; ]+)/.exec(await beto.expect(`${source('beto')} PRIVMSG #club :hola`))?.[1]
  ana.send('PRIVMSG #club :mío')
  await beto.expect(`${source('ana')} PRIVMSG #club :mío`)
  beto.send('AWAY :fuera', 'SETNAME :Beto Ruiz', `REDACT #club ${id}`, 'RENAME #club #peña')
  await beto.expect(`${source('beto')} RENAME #club #peña :`)
  beto.send('PRIVMSG #peña :fin', 'AWAY', 'KICK #peña caro')
  await ana.expect(/ PRIVMSG #peña :fin$/)
  await ana.ask('PART #peña')
  beto.send('RENAME #peña #ya', 'PART #ya')
  await beto.expect(`${source('beto')} PART #ya`)
  return [...lines]
}

test('each capability has its effect for clients that negotiated it, and for no others', async t => {
  assert.deepEqual(
    [...new Set([...Object.keys(shows), ...Object.keys(hides), ...Object.keys(elsewhere)])].toSorted(),
    [...CAPS].toSorted(),
  )
  for (const cap of ['', ...new Set([...Object.keys(shows), ...Object.keys(hides)])]) {
    const server = await quickServer(t)
    await server.web.register('ana')
    await server.web.register('caro')
    using beto = await Irc.register(server.port, 'beto')
    using _ = await Irc.logIn(server.port, 'caro')
    const lines = await story(server.port, cap, beto)
    const hears = (what: RegExp) => lines.some(line => what.test(line))
    for (const [each, what] of Object.entries(shows))
      assert.equal(hears(what), each === cap, `${cap}: ${each}\n${lines.join('\n')}`)
    for (const [each, what] of Object.entries(hides))
      assert.equal(
        lines.some(line => what.test(bare(line))),
        each !== cap,
        `${cap}: not ${each}`,
      )
    await server[Symbol.asyncDispose]()
  }
})

test('draft/account-registration: what it offers, and how it refuses', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  using client = await Irc.connect(server.port)
  client.send('CAP LS 302')
  await client.expect(/ draft\/account-registration=before-connect,custom-account-name /)
  client.send('CAP REQ draft/account-registration')
  const asked = async (line: string) => (await client.ask(line)).map(bare).join('\n')
  assert.match(await asked(`REGISTER * * ${PASSWORD}`), / FAIL REGISTER NEED_NICK \* :/)
  client.send('NICK beto')
  assert.match(await asked(`REGISTER ana * ${PASSWORD}`), / FAIL REGISTER ACCOUNT_EXISTS ana :/)
  assert.match(await asked(`REGISTER a*b * ${PASSWORD}`), / FAIL REGISTER BAD_ACCOUNT_NAME a\*b :/)
  assert.match(await asked(`REGISTER * * :${'x'.repeat(257)}`), / FAIL REGISTER UNACCEPTABLE_PASSWORD beto :/)
  assert.match(await asked('VERIFY beto 1234'), / FAIL VERIFY INVALID_CODE beto :/)
  assert.match(
    await asked(`REGISTER * * ${PASSWORD}`),
    / REGISTER SUCCESS beto :[^\n]*\n.* 900 beto \S+ beto :/,
  )
  assert.match(await asked(`REGISTER otra * ${PASSWORD}`), / FAIL REGISTER ALREADY_AUTHENTICATED otra :/)
  assert.match((await ana.ask('VERIFY ana x')).join(), / FAIL VERIFY ALREADY_AUTHENTICATED ana :/)
})

test('the registration burst: 001 to 005, LUSERS, the message of the day', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana', { caps: '' })
  const numerics = ana.lines.map(line => line.split(' ')[1]).filter(word => /^\d{3}$/.test(word ?? ''))
  assert.deepEqual(
    [...new Set(numerics)],
    '900 001 002 003 004 005 251 252 254 255 265 266 375 372 376 221 353 366'.split(' '),
  )
  const said = (numeric: string) => ana.lines.find(line => line.split(' ')[1] === numeric)
  assert.equal(said('001'), `:${HOST} 001 ana :Welcome to the Tertulia Network, ana`)
  assert.match(said('002') ?? '', /^:\S+ 002 ana :Your host is tertulia.local, running version tertulia-\d/)
  assert.match(said('003') ?? '', /^:\S+ 003 ana :This server was started \w+, /)
  assert.match(
    said('004') ?? '',
    /^:\S+ 004 ana tertulia.local tertulia-\S+ Biow CIMRabehiklmnoqstv Iabehkloqv$/,
  )
  assert.deepEqual(
    await ana.ask('JOIN #club', 'TOPIC #club').then(lines => lines.at(-1)),
    `:${HOST} 331 ana #club :No topic is set`,
  )
  assert.match(
    (await ana.ask('HELP JOIN')).join('\n'),
    / 704 ana JOIN .*\n.* 705 ana JOIN :\n.* 705 ana JOIN .*\n.* 706 ana JOIN :/,
  )
})
