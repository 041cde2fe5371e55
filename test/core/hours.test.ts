// When a room is open: how hours are written, and what they say on days on which the clocks are changed.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkCall, checkHours } from '../../src/core/model/hours-and-call.ts'
import { closesAt, hoursText, isOpenAt, opensAt, parseHours } from '../../src/core/text/hours.ts'

/** When it opens next, in UTC. */
function opening(written: string, at: string): string | undefined {
  const hours = parseHours(written) ?? assert.fail(written)
  const next = opensAt(hours, Date.parse(at))
  assert.equal(isOpenAt(hours, Date.parse(at)), next === Date.parse(at))
  return next === undefined ? undefined : new Date(next).toISOString().slice(0, 16)
}

test('hours are read as people write them, and kept in one form', () => {
  const forms = {
    'America/Bogota mon-fri 7-12 14:00-18:00; sat 09:00-12:00':
      'America/Bogota mon-fri 07:00-12:00 14:00-18:00; sat 09:00-12:00',
    'fri-mon,wed 22-2 UTC': 'UTC mon,wed,fri-sun 22:00-02:00',
    'UTC mon-sun 0-24': 'UTC mon-sun 00:00-24:00',
  }
  for (const [typed, kept] of Object.entries(forms)) assert.equal(checkHours(typed), kept)
  for (const kept of Object.values(forms))
    assert.equal(hoursText(parseHours(kept) ?? assert.fail(kept)), kept)
  const none = [
    'UTC',
    'mon 7-8',
    'UTC mon',
    'UTC mon 10-10',
    'UTC mon 25-26',
    'UTC mon 24-2',
    'UTC 7-8',
    'UTC mon tue 7-8',
  ]
  for (const typed of [...none, `UTC ${'mon 7-8 '.repeat(29)}`, 'x'.repeat(5000)])
    assert.throws(() => checkHours(typed), { code: 'bad-hours' }, typed.slice(0, 40))
  assert.throws(() => checkHours('Marte/Base mon 7-8'), { code: 'bad-zone' })
})

test('the room opens by the clocks of its zone: over midnight, and when they are changed', () => {
  const school = 'America/Bogota mon-fri 07:00-12:00 14:00-18:00'
  assert.equal(opening(school, '2026-11-27T12:00Z'), '2026-11-27T12:00', 'at its first minute')
  assert.equal(opening(school, '2026-11-27T17:00Z'), '2026-11-27T19:00', 'not at its last')
  assert.equal(opening(school, '2026-11-28T04:00Z'), '2026-11-30T12:00', 'after the weekend')
  const night = 'America/Bogota fri 22:00-02:00'
  assert.equal(opening(night, '2026-11-28T06:59Z'), '2026-11-28T06:59', 'until two on Saturday')
  assert.equal(opening(night, '2026-11-28T07:00Z'), '2026-12-05T03:00')
  // New York: 02:00 becomes 03:00 on 8 March 2026, and 01:00 comes twice on 1 November.
  assert.equal(opening('America/New_York sun 02:30-03:30', '2026-03-08T05:00Z'), '2026-03-08T07:00')
  assert.equal(opening('America/New_York sun 09:00-10:00', '2026-03-08T05:00Z'), '2026-03-08T13:00')
  assert.equal(opening('America/New_York sun 01:00-01:30', '2026-11-01T05:30Z'), '2026-11-01T06:00')
  assert.equal(opening('America/New_York sun 02:10-02:50', '2026-03-08T05:00Z'), '2026-03-15T06:10')
})

test('when it closes: spans that meet are one', () => {
  const closing = (written: string, at: string) => {
    const next = closesAt(parseHours(written) ?? assert.fail(written), Date.parse(at))
    return next === undefined ? undefined : new Date(next).toISOString().slice(0, 16)
  }
  assert.equal(closing('UTC fri 07:00-12:00 12:00-13:30', '2026-11-27T08:00Z'), '2026-11-27T13:30')
  assert.equal(closing('America/Bogota fri 22:00-02:00', '2026-11-28T04:00Z'), '2026-11-28T07:00')
  assert.equal(closing('UTC mon-sun 00:00-24:00', '2026-11-28T04:00Z'), undefined)
})

test('the address of a call is https, and nothing else', () => {
  assert.equal(checkCall(' https://meet.example/aula 1 '), 'https://meet.example/aula%201')
  assert.equal(checkCall(''), '')
  const bad = ['javascript:alert(1)', 'http://meet.example/', 'meet.example', 'https://', 'data:text/html,x']
  for (const typed of [...bad, 'https://ana:clave@meet.example/', `https://meet.example/${'a'.repeat(4096)}`])
    assert.throws(() => checkCall(typed), { code: 'bad-call' }, typed.slice(0, 40))
})
