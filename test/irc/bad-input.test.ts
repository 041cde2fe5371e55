import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commands } from '../../src/doors/irc/commands/commands.ts'
import { openServer } from '../tools/hosted.ts'
import { bare, Irc, tagOf } from '../tools/irc-client.ts'
import { PASSWORD } from '../tools/line-client.ts'
import { HOST, source } from './quick-server.ts'

const NOTHING = ''
const MORE = '461'
const TOKENS = '005'
const COUNTS = '251 252 254 255 265 266'
const [CHANNEL, NICK] = ['#nada', 'nadie']
const SIXTEEN = [CHANNEL, ...'abcdefghijklmno']

/** Replies, in order: without parameters, for a channel, for an unknown nick, with sixteen parameters. */
type Row = readonly [none: string, channel: string, nick: string, sixteen: string]

/** Before registration every command gets 451, except these. */
const before: Readonly<Record<string, Row>> = {
  CAP: [MORE, '410', '410', '410'],
  NICK: ['431', '432', NOTHING, '432'],
  USER: [MORE, MORE, MORE, NOTHING],
  PASS: [MORE, NOTHING, NOTHING, NOTHING],
  AUTHENTICATE: [MORE, '904', '904', '904'],
  REGISTER: [MORE, MORE, MORE, 'FAIL REGISTER NEED_NICK'],
  VERIFY: [MORE, MORE, MORE, 'FAIL VERIFY INVALID_CODE'],
  WEBIRC: ['ERROR', 'ERROR', 'ERROR', 'ERROR'],
  PING: [MORE, 'PONG', 'PONG', 'PONG'],
  PONG: [NOTHING, NOTHING, NOTHING, NOTHING],
  QUIT: ['ERROR', 'ERROR', 'ERROR', 'ERROR'],
  ERROR: [NOTHING, NOTHING, NOTHING, NOTHING],
}
const unregistered: Row = ['451', '451', '451', '451']
const registered: Row = ['462', '462', '462', '462']

/** After registration of somebody who owns nothing. */
const after: Readonly<Record<string, Row>> = {
  METADATA: [MORE, MORE, MORE, 'FAIL METADATA SUBCOMMAND_INVALID'],
  CAP: [MORE, '410', '410', '410'],
  NICK: ['431', '432', '902', '432'],
  USER: registered,
  PASS: registered,
  WEBIRC: registered,
  AUTHENTICATE: [MORE, '904', '904', '904'],
  REGISTER: [MORE, MORE, MORE, 'FAIL REGISTER ALREADY_AUTHENTICATED'],
  VERIFY: [MORE, MORE, MORE, 'FAIL VERIFY ALREADY_AUTHENTICATED'],
  PING: [MORE, 'PONG', 'PONG', 'PONG'],
  PONG: [NOTHING, NOTHING, NOTHING, NOTHING],
  QUIT: ['ERROR', 'ERROR', 'ERROR', 'ERROR'],
  ERROR: [NOTHING, NOTHING, NOTHING, NOTHING],
  MOTD: ['375 372 376', '402', '402', '402'],
  LUSERS: [COUNTS, COUNTS, COUNTS, COUNTS],
  VERSION: [`351 ${TOKENS}`, '402', '402', '402'],
  TIME: ['391', '402', '402', '402'],
  ADMIN: ['256 257 258 259', '402', '402', '402'],
  INFO: ['371 374', '371 374', '371 374', '371 374'],
  LINKS: ['364 365', '364 365', '364 365', '364 365'],
  HELP: ['704 705 706', '524', '524', '524'],
  HELPOP: ['704 705 706', '524', '524', '524'],
  OPER: [MORE, MORE, MORE, '491'],
  KILL: [MORE, '481', '481', '481'],
  WALLOPS: [MORE, '481', '481', '481'],
  REHASH: ['481', '481', '481', '481'],
  JOIN: [MORE, 'JOIN 353 366', '403', NOTHING], // the second time one is in it already
  PART: [MORE, NOTHING, '403', '442'], // everybody in it is sent the PART, the client included
  NAMES: ['366', '366', '366', '366'],
  TOPIC: [MORE, '442', '403', '442'],
  LIST: ['321 322 323', '321 322 323', '321 323', '321 322 323'],
  INVITE: ['337', MORE, MORE, '403'],
  KICK: [MORE, MORE, MORE, '442'],
  MODE: [MORE, '442', '401', '442'],
  RENAME: [MORE, MORE, MORE, '442'],
  PRIVMSG: ['411', '412', '412', '404'],
  NOTICE: [NOTHING, NOTHING, NOTHING, NOTHING],
  TAGMSG: [MORE, '404', '401', '404'],
  REDACT: [MORE, MORE, MORE, 'FAIL REDACT INVALID_TARGET'],
  BATCH: [
    MORE,
    'FAIL BATCH MULTILINE_INVALID',
    'FAIL BATCH MULTILINE_INVALID',
    'FAIL BATCH MULTILINE_INVALID',
  ],
  NICKSERV: ['NOTICE', 'NOTICE', 'NOTICE', 'NOTICE'],
  NS: ['NOTICE', 'NOTICE', 'NOTICE', 'NOTICE'],
  CHANSERV: ['NOTICE', 'NOTICE', 'NOTICE', 'NOTICE'],
  CS: ['NOTICE', 'NOTICE', 'NOTICE', 'NOTICE'],
  WHO: ['352 315', '315', '315', '315'],
  WHOIS: ['431', '401 318', '401 318', '401 318'],
  WHOWAS: ['431', '406 369', '406 369', '406 369'],
  USERHOST: [MORE, '302', '302', '302'],
  ISON: [MORE, '303', '303', '303'],
  MONITOR: [MORE, NOTHING, NOTHING, NOTHING], // its specification names no error for it
  AWAY: ['305', '306', '306', '306'],
  SETNAME: [MORE, NOTHING, NOTHING, NOTHING], // without the capability it is not answered
  CHATHISTORY: [
    MORE,
    'FAIL CHATHISTORY INVALID_PARAMS',
    'FAIL CHATHISTORY INVALID_PARAMS',
    'FAIL CHATHISTORY INVALID_PARAMS',
  ],
  MARKREAD: [
    'FAIL MARKREAD NEED_MORE_PARAMS',
    'FAIL MARKREAD INVALID_PARAMS',
    'FAIL MARKREAD INVALID_PARAMS',
    'FAIL MARKREAD INVALID_PARAMS',
  ],
}

