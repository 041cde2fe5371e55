// Nobody misses or doubles a message, whatever lies between: clients behind a proxy that cuts, delays, doubles and
// reorders, and a server that is killed three times.

import assert from 'node:assert/strict'
import type { Posted } from '../../src/clients/client/client.ts'
import { FrameProxy } from '../tools/frame-proxy.ts'
import { Listener, mustAgree, tokensOf } from '../tools/listener.ts'
import { patiently } from '../tools/patiently.ts'
import { ServerProcess, startServer } from '../tools/server.ts'

const KILLS = 3
/** Posts of one client that are under way at once. */
const AT_ONCE = 8
const LONG_MS = 480_000

interface Crowd {
  readonly clients: number
  readonly posts: number
}

export async function talkThroughCuts({ clients, posts }: Crowd): Promise<void> {
  let server = await startServer({ args: ['--no-limits'] })
  const { port, data } = server
  const owner = await server.web.register('ana')
  const people = await Promise.all(['beto', 'caro'].map(name => server.web.register(name)))
  const tokens = (await Promise.all(people.map(person => tokensOf(person, clients / 2)))).flat()
  using proxy = await FrameProxy.open(port, { cut: 0.001, double: 0.005, swap: 0.002, delay: 3 })
  const listeners = tokens.map(token => new Listener(owner.at(proxy.port).with(token), owner))
  const acknowledged = new Map<number, Posted>()
  let next = 0
  const talk = async ({ client }: Listener) => {
    while (next < posts) {
      const number = next++
      acknowledged.set(number, await client.post(1, `${number}`))
    }
  }
  const talking = listeners.flatMap(listener => Array.from({ length: AT_ONCE }, () => talk(listener)))
  try {
    for (let kill = 1; kill <= KILLS; kill++) {
      await patiently(
        () => acknowledged.size >= (posts * kill) / (KILLS + 1),
        () => `stuck at ${acknowledged.size}`,
        undefined,
        LONG_MS,
      )
      await server.kill()
      server = await restart(data, port)
    }
    await Promise.all(talking)
    proxy.calm = true
    await patiently(
      () => listeners.every(({ numbers }) => numbers.size >= posts),
      () => `incomplete: ${listeners.map(({ numbers }) => numbers.size).filter(size => size < posts)}`,
      undefined,
      LONG_MS,
    )
  } finally {
    for (const { client } of listeners) client.close()
    await server[Symbol.asyncDispose]()
  }
  mustAgree(listeners, { posts, acknowledged })
  // The busier the machine, the fewer and longer the frames, and each is cut as rarely.
  assert.ok(proxy.cuts > clients / 4, `only ${proxy.cuts} cuts`)
}

async function restart(data: string, port: number): Promise<ServerProcess> {
  const server = await ServerProcess.spawn({ data, args: ['--no-limits', '--port', `${port}`] })
  return server.listening()
}
