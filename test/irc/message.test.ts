import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { escaped, lineOf, parse, pieces, tagPrefix } from '../../src/doors/irc/wire/message.ts'
import { matches } from '../../src/doors/irc/wire/names.ts'
import { cutAt, shortened } from '../../src/wire/graphemes.ts'
import { openServer } from '../tools/hosted.ts'
import { Irc } from '../tools/irc-client.ts'
import { PASSWORD } from '../tools/line-client.ts'

// --- examples of the specifications ----------------------------------------------------------------------

test('lines are parsed as modern.ircdocs.horse and message-tags show', () => {
  const parsed = (line: string) => {
    const { tags, command, params } = parse(line)
    return [Object.fromEntries(tags), command, params]
  }
  assert.deepEqual(parsed(':irc.example.com CAP LS * :multi-prefix extended-join sasl'), [
    {},
    'CAP',
    ['LS', '*', 'multi-prefix extended-join sasl'],
  ])
  assert.deepEqual(parsed("@id=234AB :dan!d@localhost PRIVMSG #chan :Hey what's up!"), [
    { id: '234AB' },
    'PRIVMSG',
    ['#chan', "Hey what's up!"],
  ])
  assert.deepEqual(parsed('CAP REQ :sasl'), [{}, 'CAP', ['REQ', 'sasl']])
  assert.deepEqual(parsed(':dan!d@localhost PRIVMSG #chan Hey!'), [{}, 'PRIVMSG', ['#chan', 'Hey!']])
  assert.deepEqual(parsed('PRIVMSG #chan ::-) hi'), [{}, 'PRIVMSG', ['#chan', ':-) hi']])
  assert.deepEqual(parsed('TOPIC #chan :'), [{}, 'TOPIC', ['#chan', '']])
  assert.deepEqual(parsed('@aaa=bbb;ccc;example.com/ddd=eee :nick!ident@host.com PRIVMSG me :Hello'), [
    { aaa: 'bbb', ccc: '', 'example.com/ddd': 'eee' },
    'PRIVMSG',
    ['me', 'Hello'],
  ])
  assert.deepEqual(parsed('@a=1;a=2;b=\\:\\s\\\\\\r\\n\\q\\ PING  x   y '), [
    { a: '2', b: '; \\\r\nq' },
    'PING',
    ['x', 'y'],
  ])
  assert.deepEqual(parsed('ping x'), [{}, 'PING', ['x']])
  assert.deepEqual(parsed(''), [{}, '', []])
  assert.deepEqual(parsed('@'), [{}, '', []])
  assert.deepEqual(parsed(':'), [{}, '', []])
})

test('lines are made so that only the last parameter needs a colon', () => {
  assert.equal(lineOf('irc.host', '001', ['ana', 'Welcome here']), ':irc.host 001 ana :Welcome here')
  assert.equal(lineOf('', 'PING', ['x']), 'PING x')
  assert.equal(lineOf('h', 'TOPIC', ['#a', '']), ':h TOPIC #a :')
  assert.equal(lineOf('h', 'X', ['a b', ':c', '', ':d']), ':h X a_b c * ::d')
  assert.equal(lineOf('h', 'X', ['a\r\nQUIT\0b', 'c\nd']), ':h X a_QUIT_b :c d')
  assert.equal(tagPrefix([]), '')
  assert.equal(
    tagPrefix([
      ['a', ''],
      ['b', 'c;d e'],
    ]),
    '@a;b=c\\:d\\se ',
  )
})

test('masks match as on other servers', () => {
  for (const [mask, text, does] of [
    ['*', '', true],
    ['a*', 'ANA', true],
    ['*a', 'ana', true],
    ['?na', 'ana', true],
    ['??', 'ana', false],
    ['a*a*a', 'ana', false],
    ['*n*', 'ana', true],
    ['', '', true],
  ] as const)
    assert.equal(matches(mask, text), does, `${mask} ${text}`)
})

// --- properties ------------------------------------------------------------------------------------------

const anyText = fc.string({ unit: 'binary', maxLength: 700 })
const words = fc.array(anyText, { maxLength: 16 })

test('the parser accepts any input', () => {
  fc.assert(
    fc.property(anyText, text => {
      const { command, params } = parse(text)
      assert.ok(!command.includes(' '))
      for (const param of params.slice(0, -1)) assert.ok(param !== '' && !param.includes(' '))
    }),
  )
})

