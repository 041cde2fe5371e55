// IRC's formatting codes survive the round trip, and Markdown from other doors goes out as codes.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { carryCodes, readCodes, withCodes } from '../../src/doors/irc/wire/formatting.ts'
import { pieces } from '../../src/doors/irc/wire/message.ts'
import { openServer } from '../tools/hosted.ts'
import { bare, Irc } from '../tools/irc-client.ts'

const CODES = ['\x02', '\x1d', '\x1f', '\x1e', '\x11']
const DROPPED = /\x03(?:\d{1,2}(?:,\d{1,2})?)?|\x04(?:[\da-f]{6}(?:,[\da-f]{6})?)?|\x16/gi

/** What an IRC client shows: each character with its styles. */
function shown(coded: string): string[] {
  const on = new Set<string>()
  const signs: string[] = []
  for (const sign of coded.replace(DROPPED, '')) {
    if (CODES.includes(sign)) on.has(sign) ? on.delete(sign) : on.add(sign)
    else if (sign === '\x0f') on.clear()
    else {
      if (sign === '\n') on.clear()
      signs.push(sign === '\n' ? sign : [...on].sort().join('') + sign)
    }
  }
  return signs
}

function out(typed: string): string {
  const said = readCodes(typed) ?? assert.fail(JSON.stringify(typed))
  return withCodes({ ...said, format: 'plain' })
}

const UNITS = [
  ...'ab *_`~@.1,\\',
  'ñ',
  '😀',
  '\n',
  '\x0f',
  '\x16',
  '\x03',
  '\x034',
  '\x0304,11',
  '\x04ff0000',
  ...CODES,
  ...CODES,
]
const typed = fc.string({ unit: fc.constantFrom(...UNITS), maxLength: 60, size: 'max' })

test('formatting survives the round trip, letter by letter as a client shows it', () => {
  fc.assert(
    fc.property(typed, text => {
      assert.deepEqual(shown(out(text)), shown(text))
      assert.equal(out(out(text)), out(text), 'again, and nothing changes')
    }),
    { numRuns: 5000 },
  )
})

test('each line closes what it opens, and a line in pieces looks as it does whole', () => {
  fc.assert(
    fc.property(typed, fc.integer({ min: 12, max: 30 }), (text, most) => {
      for (const line of out(text).split('\n')) {
        for (const code of CODES) assert.equal(line.split(code).length % 2, 1)
        const parts = carryCodes(pieces(line, most))
        assert.deepEqual(parts.flatMap(shown), shown(line))
      }
    }),
    { numRuns: 3000 },
  )
})

test('texts without codes stay as they are, whatever is in them', () => {
  for (const text of ['**hola**', '__init__', '5*6*7', String.raw`¯\_(ツ)_/¯`, '    return x', '`a`'])
    assert.deepEqual([readCodes(text), out(text)], [{ text }, text])
})

test('colours, reverse and CTCP', () => {
  assert.deepEqual(readCodes('\x0304,12rojo\x03 y \x16al revés\x16'), { text: 'rojo y al revés' })
  assert.deepEqual(readCodes('\x04ff0000a'), { text: 'a' })
  assert.equal(readCodes('\x01VERSION\x01'), undefined)
  assert.deepEqual(readCodes('\x01ACTION \x02baila\x02 bien\x01'), {
    text: 'baila bien',
    styles: [{ from: 0, to: 5, style: 'bold' }],
    action: true,
  })
  assert.deepEqual(readCodes('\x01ACTION baila'), { text: 'baila', action: true })
})

