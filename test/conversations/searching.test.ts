// What people search for, in the doors that have a command for it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openServer } from '../tools/hosted.ts'

/** Their days are 26 hours apart, so at no instant do both have the same date. */
const [FIRST, LAST] = ['Pacific/Kiritimati', 'Etc/GMT+12']

function dayIn(zone: string, at: number): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate()
}

test('days are the reader’s: those of the request, of the person, in netcat as /historial shows them', async () => {
  await using server = await openServer()
  const ana = await server.web.register('ana')
  const { at } = await ana.do('POST', '/rooms/1/messages', { text: 'aguja' })
  const finds = async (q: string, zone?: string) => {
    const asked = new URLSearchParams({ q, ...(zone !== undefined && { zone }) })
    return (await ana.do('GET', `/search?${asked}`)).found.length === 1
  }
  const mustBeOf = async (zone: string, asked?: string) => {
    const day = dayIn(zone, at)
    assert.equal(await finds(`antes:${day}`, asked), false, `it was said on ${day}, not before`)
    assert.ok(await finds(`despues:${day}`, asked))
    assert.ok(await finds(`before:${day.add({ days: 1 })}`, asked))
    assert.equal(await finds(`after:${day.add({ days: 1 })}`, asked), false)
  }
  await mustBeOf(FIRST, FIRST)
  await mustBeOf(LAST, LAST)
  await mustBeOf(FIRST, FIRST.toUpperCase())
  await ana.do('PATCH', '/me', { zone: FIRST })
  await mustBeOf(FIRST)
  await mustBeOf(LAST, LAST)
  assert.equal(await ana.refused('GET', '/search?q=aguja&zone=Nada/Nada'), 'bad-zone')
  const long = await ana.ask('GET', `/search?q=aguja&zone=${'x'.repeat(65)}`)
  assert.equal(long.status, 400)

  const line = await server.logIn('ana')
  for (const zone of [FIRST, LAST]) {
    line.say(`/zona ${zone}`)
    await line.expect(`* Zona horaria: ${zone};`)
    line.say('/historial')
    const before = await line.expect('] ana: aguja\n')
    const [, day = ''] = /\[(\d{4}-\d\d-\d\d) \d\d:\d\d$/.exec(before) ?? []
    assert.equal(day, `${dayIn(zone, at)}`)
    line.say(`/buscar antes:${day}`)
    await line.expect('* Nada.\n')
    line.say(`/buscar despues:${day}`)
    await line.expect('ana: aguja\n')
  }
})

test('netcat and the API find the same, by the same words, and mark it', async () => {
  await using server = await openServer()
  const ana = await server.web.register('ana')
  for (const text of ['El laboratorio de Łódź', 'uso C++ 👍🏽', 'mira https://a.es/b?x=1', '東京都'])
    await ana.do('POST', '/rooms/1/messages', { text })
  const line = await server.logIn('ana')
  await line.expect('東京都\n')
  const stories: [string, string][] = [
    ['labo lodz', 'El *laboratorio* de *Łódź*'],
    ['C++', 'uso *C++* 👍🏽'],
    ['👍', 'uso C++ *👍🏽*'],
    ['https://a.es/b?x=1', 'mira *https://a.es/b?x=1*'],
    ['京都', '東*京都*'],
    ['tiene:enlace de:ana en:general', 'mira https://a.es/b?x=1'],
  ]
  for (const [typed, shown] of stories) {
    line.say(`/buscar ${typed}`)
    await line.expect(`ana: ${shown}\n`)
    const { found, complete } = await ana.do('GET', `/search?${new URLSearchParams({ q: typed })}`)
    assert.deepEqual([found.length, complete], [1, true])
    const [{ message, hits }] = found
    const marked = hits
      .toReversed()
      .reduce(
        (text: string, { from, to }: { from: number; to: number }) =>
          `${text.slice(0, from)}*${text.slice(from, to)}*${text.slice(to)}`,
        message.text,
      )
    assert.equal(marked, shown)
  }
  line.say('/buscar "labo"')
  await line.expect('* Nada.\n')
  line.say(`/buscar ${'👍'.repeat(4000)}`)
  await line.expect('Falta una palabra que buscar, o hay demasiadas.\n')
})
