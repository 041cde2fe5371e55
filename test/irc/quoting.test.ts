// Notices name messages by their first words.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { firstWords } from '../../src/doors/irc/replies/quotes.ts'
import { Irc } from '../tools/irc-client.ts'
import { HOST, quickServer } from './quick-server.ts'

const FAMILY = '👨‍👩‍👧‍👦'
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

test('a short text is quoted whole, a longer one by words, one without spaces as far as it fits', () => {
  assert.equal(firstWords('hola'), 'hola')
  assert.equal(firstWords('uno\ndos'), 'uno…')
  assert.equal(firstWords('\n  \n  tres  \n'), 'tres')
  assert.equal(
    firstWords('mañana no hay clase porque el profesor está enfermo'),
    'mañana no hay clase porque el profesor…',
  )
  assert.equal(firstWords('x'.repeat(41)), `${'x'.repeat(40)}…`)
  assert.equal(firstWords(FAMILY.repeat(50)), `${FAMILY.repeat(14)}…`)
  assert.equal(firstWords(''), '')
})

test('quotations are bounded, on one line, and cut between graphemes', () => {
  const text = fc.string({
    unit: fc.oneof(fc.constantFrom(FAMILY, '🇨🇴', 'é', ' ', '\n', '👍🏽'), fc.string()),
    maxLength: 200,
  })
  fc.assert(
    fc.property(text, typed => {
      const quoted = firstWords(typed)
      assert.ok(quoted.length <= 161 && !quoted.includes('\n'), quoted)
      assert.ok([...graphemes.segment(quoted)].length <= 41)
      const [first = ''] = quoted.split('…', 1)
      assert.ok(quoted.isWellFormed() || !typed.isWellFormed(), first)
    }),
  )
})

test('without REDACT a deleted or pinned message is named by its words, never by a number', async t => {
  const server = await quickServer(t)
  await server.web.register('jefa')
  using ana = await Irc.register(server.port, 'ana', { caps: '' })
  using redacting = await Irc.logIn(server.port, 'jefa', { caps: 'draft/message-redaction' })
  const jefa = await server.web.logIn('jefa')
  const { seq: before } = await jefa.do('POST', '/rooms/1/messages', { text: 'de antes' })
  await ana.expect(/ PRIVMSG #general :de antes$/)
  const { seq } = await jefa.do('POST', '/rooms/1/messages', { text: `${FAMILY.repeat(20)} familia` })
  await ana.expect(/ familia$/)
  const notice = (text: string) => ana.expect(`:${HOST} NOTICE #general :${text}`)
  await jefa.do('PUT', `/rooms/1/pins/${seq}`)
  await notice(`jefa fijó «${FAMILY.repeat(14)}…»`)
  await jefa.do('DELETE', `/rooms/1/pins/${seq}`)
  await notice(`jefa desfijó «${FAMILY.repeat(14)}…»`)
  await jefa.do('PATCH', `/rooms/1/messages/${before}`, { text: 'corregido' })
  await ana.expect(/ PRIVMSG #general :✎ corregido$/)
  await jefa.do('DELETE', `/rooms/1/messages/${before}`)
  await notice('jefa borró «corregido»')
  assert.ok(!ana.lines.some(line => /#\d/.test(line)), 'no number')
  await redacting.expect(/ REDACT #general 1-/)
})

test('a message that this door has not shown is not quoted', async t => {
  const server = await quickServer(t)
  const jefa = await server.web.register('jefa')
  const { seq } = await jefa.do('POST', '/rooms/1/messages', { text: 'secreto' })
  using ana = await Irc.register(server.port, 'ana', { caps: 'draft/chathistory' })
  await jefa.do('DELETE', `/rooms/1/messages/${seq}`)
  await ana.expect(`:${HOST} NOTICE #general :jefa borró un mensaje.`)
})