test('Markdown marks become codes; links, quotes and lists stay as they were typed', () => {
  const coded = (text: string) => withCodes({ text, format: 'markdown' })
  for (const [text, codes] of [
    ['**negrita**', '\x02negrita\x02'],
    ['*a* _b_ ~~c~~ `d`', '\x1da\x1d \x1db\x1d \x1ec\x1e \x11d\x11'],
    ['***ambas***', '\x02\x1dambas\x02\x1d'],
    ['**a _b_**', '\x02a \x1db\x02\x1d'],
    ['`**a**`', '\x11**a**\x11'],
    ['__init__ 5*6*7 a_b_c', '__init__ 5*6*7 a_b_c'],
    ['> *a*\n- **b**\n[c](https://x.example)', '> \x1da\x1d\n- \x02b\x02\n[c](https://x.example)'],
    ['```py\nx = 1\n\n    y\n```\nfin', '\x11x = 1\x11\n\n\x11    y\x11\nfin'],
    ['```', '```'],
    ['\x1b[31m **a**', '␛[31m \x02a\x02'],
  ] as const)
    assert.equal(coded(text), codes, text)
})

test('an action and formatting are the same for IRC, the web and netcat, both ways', async t => {
  await using server = await openServer()
  const caro = await server.register('caro')
  using ana = await Irc.register(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto', { caps: 'message-tags' })
  const web = await server.web.logIn('caro')
  using live = await web.connect()
  t.after(() => caro.destroy())
  beto.skip()
  ana.send('PRIVMSG #general :\x01ACTION baila \x02mucho\x02\x01')
  assert.equal(bare(await ana.expect(/ACTION/)).split(' :')[1], '\x01ACTION baila \x02mucho\x02\x01')
  assert.match(await beto.expect(/ACTION/), /:ana!\S+ PRIVMSG #general :\x01ACTION baila \x02mucho\x02\x01$/)
  await caro.expect('*ana baila mucho*\n')
  await live.expect('baila mucho')
  const [said] = live.events.filter(event => event.kind === 'message')
  assert.ok(said?.kind === 'message')
  assert.deepEqual(
    [said.format, said.action, said.styles],
    ['plain', true, [{ from: 6, to: 11, style: 'bold' }]],
  )

  await live.client.post(1, 'saluda a **todos** con `x`', { action: true })
  await beto.expect(/ PRIVMSG #general :\x01ACTION saluda a \x02todos\x02 con \x11x\x11\x01$/)
  await caro.expect('*caro saluda a **todos** con `x`*\n')
  caro.say('/me saluda a **nadie**')
  await beto.expect(/ PRIVMSG #general :\x01ACTION saluda a \*\*nadie\*\*\x01$/)

  await live.client.post(1, '**negrita** y __init__')
  await beto.expect(/ PRIVMSG #general :\x02negrita\x02 y __init__$/)
  const anas = await server.web.logIn('ana')
  await anas.do('PATCH', `/rooms/1/messages/${said.seq}`, { text: 'canta **bien**' })
  await beto.expect(/ PRIVMSG #general :✎ canta \*\*bien\*\*$/)
  await web.do('POST', '/rooms/1/messages', { text: '**x** `y`', notice: true })
  await beto.expect(/ NOTICE #general :\x02x\x02 \x11y\x11$/)

  // History has the same.
  const history = (await ana.ask('CHATHISTORY LATEST #general * 50')).map(bare)
  assert.ok(history.some(line => line.endsWith(' :\x02negrita\x02 y __init__')))
  assert.ok(history.some(line => line.endsWith('ACTION saluda a \x02todos\x02 con \x11x\x11\x01')))
})

test('a long bold text is bold in all its lines, and all lines of a long action are actions', async () => {
  await using server = await openServer()
  const web = await server.web.register('ana')
  using beto = await Irc.register(server.port, 'beto', { caps: '' })
  const words = Array.from({ length: 200 }, (_, i) => `palabra${i}`).join(' ')
  beto.skip()
  await web.do('POST', '/rooms/1/messages', { text: `**${words}**`, action: true })
  await web.do('POST', '/rooms/1/messages', { text: 'fin' })
  await beto.expect(/ :fin$/)
  const lines = beto.lines.filter(line => line.includes('palabra'))
  assert.ok(lines.length > 3)
  for (const line of lines) {
    assert.match(line, / :\x01ACTION \x02.*\x01$/)
    assert.ok(Buffer.byteLength(line) <= 510)
  }
  const said = lines.map(line => / :\x01ACTION (.*)\x01$/.exec(line)?.[1]?.replaceAll('\x02', '')).join('')
  assert.equal(said, words)
})