/** Their commands and numerics, each once, FAIL with its code. */
function reduced(lines: readonly string[]): string {
  const codes = lines.map(line => {
    const words = bare(line).split(' ')
    const [command = '', about, code] = words[0]?.startsWith(':') ? words.slice(1) : words
    return command === 'FAIL' ? `FAIL ${about} ${code}` : command
  })
  return codes.filter((code, i) => code !== codes[i - 1]).join(' ')
}

/** The reply; an ERROR is one, too. */
async function answer(irc: Irc, line: string): Promise<string> {
  const from = irc.lines.length
  const lines = await irc.ask(line).catch(() => irc.lines.slice(from))
  // One's own PART comes with everybody's, at any moment.
  return reduced(lines.filter(each => !/ PART \S+$/.test(each)))
}

const questions = (command: string) =>
  [[], [CHANNEL], [NICK], SIXTEEN].map(params => [command, ...params].join(' '))

test('each command before registration is answered as its specification asks', async () => {
  await using server = await openServer()
  for (const command of Object.keys(commands)) {
    const row = before[command] ?? unregistered
    for (const [i, question] of questions(command).entries()) {
      using irc = await Irc.connect(server.port)
      irc.send('CAP REQ standard-replies') // so that the port knows who is calling
      await irc.expect(/ CAP \* ACK /)
      assert.equal(await answer(irc, question), row[i], question)
    }
  }
  assert.equal(server.errors, '')
})

test('each command after registration is answered as its specification asks', async () => {
  await using server = await openServer({ args: ['--no-limits'] })
  using _ = await Irc.register(server.port, 'jefa')
  using irc = await Irc.register(server.port, 'ana', { caps: 'message-tags standard-replies' })
  assert.deepEqual(Object.keys(after).toSorted(), Object.keys(commands).toSorted())
  for (const [command, row] of Object.entries(after)) {
    for (const [i, question] of questions(command).entries()) {
      if (command !== 'QUIT') assert.equal(await answer(irc, question), row[i], question)
    }
  }
  assert.equal(await answer(irc, 'NADA x'), '421')
  assert.equal(await answer(irc, 'QUIT'), 'ERROR')
  assert.equal(server.errors, '')
})

