import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LineClient, MENU, PASSWORD } from '../tools/line-client.ts'
import { startServer } from '../tools/server.ts'

test('what ana says, beto reads; ana does not read herself, but her other connection does', async () => {
  await using server = await startServer()
  const ana = await server.register('ana')
  const beto = await server.register('beto')
  const anaAtHome = await server.logIn('ana')
  await ana.expect('Usuario beto se ha conectado.\n')
  ana.say('hola')
  await beto.expectExactly('ana: hola\n')
  await anaAtHome.expectExactly('ana: hola\n')
  beto.say('buenas')
  await ana.expectExactly('beto: buenas\n')
})
