// INVITE reaches people in every door, and allows them one JOIN.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bare, Irc } from '../tools/irc-client.ts'
import { HOST, quickServer, source } from './quick-server.ts'

test('INVITE allows one JOIN; a closed room needs a moderator’s, and members with invite-notify are told', async t => {
  const server = await quickServer(t)
  using _eva = await Irc.register(server.port, 'eva')
  using ana = await Irc.register(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto')
  using caro = await Irc.register(server.port, 'caro')
  using dora = await Irc.register(server.port, 'dora', { caps: '' })
  await ana.ask('JOIN #club', 'MODE #club +i')
  assert.match((await beto.ask('JOIN #club')).join(), / 473 beto #club /)
  assert.deepEqual((await ana.ask('INVITE caro #club', 'INVITE dora #club')).map(bare), [
    `:${HOST} 341 ana caro #club`,
    `:${HOST} 341 ana dora #club`,
  ])
  for (const who of [caro, dora]) await who.ask('JOIN #club')
  caro.skip()
  assert.match((await caro.ask('INVITE beto #club')).join(), / 482 caro #club /)
  await ana.ask('INVITE beto #club')
  await beto.expect(`${source('ana')} INVITE beto #club`)
  await caro.expect(`${source('ana')} INVITE beto #club`)
  await dora.settled()
  assert.ok(!dora.lines.some(line => / INVITE beto /.test(line)), 'without invite-notify')
  assert.ok(!ana.lines.some(line => / INVITE beto /.test(line)), 'who asks is answered')
  assert.ok(!beto.lines.some(line => / JOIN #club/.test(line)), 'nobody is brought')
  assert.deepEqual((await beto.ask('INVITE')).map(bare), [
    `:${HOST} 336 beto #club`,
    `:${HOST} 337 beto :End of /INVITE list`,
  ])
  assert.ok((await beto.ask('JOIN #club')).map(bare).includes(`${source('beto')} JOIN #club beto Beto`))
  assert.deepEqual((await beto.ask('INVITE')).map(bare), [`:${HOST} 337 beto :End of /INVITE list`])
  await beto.ask('PART #club')
  assert.match((await beto.ask('JOIN #club')).join(), / 473 beto #club /)
  assert.match((await ana.ask('INVITE caro #club')).join(), / 443 ana caro #club /)
  assert.match((await ana.ask('INVITE nadie #club')).join(), / 401 ana nadie /)
})

test('invitations are sent at the next connection; in netcat and in the web client one follows or declines', async t => {
  const server = await quickServer(t)
  using ana = await Irc.register(server.port, 'ana')
  await ana.ask('JOIN #club', 'MODE #club +i')
  const beto = await server.register('beto')
  const web = await server.web.register('caro')
  using caro = await web.connect()
  await Irc.register(server.port, 'dora').then(dora => dora.send('QUIT'))
  await ana.ask('INVITE beto #club', 'INVITE caro #club', 'INVITE dora #club')
  await beto.expect('* ana te invita a #club: /unirse #club o /declinar #club\n')
  await caro.expectHeard('asked into club by ana')
  using dora = await Irc.logIn(server.port, 'dora')
  assert.ok(dora.lines.map(bare).includes(`${source('ana')} INVITE dora #club`))

  beto.say('/salas')
  await beto.expect('* ana te invita a #club')
  beto.say('/unirse club')
  await ana.expect(`${source('beto')} JOIN #club beto Beto`)
  beto.say('/convidar eva')
  await beto.expect('No hay')
  const { asked } = await web.do('GET', '/me/asked')
  assert.deepEqual(
    asked.map((each: { room: { name: string }; by: { username: string } }) => [
      each.room.name,
      each.by.username,
    ]),
    [['club', 'ana']],
  )
  await web.do('DELETE', '/me/asked/club')
  assert.deepEqual((await web.do('GET', '/me/asked')).asked, [])
  assert.equal(await web.refused('PUT', '/rooms/club/members/caro'), 'no-such-room')
  const owner = await server.web.logIn('ana')
  assert.deepEqual(await owner.do('PUT', '/rooms/club/asked/caro'), { asked: true })
  assert.deepEqual(await owner.do('PUT', '/rooms/club/asked/caro'), { asked: false })
  await web.do('PUT', '/rooms/club/members/caro')
  await caro.until(() => [...caro.heard].some(each => each.startsWith('entered club')), 'never came in')

  const eva = await server.register('eva')
  await ana.ask('INVITE eva #club')
  await eva.expect('* ana te invita a #club')
  eva.say('/declinar club')
  await eva.expect('* Declinaste la invitación a #club.\n')
  eva.say('/unirse club')
  await eva.expect('No')
  assert.match((await ana.ask('NAMES #club')).join(), / 353 ana @ #club :[^\n]*beto/)
})