test('channels: absent people, bad names, a hundred at once, unknown modes', async () => {
  await using server = await openServer({ args: ['--no-limits'] })
  using ana = await Irc.register(server.port, 'ana')
  await server.web.register('beto')
  await ana.ask('JOIN #club')
  for (const [line, expected] of [
    ['KICK #club beto', '441'],
    ['KICK #club nadie', '441'],
    ['KICK #general ana', '482'],
    ['MODE #club +o', '461'],
    ['MODE #club +o nadie', '441'],
    ['MODE #club +z', '472'],
    ['MODE #club +k', '461'],
    ['MODE #club +l', '461'],
    ['MODE #club +b *!*@malo', '696'],
    ['MODE #club b', '368'],
    ['MODE beto +i', '502'],
    ['MODE ana +x', '501'],
    ['MODE ana', '221'],
    ['INVITE nadie #club', '401'],
    ['JOIN #con.punto', '476'],
    ['JOIN #', '476'],
    ['JOIN &local', '403'],
    [`JOIN #${'x'.repeat(33)}`, '476'],
    ['PART #general', '482'],
    [`TOPIC #club :${'x'.repeat(301)}`, '417'],
    ['RENAME #club #general', 'FAIL RENAME CHANNEL_NAME_IN_USE'],
    ['RENAME #club #con.punto', 'FAIL RENAME CANNOT_RENAME'],
    ['RENAME #general #otra', '482'],
    ['PRIVMSG #club :', '412'],
    ['PRIVMSG ,,, :x', '401'],
    ['PRIVMSG a,b,c,d,e :x', '407'],
    [`PRIVMSG #club :\x01VERSION\x01`, 'FAIL PRIVMSG INVALID_MESSAGE'],
    ['WHO', '352 315'],
    ['NICK ana', NOTHING],
    ['NICK otra', '902'],
  ] as const)
    assert.equal(await answer(ana, line), expected, line)
  const hundred = Array.from({ length: 100 }, (_, i) => `#c${i}`).join(',')
  const joined = await ana.ask(`JOIN ${hundred}`)
  assert.equal(joined.filter(line => / JOIN #c/.test(line)).length, 50)
  assert.equal(joined.filter(line => / 405 ana #c/.test(line)).length, 50)
})

test('batches: nested, unfinished, foreign, of another kind, too long, with a wrong target; labels of 65 bytes', async () => {
  await using server = await openServer({ args: ['--no-limits'] })
  using ana = await Irc.register(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto')
  const begin = 'BATCH +1 draft/multiline #general'
  const line = '@batch=1 PRIVMSG #general :x'
  const fault = (code: string) => `FAIL BATCH ${code}`
  for (const [lines, expected] of [
    [[begin, '@batch=1 BATCH +2 draft/multiline #general', line, 'BATCH -1'], fault('MULTILINE_INVALID')],
    [[begin, 'BATCH +2 draft/multiline #general'], fault('MULTILINE_INVALID')],
    [[begin, line, 'TIME', line, 'BATCH -1'], `${fault('MULTILINE_INVALID')} 391`],
    [['@batch=9 PRIVMSG #general :x'], fault('MULTILINE_INVALID')],
    [['BATCH -9'], fault('MULTILINE_INVALID')],
    [['BATCH +3 chathistory #general', '@batch=3 PRIVMSG #general :x', 'BATCH -3'], fault('UNKNOWN_TYPE')],
    [['BATCH +a.b draft/multiline #general', '@batch=a.b PRIVMSG #general :x'], fault('INVALID_REFTAG')],
    [['BATCH +4 draft/multiline'], fault('MULTILINE_INVALID')],
    [[begin, 'BATCH -1'], fault('MULTILINE_INVALID')],
    [[begin, '@batch=1 PRIVMSG #general :', 'BATCH -1'], fault('MULTILINE_INVALID')],
    [[begin, '@batch=1 PRIVMSG #otra :x', line, 'BATCH -1'], fault('MULTILINE_INVALID_TARGET')],
    [[begin, line, '@batch=1 NOTICE #general :x', 'BATCH -1'], fault('MULTILINE_INVALID')],
    [
      [begin, line, '@batch=1;draft/multiline-concat PRIVMSG #general :', 'BATCH -1'],
      fault('MULTILINE_INVALID'),
    ],
    [[begin, ...Array.from({ length: 101 }, () => line), 'BATCH -1'], fault('MULTILINE_MAX_LINES')],
    [
      [
        begin,
        ...Array.from({ length: 41 }, () => `@batch=1 PRIVMSG #general :${'x'.repeat(400)}`),
        'BATCH -1',
      ],
      fault('MULTILINE_MAX_BYTES'),
    ],
  ] as const)
    assert.equal(reduced(await ana.ask(...lines)), expected, lines.slice(0, 3).join(' / '))
  assert.match((await ana.ask(begin, ...Array(101).fill(line))).join(), / MULTILINE_MAX_LINES 100 :/)
  assert.match(
    (await ana.ask(begin, '@batch=1 PRIVMSG #otra :x')).join(),
    / MULTILINE_INVALID_TARGET #general #otra :/,
  )
  using quiet = await Irc.register(server.port, 'caro', { caps: '' })
  assert.equal(await answer(quiet, begin), '400')
  const long = await ana.ask(`@label=${'x'.repeat(65)} TIME`, `@label=${'x'.repeat(64)} TIME`)
  assert.ok(!long[0]?.includes('label') && tagOf(long[1] ?? '', 'label').length === 64)
  ana.send('PRIVMSG #general :al fin')
  await beto.expect(`${source('ana')} PRIVMSG #general :al fin`)
  assert.ok(
    !beto.lines.some(each => / PRIVMSG #general :?x/.test(each)),
    'nothing of a broken batch was said',
  )
})

test('lines: as long as they may be and longer; tags too; CR, LF and NUL; bytes that are no UTF-8', async () => {
  await using server = await openServer({ args: ['--no-limits'] })
  using ana = await Irc.register(server.port, 'ana', { caps: 'echo-message message-tags standard-replies' })
  using beto = await Irc.register(server.port, 'beto', { caps: '' })
  const text = (bytes: number) => `PRIVMSG #general :${'x'.repeat(bytes - 'PRIVMSG #general :'.length)}`
  assert.equal(await answer(ana, text(510)), 'PRIVMSG')
  for (const bytes of [511, 5_000, 20_000]) assert.equal(await answer(ana, text(bytes)), '417')
  const tags = (bytes: number) => `@a=${'x'.repeat(bytes - 2)}`
  assert.equal(await answer(ana, `${tags(4094)} TIME`), '391')
  assert.equal(await answer(ana, `${tags(4094)} ${text(510)}`), 'PRIVMSG')
  for (const bytes of [4095, 8190, 8192]) assert.equal(await answer(ana, `${tags(bytes)} TIME`), '417')
  await beto.ask()
  beto.skip()
  for (const sign of ['\r', '\0', '\r\r', '\0\0']) ana.send(`PRIVMSG #general :a${sign}QUIT${sign}b`)
  ana.socket.write('PRIVMSG #general :c\nPRIVMSG #general :d\r\n')
  for (const heard of ['a QUIT b', 'a QUIT b', 'a  QUIT  b', 'a  QUIT  b', 'c', 'd'])
    assert.equal(await beto.expect(/ PRIVMSG /), `${source('ana')} PRIVMSG #general :${heard}`)
  ana.skip()
  ana.socket.write(Buffer.from('PRIVMSG #general :\xe1\r\nPRIVMSG #general :\xff\xfe\r\nTIME\r\n', 'latin1'))
  assert.equal(reduced(await ana.settled()), 'FAIL * INVALID_UTF8 391')
  const split = Buffer.from('PRIVMSG #general :ñandú\r\n')
  ana.socket.write(split.subarray(0, 19))
  await new Promise(resolve => setImmediate(resolve))
  ana.socket.write(split.subarray(19))
  await beto.expect(`${source('ana')} PRIVMSG #general :ñandú`)
  assert.ok(!beto.lines.some(line => line.includes('\ufffd')))
})

test('registration out of order: another nick during SASL, USER twice, a nick in use, CAP without END', async () => {
  await using server = await openServer()
  using _ = await Irc.register(server.port, 'ana')
  using client = await Irc.connect(server.port)
  client.send('CAP REQ sasl', 'USER x 0 * :X', 'USER y 0 * :Y', 'NICK uno', 'AUTHENTICATE PLAIN', 'NICK dos')
  await client.expect('AUTHENTICATE +')
  client.send(`AUTHENTICATE ${Buffer.from(`\0ana\0${PASSWORD}`).toString('base64')}`)
  await client.expect(/ 900 dos dos!dos@\S+ ana :/)
  await client.expect(/ 903 dos :/)
  assert.ok(!client.lines.some(line => / 001 /.test(line)), 'CAP END is waited for')
  client.send('CAP END')
  await client.expect(`:${HOST} 001 ana :Welcome to the Tertulia Network, ana`)
  using aborted = await Irc.connect(server.port)
  aborted.send('CAP REQ sasl', 'NICK x', 'USER x 0 * :X', 'AUTHENTICATE PLAIN', 'CAP END')
  await aborted.expect(/ 906 x :/)
  await aborted.expect(/ 001 x :/)
})
