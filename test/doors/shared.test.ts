// What all doors share is enough for another one, which gets the rate limit without asking for it.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import { LocalBus } from '../../src/bus/local.ts'
import { Place } from '../core/memory-chat.ts'
import { patiently } from '../tools/patiently.ts'
import { answer } from './toy-door.ts'

/** Turns that a person has at once, and in each second (core/limits/rate-limit.ts). */
const AT_ONCE = 300
const A_SECOND = 20

test('a fourth door of thirty lines cannot forget the rate limit', async () => {
  using place = new Place(undefined, { bus: new LocalBus(), limits: true })
  await place.register('ana')
  await place.register('beto')
  using toy = await listening(place)
  const [ana, beto] = [await toy.call('ana'), await toy.call('beto')]
  const texts = Array.from({ length: AT_ONCE + A_SECOND }, (_, i) => `${i}`)
  const start = performance.now()
  ana.say(...texts)
  beto.say('hola')
  const isNumber = (text: string) => /^\d+$/.test(text)
  await patiently(
    () => beto.heard.filter(isNumber).length === texts.length,
    () => `beto heard ${beto.heard.length}`,
  )
  const took = performance.now() - start
  assert.deepEqual(beto.heard.filter(isNumber), texts, 'all of them, in order')
  assert.ok(took > 900, `the last ones waited for their turns: ${took} ms`)
  assert.notEqual(beto.heard.at(-1), 'hola', 'nobody else waits')
  assert.deepEqual(place.troubles, [])
})

async function listening(place: Place) {
  const sockets: Socket[] = []
  const server = createServer(socket => answer(socket, place.chat)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    /** Logs in, and resolves when what is said is heard. */
    async call(username: string) {
      const socket = connect(port, '127.0.0.1').setEncoding('utf8')
      sockets.push(socket)
      const heard: string[] = []
      let rest = ''
      socket.on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n')
        rest = lines.pop() ?? ''
        heard.push(...lines)
      })
      const say = (...texts: string[]) => socket.write(texts.map(text => `${text}\n`).join(''))
      say(`${username} x`, 'ready')
      await patiently(
        () => heard.includes('ready'),
        () => `${username} never came in`,
      )
      heard.length = 0
      return { say, heard }
    },
    [Symbol.dispose]: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
