// What ends by itself says until when, in every door.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openServer } from '../tools/hosted.ts'
import { Irc } from '../tools/irc-client.ts'
import type { LineClient } from '../tools/line-client.ts'

const HOUR_MS = 3_600_000
const TIME = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d`

/** A line that says a time between these. */
async function ends(client: LineClient, before: string, after: string): Promise<void> {
  await client.expect(before)
  assert.match(await client.expect(`${after}\n`), new RegExp(`^${TIME}$`))
}

test('a ban, a muting and a silence of an hour say until when; those without an end do not', async () => {
  await using server = await openServer()
  const [ana, beto] = [await server.register('ana'), await server.register('beto')]
  using irc = await Irc.register(server.port, 'caro')
  const web = await server.web.logIn('ana')
  await web.do('POST', '/rooms', { name: 'club' })
  irc.send('JOIN #club')
  await irc.expect(/ 366 caro #club /)
  using live = await web.connect()
  for (const each of [ana, beto]) {
    each.say('/unirse club')
    await each.expect('* Estás en #club.\n')
  }
  ana.say('/callar beto 1h')
  await ends(beto, '* ana silenció a beto hasta ', '.')
  await irc.expect(/^(@\S+ )?:ana\S+ MODE #club \+b m:beto!\*@\*$/)
  await irc.expect(new RegExp(`NOTICE #club :ana silenció a beto hasta ${TIME}\\.$`))
  ana.say('/silenciar 1h')
  await ends(beto, '* ana puso #club en silencio hasta ', '.')
  await irc.expect(/ MODE #club \+m$/)
  await irc.expect(new RegExp(`NOTICE #club :ana puso #club en silencio hasta ${TIME}\\.$`))

  const before = Date.now()
  ana.say('/vetar beto 1h ruido')
  await ends(beto, '* ana vetó a beto en #club hasta ', ': ruido')
  await irc.expect(new RegExp(` KICK #club beto :ruido \\(hasta ${TIME}\\)$`))
  await live.until(() => live.events.some(event => event.kind === 'removal'), 'no removal')
  const told = live.events.find(event => event.kind === 'removal')
  assert.ok(told?.kind === 'removal' && told.reason === 'ruido')
  const end = told.until ?? 0
  assert.ok(end >= before + HOUR_MS && end <= Date.now() + HOUR_MS, `${end}`)
  for (const line of ['/traer beto', '/vetar beto 2h', '/traer beto', '/vetar beto ya']) ana.say(line)
  await irc.expect(new RegExp(` KICK #club beto :hasta ${TIME}$`))
  await irc.expect(/ KICK #club beto :?ya$/)
  await live.until(() => live.events.filter(({ kind }) => kind === 'removal').length === 3, 'no removal')
  const last = live.events.findLast(event => event.kind === 'removal')
  assert.ok(last?.kind === 'removal' && last.until === undefined)
})
