// Group conversations can be left like rooms, in every door, and nobody is brought back.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bare, Irc } from '../tools/irc-client.ts'
import { quickServer, source } from './quick-server.ts'

test('members leave a group conversation in any door; who is brought back reads from then on', async t => {
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
  beto.say(`/privado &${id}`)
  await beto.expect(`* Estás en @ana (&${id}).\n`)
  beto.say('hola')
  await live.expect('hola', id)
  beto.say('/renombrar Proyecto final')
  await beto.expect('* beto llamó a esta conversación: Proyecto final\n')
  const mine = async () => (await ana.do('GET', '/rooms')).mine.find((room: { id: number }) => room.id === id)
  assert.equal((await mine())?.name, 'Proyecto final')
  beto.say('/dejar')
  await beto.expect('* Estás en #general.\n')
  assert.equal((await ana.do('GET', `/rooms/${id}/members`)).members.length, 1)

  await ana.do('PUT', `/rooms/${id}/members/beto`)
  beto.say(`/privado &${id}`)
  await beto.expect(`* Estás en @Proyecto final (&${id}).\n`)
  beto.say('/historial')
  await beto.expect('* Nada.\n')
  assert.notEqual((await ana.do('POST', '/direct', { people: ['caro', 'beto'] })).id, id, 'a new one')
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
