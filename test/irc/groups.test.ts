// Group conversations can be left like rooms, in every door, and nobody is brought back.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bare, Irc } from '../tools/irc-client.ts'
import { quickServer, source } from './quick-server.ts'

test('members may leave a group conversation in any door, and nobody else can bring them back', async t => {
  const server = await quickServer(t)
  const ana = await server.web.register('ana')
  using live = await ana.connect()
  const beto = await server.register('beto')
  using caro = await Irc.register(server.port, 'caro')
  const { id, name } = await ana.do('POST', '/direct', { people: ['beto', 'caro'] })
  assert.equal(name, 'beto, caro')
  const channel = `#&${id}`
  await caro.expect(`${source('caro')} JOIN ${channel} caro Caro`)
  await caro.expect(new RegExp(` 366 caro ${channel} `))

  assert.deepEqual((await caro.ask(`PART ${channel}`)).map(bare), [`${source('caro')} PART ${channel}`])
  await beto.expect('caro dejó (grupo).\n')
  beto.say('/privado ana, caro')
  await beto.expect('* Estás en @ana, caro.\n')
  beto.say('hola')
  await live.expect('hola', id)
  beto.say('/dejar')
  await beto.expect('* Estás en #general.\n')
  const mine = async () => (await ana.do('GET', '/rooms')).mine.find((room: { id: number }) => room.id === id)
  assert.equal((await ana.do('GET', `/rooms/${id}/members`)).members.length, 1)
  assert.equal(await mine(), undefined, 'nobody else is in it')

  beto.say('/privado ana, caro')
  await beto.expect('* Estás en @ana, caro.\n')
  beto.say('otra vez')
  await live.expect('otra vez', id)
  assert.equal((await mine())?.name, 'beto, caro')
  assert.equal((await ana.do('POST', '/direct', { people: ['caro', 'beto'] })).id, id)
  await caro.settled()
  assert.equal(caro.lines.map(bare).filter(line => line.includes(` JOIN ${channel}`)).length, 1)

  const pair = await ana.do('POST', '/direct', { people: ['beto'] })
  assert.equal(await ana.refused('DELETE', `/rooms/${pair.id}/members/ana`), 'forbidden')
  await ana.do('DELETE', `/rooms/${id}/members/ana`)
  await beto.expect('ana dejó (grupo).\n')
})

test('the limit of two hundred unanswered conversations is told in the person’s language', async t => {
  const server = await quickServer(t, {
    edits: [{ file: 'core/model/rules.ts', set: { MOST_UNANSWERED: 1 } }],
  })
  using _ana = await Irc.register(server.port, 'ana')
  using beto = await Irc.register(server.port, 'beto')
  using caro = await Irc.register(server.port, 'caro')
  const dora = await server.register('dora')
  using eva = await Irc.register(server.port, 'eva')
  await eva.ask('PRIVMSG beto :hola')
  await beto.expect(/ PRIVMSG beto :hola$/)
  assert.match((await eva.ask('PRIVMSG caro :hola')).join(), / 407 eva caro :Empezaste 200 conversaciones /)
  await beto.ask('PRIVMSG eva :qué hay')
  await eva.ask('PRIVMSG caro :hola')
  await caro.expect(/ PRIVMSG caro :hola$/)
  dora.say('/idioma en')
  dora.say('/private beto hi')
  dora.say('/private caro hi')
  await dora.expect('You have started 200 conversations that nobody has answered yet.')
})
