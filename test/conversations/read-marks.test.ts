// What the line door has shown is read, as soon as whoever it was shown to types a command; what it left out is not.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openServer } from '../tools/hosted.ts'
import type { LineClient } from '../tools/line-client.ts'
import { patiently } from '../tools/patiently.ts'
import type { Server } from '../tools/server.ts'
import type { Web } from '../tools/web-client.ts'

const QUIET = { args: ['--no-limits'] }

/** Waits until so much is unread there. */
async function unread(web: Web, room: string, wanted: number): Promise<void> {
  let last: unknown
  await patiently(
    async () => {
      const { mine } = await web.do('GET', '/rooms')
      last = mine.find((each: { name: string }) => each.name === room)?.unread
      return last === wanted
    },
    () => `${last} unread in ${room}, not ${wanted}`,
  )
}

/** Somebody's line, and what another door says of them. */
async function both(server: Server, username: string): Promise<readonly [LineClient, Web]> {
  const line = await server.register(username)
  return [line, await server.web.logIn(username)]
}

async function sayAll(web: Web, room: string, texts: number): Promise<void> {
  for (let i = 1; i <= texts; i++) await web.do('POST', `/rooms/${room}/messages`, { text: `m${i}` })
}

test('any command marks what was shown as read', async () => {
  await using server = await openServer(QUIET)
  const ana = await server.web.register('ana')
  const [beto, betoWeb] = await both(server, 'beto')
  await sayAll(ana, 'general', 3)
  await beto.expect('ana: m3\n')
  await unread(betoWeb, 'general', 3)
  beto.say('/ayuda')
  await unread(betoWeb, 'general', 0)
})

test('switching to a room marks it as read, and so does its history; other rooms stay unread', async () => {
  await using server = await openServer(QUIET)
  const ana = await server.web.register('ana')
  const [beto, betoWeb] = await both(server, 'beto')
  for (const name of ['club', 'plaza']) {
    await ana.do('POST', '/rooms', { name })
    beto.say(`/unirse ${name}`)
    await beto.expect(`* Estás en #${name}.\n`)
    beto.say('/avisos nada')
    await beto.expect(': nada')
  }
  beto.say('/unirse general')
  await beto.expect('* Estás en #general.\n')
  await sayAll(ana, 'club', 5)
  await sayAll(ana, 'plaza', 5)
  await unread(betoWeb, 'club', 5)
  beto.say('/unirse club')
  await beto.expect('ana: m5\n')
  await unread(betoWeb, 'club', 0)
  await unread(betoWeb, 'plaza', 5)
})

test('of exactly 200 unread messages all are shown, and nothing is said to be missing', async () => {
  await using server = await openServer(QUIET)
  const ana = await server.web.register('ana')
  const [beto, betoWeb] = await both(server, 'beto')
  await ana.do('POST', '/rooms', { name: 'club' })
  beto.say('/unirse club')
  await beto.expect('* Estás en #club.\n')
  beto.say('/avisos nada')
  await beto.expect(': nada')
  beto.say('/unirse general')
  await beto.expect('* Estás en #general.\n')
  await sayAll(ana, 'club', 200)
  beto.say('/unirse club')
  assert.doesNotMatch(await beto.expect('ana: m1\n'), /hay más sin leer/)
  await beto.expect('ana: m200\n')
  await unread(betoWeb, 'club', 0)
})

test('of very many unread messages the last 200 are shown, and the read mark waits for the rest', async () => {
  await using server = await openServer(QUIET)
  const ana = await server.web.register('ana')
  const [before, betoWeb] = await both(server, 'beto')
  before.say('salir')
  await before.closed
  await sayAll(ana, 'general', 230)
  const beto = await server.logIn('beto')
  await beto.expect('* Antes de estos hay más sin leer: /historial 200 ')
  const number = (await beto.expect('\n')).trim()
  await beto.expect('ana: m230\n')
  beto.say('/ayuda')
  beto.say('/perfil')
  await beto.expect('beto — Beto')
  await unread(betoWeb, 'general', 100) // counting stops there
  beto.say(`/historial 200 ${number}`)
  await beto.expect('ana: m1\n')
  await unread(betoWeb, 'general', 0)
})