test('lineOf makes one line of at most 510 bytes, which parses to what it was made of', () => {
  fc.assert(
    fc.property(words, params => {
      const line = lineOf('irc.host', 'TEST', params)
      assert.doesNotMatch(line, /[\r\n\0]/)
      assert.ok(Buffer.byteLength(line) <= 510)
      assert.ok(line.isWellFormed() || params.some(param => !param.isWellFormed()))
    }),
  )
  const short = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 6 })
    .filter(text => !/[\r\n\0 :]/.test(text))
  fc.assert(
    fc.property(
      fc.array(short, { minLength: 1, maxLength: 5 }),
      fc.string({ maxLength: 20 }),
      (params, last) => {
        fc.pre(!/[\r\n\0]/.test(last))
        assert.deepEqual(parse(lineOf('h', 'TEST', [...params, last])).params, [...params, last])
      },
    ),
  )
})

test('pieces join to the text, none is too long, no code point is broken', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 2000 })
  fc.assert(
    fc.property(text, fc.integer({ min: 4, max: 480 }), (whole, most) => {
      const parts = pieces(whole, most)
      assert.equal(parts.join(''), whole)
      for (const part of parts) assert.ok(Buffer.byteLength(part) <= most && part.isWellFormed())
      if (whole !== '') assert.ok(parts.every(part => part !== ''))
    }),
  )
  assert.deepEqual(pieces('una frase de cinco palabras', 10), ['una frase ', 'de cinco ', 'palabras'])
  assert.deepEqual(pieces('🦉🦉', -1), ['🦉', '🦉'], 'behind a head that leaves no room')
})

/** Graphemes of more than one code point. */
const SIGNS = [
  '👩🏽‍🚀',
  '👨‍👩‍👧‍👦',
  '🇨🇴',
  '🇲🇽',
  '1️⃣',
  'e\u0301',
  'ñ\u0323\u0301',
  '한',
  '\u1112\u1161\u11ab',
  'क्षि',
  ' \u0301',
  '❤️‍🔥',
  'a',
  ' ',
]
/** Code points that join to others, or do not, by what stands before and after them. */
const LETTERS = ['🇨', '👩', '🏽', '\u200d', '\ufe0f', '\u0301', '\u0600', 'क', '्', 'ᄒ', 'ᅡ', 'ᆫ', '\r', '\n']
const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' })
const signsOf = (text: string) => Array.from(segmenter.segment(text), ({ segment }) => segment)

test('no grapheme is broken where a text is cut: into pieces, at the end of a line, at a number of code points', () => {
  const text = fc.array(fc.constantFrom(...SIGNS), { maxLength: 300 }).map(signs => signs.join(''))
  fc.assert(
    fc.property(text, fc.integer({ min: 40, max: 480 }), (whole, most) => {
      const signs = signsOf(whole)
      fc.pre(signs.every(sign => Buffer.byteLength(sign) <= most))
      assert.deepEqual(pieces(whole, most).flatMap(signsOf), signs)
      const [, cut = ''] = parse(lineOf('h', 'TEST', ['x', whole])).params
      assert.deepEqual(signsOf(cut), signs.slice(0, signsOf(cut).length))
      const short = signsOf(shortened(whole, most))
      assert.deepEqual(short, signs.slice(0, short.length))
    }),
  )
  assert.deepEqual(
    pieces(' \u0301🇨🇴👨‍👩‍👧‍👦', 35),
    [' \u0301🇨🇴', '👨‍👩‍👧‍👦'],
    'no space stays behind without its accent',
  )
  assert.equal(shortened('ab🇨🇴', 3), 'ab')
  assert.equal(
    shortened(`a${'\u0301'.repeat(9)}`, 3),
    'a\u0301\u0301',
    'one that is too long is cut all the same',
  )
})

test('what is before a part, and what comes after it, does not change where it is cut', () => {
  const signs = fc.array(fc.constantFrom(...SIGNS, ...LETTERS), { minLength: 2, maxLength: 60 })
  fc.assert(
    fc.property(signs, fc.nat(), fc.nat(), (made, one, other) => {
      const text = made.join('')
      const ends = Array.from(segmenter.segment(text), ({ index }) => index)
      const from = ends[one % ends.length] ?? 0
      const at = from + [...text.slice(from)].slice(0, 1 + (other % 40)).join('').length
      const whole = at < text.length ? (segmenter.segment(text).containing(at)?.index ?? at) : at
      assert.equal(cutAt(text, at, from), whole > from ? whole : at)
    }),
    { numRuns: 1000 },
  )
})

