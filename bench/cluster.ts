// Three nodes on one PostgreSQL and one NATS, all on this machine: how many posts a second in fifty rooms reach a
// listener on another node, and how long one takes. Each room has its writer on one node and its listener on the
// next.

import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Cluster } from '../test/tools/cluster.ts'
import { PASSWORD } from '../test/tools/line-client.ts'
import type { Web } from '../test/tools/web-client.ts'
import type { Bench, Finding } from './finding.ts'
import { quantile } from './timed.ts'

const NODES = 3
const ROOMS = 50
const SECONDS = 5
const WARM_UP_MS = 1_500
/** Posts in flight over all rooms: one in each, two, four. */
const FEW = [ROOMS, 2 * ROOMS, 4 * ROOMS]
/** 256 for each node. */
const MANY = NODES * 256
const RATE = 1_000
/** Characters of a post, as in load.c. */
const TEXT = 56

/** A writer and a listener, and the posts in flight between them. */
class Pair {
  readonly #writer: Socket
  readonly took: number[] = []
  received = 0
  #inFlight = 0
  #sent = 0
  #rest = ''

  constructor(writer: Socket, listener: Socket) {
    this.#writer = writer
    listener.removeAllListeners('data').on('data', text => this.#hear(`${text}`))
  }

  /** How many posts to keep in flight. */
  window = 0

  send(): void {
    this.#inFlight++
    this.#writer.write(`${`${performance.now()} ${this.#sent++} `.padEnd(TEXT, 'x')}\n`)
  }

  fill(): void {
    while (this.#inFlight < this.window) this.send()
  }

  #hear(text: string): void {
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) {
      const [, sent] = /: ([\d.]+) \d+ x*$/.exec(line) ?? []
      if (sent === undefined) continue
      this.#inFlight--
      this.received++
      this.took.push(performance.now() - Number(sent))
    }
    this.fill()
  }
}

export async function nodes(_: Bench): Promise<Finding[]> {
  await using cluster = await Cluster.start(NODES)
  const pairs = await pairsOf(cluster)
  // First, since after the others their texts are still being indexed.
  const took = await openLoop(pairs)
  const few: number[] = []
  for (const inFlight of FEW) few.push(await closedLoop(pairs, inFlight))
  const many = await closedLoop(pairs, MANY)
  return [
    [
      `${NODES} nodes, ${ROOMS} rooms, ${FEW.join(', ')} posts on their way: posts/s, to a listener on another node`,
      few.map(each => each.toFixed(0)).join(', '),
    ],
    [`the same with ${MANY / NODES} on their way for each node`, many.toFixed(0)],
    [
      `the same at ${RATE} posts/s: from the writer's socket to the listener's on another node, ms`,
      `${quantile(took, 0.5).toFixed(1)}, p99 ${quantile(took, 0.99).toFixed(1)}`,
    ],
  ]
}

async function pairsOf(cluster: Cluster): Promise<Pair[]> {
  const pairs: Pair[] = []
  for (let i = 0; i < ROOMS; i++) {
    const [here, there] = [cluster.node(i % NODES), cluster.node((i + 1) % NODES)]
    const writer = await here.web.register(`w${i}`)
    const listener = await there.web.register(`l${i}`)
    await writer.do('POST', '/rooms', { name: `sala${i}`, kind: 'open' })
    await listener.do('PUT', `/rooms/sala${i}/members/l${i}`)
    pairs.push(new Pair(await lineOf(here.web, `w${i}`, i), await lineOf(there.web, `l${i}`, i)))
  }
  return pairs
}

/** Logs in at the line door, and enters the room. */
async function lineOf({ origin }: Web, username: string, room: number): Promise<Socket> {
  const socket = connect({ port: Number(new URL(origin).port), host: '127.0.0.1', noDelay: true })
  socket.setEncoding('utf8').write(`1\n${username}\n${PASSWORD}\n/unirse sala${room}\n`)
  let heard = ''
  await new Promise<void>(resolve =>
    socket.on('data', text => {
      heard += text
      if (heard.includes(`* Estás en #sala${room}.`)) resolve()
    }),
  )
  return socket
}

/** @returns posts received a second, with that many in flight all the time */
async function closedLoop(pairs: readonly Pair[], inFlight: number): Promise<number> {
  pairs.forEach((pair, i) => {
    pair.window = Math.floor(inFlight / ROOMS) + (i < inFlight % ROOMS ? 1 : 0)
    pair.fill()
  })
  await sleep(WARM_UP_MS)
  const [before, start] = [received(pairs), performance.now()]
  await sleep(SECONDS * 1000)
  const rate = ((received(pairs) - before) / (performance.now() - start)) * 1000
  for (const pair of pairs) pair.window = 0
  await sleep(WARM_UP_MS)
  return rate
}

function received(pairs: readonly Pair[]): number {
  return pairs.reduce((sum, pair) => sum + pair.received, 0)
}

/** Sends at a steady rate. @returns how long each post took, in milliseconds */
async function openLoop(pairs: readonly Pair[]): Promise<number[]> {
  await sendSteadily(pairs, WARM_UP_MS)
  for (const pair of pairs) pair.took.length = 0
  await sendSteadily(pairs, SECONDS * 1000)
  await sleep(WARM_UP_MS)
  return pairs.flatMap(({ took }) => took)
}

async function sendSteadily(pairs: readonly Pair[], milliseconds: number): Promise<void> {
  const start = performance.now()
  for (let sent = 0; performance.now() - start < milliseconds; await sleep(1))
    for (; sent < ((performance.now() - start) / 1000) * RATE; sent++) pairs[sent % ROOMS]?.send()
}
