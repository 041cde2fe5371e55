// The CPU time that a message costs the node that delivers it, published there or on another node: node bench/nodes.ts
// Delivers to real sockets; the messages come in batches, one a millisecond. No store is involved.

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { LocalBus } from '../src/bus/local.ts'
import { NatsBus } from '../src/bus/nats.ts'
import { systemClock } from '../src/cli/clock.ts'
import { RoomFeed } from '../src/core/log/feed.ts'
import { History } from '../src/core/log/history.ts'
import { Pacer } from '../src/core/log/pacer.ts'
import { Seat } from '../src/core/log/seat.ts'
import { Subscriber } from '../src/core/log/subscriber.ts'
import { Visibility } from '../src/core/log/visibility.ts'
import type { Author, Instant, Message, RoomEvent, RoomId, Seq, UserId } from '../src/core/model/model.ts'
import type { Bus } from '../src/core/ports/bus.ts'
import type { Log } from '../src/core/ports/log.ts'
import { Cohort } from '../src/doors/shared/cohort.ts'
import { NatsServer } from '../test/tools/nats.ts'

const ROOM = 7 as RoomId
const BATCH = 20
const MESSAGES = 40_000
const ROOM_SIZES = [10, 100, 500]
const ROUNDS = 3

const cohort = new Cohort<RoomEvent>(each =>
  each.kind === 'message' ? `${each.author.username}: ${each.text}\r\n` : '',
)

const [, , part, ...args] = process.argv
if (part === 'drain') drain(Number(args[0]), Number(args[1]))
else if (part === 'publish') await publishOn(await openBus('publisher', args[0] ?? ''))
else if (part === 'deliver') process.stdout.write(`${await deliver(Number(args[0]), args[1])}\n`)
else await compare()

async function compare(): Promise<void> {
  await using nats = await NatsServer.start()
  for (const seats of ROOM_SIZES) {
    const costs: Record<'here' | 'there', number[]> = { here: [], there: [] }
    for (let i = 0; i < ROUNDS; i++) {
      costs.here.push(await measured('deliver', `${seats}`))
      costs.there.push(await measured('deliver', `${seats}`, nats.url))
    }
    const [here, there] = [Math.min(...costs.here), Math.min(...costs.there)]
    const more = ((there / here - 1) * 100).toFixed(0)
    process.stdout.write(
      `${seats} sockets: ${here.toFixed(1)} µs of CPU a message published here, ${there.toFixed(1)} there (${more} % more)\n`,
    )
  }
}

/** Runs a part in a process of its own. @returns the number that it prints */
async function measured(...parts: string[]): Promise<number> {
  const child = fork(import.meta.filename, parts, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
  let output = ''
  child.stdout?.setEncoding('utf8').on('data', chunk => {
    output += chunk
  })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`${parts.join(' ')} ended with ${code}`)
  return Number(output)
}

/**
 * @param url of the NATS over which another process publishes; undefined: this one does. @returns µs of CPU per
 * message
 */
async function deliver(seats: number, url: string | undefined): Promise<number> {
  const bus = url === undefined ? new LocalBus() : await openBus('deliverer', url)
  const log: Log = { ...({} as Log), readInTurn: async () => [] }
  const onError = (error: unknown) => console.error(error)
  const [pacer, history] = [new Pacer(systemClock), new History(log)]
  const feed = new RoomFeed(ROOM, { log, bus, clock: systemClock, pacer, history, onError })
  feed.start(0 as Seq)
  for (const socket of await connected(seats)) sit(feed, socket)
  const publisher = url === undefined ? undefined : fork(import.meta.filename, ['publish', url])
  const publishing = publisher ?? publishOn(bus)
  if (publisher) while (feed.delivered === 0) await sleep(1)
  const [before, already] = [process.cpuUsage(), feed.delivered]
  while (feed.delivered < MESSAGES) await sleep(5)
  const { user, system } = process.cpuUsage(before)
  await (publisher ? undefined : publishing)
  setTimeout(() => process.exit(), 200)
  return (user + system) / (MESSAGES - already)
}

function sit(feed: RoomFeed, socket: Socket): void {
  const person = { id: 1 as UserId, username: 'oyente' } satisfies Author
  const write = (bytes: Uint8Array) => {
    socket.write(bytes)
    return true
  }
  const seat = new Seat(feed, new Subscriber({ write }), {
    person,
    cohort,
    visibility: new Visibility(
      person,
      { blocked: new Set(), direct: false, level: 'everything', isInTeam: () => false },
      true,
    ),
    after: 0 as Seq,
    echoes: true,
    watcher: { progressed() {}, failed: error => console.error(error), removed() {} },
  })
  feed.join(seat)
  seat.begin()
}

/** Opens sockets whose other ends are read by a process of their own. */
async function connected(count: number): Promise<Socket[]> {
  const sockets: Socket[] = []
  const server = createServer(socket => sockets.push(socket.setNoDelay(true).on('error', () => {})))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const reader = fork(import.meta.filename, ['drain', `${port}`, `${count}`])
  process.on('exit', () => reader.kill())
  while (sockets.length < count) await sleep(5)
  return sockets
}

function drain(port: number, count: number): void {
  const onread = { buffer: Buffer.alloc(1 << 16), callback: () => true }
  for (let i = 0; i < count; i++) connect({ port, host: '127.0.0.1', onread }).on('error', () => {})
}

async function publishOn(bus: Bus): Promise<void> {
  const author = { id: 2 as UserId, username: 'ana' }
  while (bus instanceof NatsBus && bus.others.size === 0) await sleep(5)
  await sleep(200)
  for (let seq = 0; seq < MESSAGES; seq += BATCH) {
    const batch = Array.from({ length: BATCH }, (_, i): Message => {
      const text = `hola a todos, este es el mensaje número ${seq + i + 1}`
      const at = 1_700_000_000_000 as Instant
      return { kind: 'message', room: ROOM, seq: (seq + i + 1) as Seq, author, at, text, format: 'plain' }
    })
    bus.publish(ROOM, batch)
    await sleep(1)
  }
  if (bus instanceof NatsBus) await bus.close()
}

function openBus(node: string, url: string): Promise<NatsBus> {
  return NatsBus.open({
    urls: [url],
    node,
    prefix: 'bench',
    epoch: () => 'bench',
    clock: systemClock,
    degraded: problem => problem && console.error(problem),
    onError: error => console.error(error),
  })
}