test('a long text is cut into pieces in one go, flags and long words too', t => {
  const { mock } = t.mock.method(Intl.Segmenter.prototype, 'segment')
  for (const text of ['🇨🇴'.repeat(1990), 'a'.repeat(3990), 'dos palabras '.repeat(300)]) {
    mock.resetCalls()
    assert.ok(pieces(text, 90).length > 40)
    const looked = mock.calls.reduce((sum, call) => sum + String(call.arguments[0]).length, 0)
    assert.ok(looked < 3 * text.length, `${looked} of ${text.length} units were looked at`)
  }
})

test('no text of another person moves the cursor; colours stay', () => {
  const line = lineOf('h', 'METADATA', [
    'ana',
    'color',
    '*',
    '\x1b[2J\u202erojo\x07\x9b \x0304rojo\x0f \x02negro',
  ])
  assert.equal(line, ':h METADATA ana color * :␛[2Jrojo␇\ufffd \x0304rojo\x0f \x02negro')
})

test('tag values survive escaping', () => {
  fc.assert(
    fc.property(anyText, value => {
      const inside = escaped(value)
      assert.doesNotMatch(inside, /[; \r\n]/)
      assert.equal(parse(`@a=${inside};b TEST`).tags.get('a'), value)
    }),
  )
})

// --- a fuzzer --------------------------------------------------------------------------------------------

const COMMANDS =
  'CAP NICK USER PASS AUTHENTICATE REGISTER JOIN PART PRIVMSG NOTICE TAGMSG MODE TOPIC KICK INVITE NAMES LIST WHO WHOIS MONITOR CHATHISTORY MARKREAD BATCH REDACT RENAME AWAY SETNAME HELP ISON USERHOST X'.split(
    ' ',
  )
const PARAMS = [
  '#general',
  '#nada',
  'ana',
  '*',
  '+o',
  '',
  ':',
  'LS 302',
  'REQ :batch message-tags labeled-response draft/multiline echo-message',
  'LATEST #general * 50',
  '+b x',
  `:${'ñ '.repeat(200)}`,
  ':\u202e\u0000\u0007',
  '+1 draft/multiline #general',
  '-1',
  '\xff\xfe',
]

const validish = fc
  .tuple(
    fc.constantFrom('', '@label=1 ', '@batch=1 ', '@+draft/react=👍;+draft/reply=1-1 ', '@a=\\ '),
    fc.constantFrom(...COMMANDS),
    fc.array(fc.constantFrom(...PARAMS), { maxLength: 4 }),
    fc.constantFrom('\r\n', '\n', '\r\r\n'),
  )
  .map(([tags, command, params, end]) => Buffer.from(`${tags}${[command, ...params].join(' ')}${end}`))
const bytes = fc.uint8Array({ maxLength: 1500 }).map(Buffer.from)

test('random input for some seconds: each reply is one line within the limits', async () => {
  await using server = await openServer({ args: ['--no-limits'] })
  using witness = await Irc.register(server.port, 'testigo')
  const end = performance.now() + 6_000
  let round = 0
  while (performance.now() < end) {
    const irc = await Irc.connect(server.port)
    irc.socket.setEncoding('latin1') // characters are bytes
    irc.send(`NICK f${++round}`, 'USER f 0 * :F', ...(round % 2 ? [`REGISTER * * ${PASSWORD}`] : []))
    const chunks = fc.sample(round % 3 === 0 ? bytes : validish, { numRuns: 300, seed: round })
    for (const chunk of chunks) if (irc.socket.writable) irc.socket.write(chunk)
    irc.socket.write('\r\nQUIT\r\n')
    await irc.closed
    for (const line of irc.lines) {
      const end = line.startsWith('@') ? line.indexOf(' ') + 1 : 0
      assert.ok(line.length - end <= 510 && end <= 8191, line)
      assert.doesNotMatch(line, /[\r\n\0]/)
      assert.match(line.slice(end), /^(:[^ ]+ )?([A-Z]+|\d{3})( |$)/, line)
    }
  }
  witness.skip()
  await witness.settled()
  for (const line of witness.lines) assert.match(line, /^(@\S+ )?(:\S+ )?([A-Z]+|\d{3})( |$)/)
  assert.equal(server.errors, '')
})
