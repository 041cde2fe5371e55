// The contract of the Bus port; each implementation provides a factory.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ClusterMessage } from '../../src/core/cluster/cluster-messages.ts'
import type { Message, NodeId, RoomEvent, RoomId, Seq } from '../../src/core/model/model.ts'
import type { Bus, NodeListener } from '../../src/core/ports/bus.ts'
import { patiently } from '../tools/patiently.ts'

export interface Joined extends AsyncDisposable {
  /** One bus for each node; all know each other. */
  readonly nodes: readonly Bus[]
}

export const [HALL, KITCHEN] = [7 as RoomId, 8 as RoomId]

export function message(room: RoomId, seq: number, text = `texto ${seq}`): Message {
  const author = { id: 3, username: 'ana' } as Message['author']
  return {
    kind: 'message',
    room,
    seq: seq as Seq,
    author,
    at: 1_700_000_000_000 as Message['at'],
    text,
    format: 'plain',
  }
}

export function mark(seq: number): ClusterMessage {
  return { kind: 'marked', person: 3 as never, room: HALL, seq: seq as Seq }
}

/** Records what a node hears of a room, and how far the log is said to reach. */
export class RoomEar {
  readonly heard: RoomEvent[] = []
  reached = 0
  readonly stop: () => void

  constructor(bus: Bus, room: RoomId) {
    this.stop = bus.subscribe(room, {
      receive: events => this.heard.push(...events),
      reaches: seq => {
        this.reached = seq
      },
    })
  }

  get seqs(): number[] {
    return this.heard.map(each => ('seq' in each ? each.seq : 0))
  }
}

/** Records the cluster messages that a node receives. */
export class NodeEar implements NodeListener {
  readonly heard: ClusterMessage[] = []
  readonly from: NodeId[] = []
  readonly lost: NodeId[] = []
  readonly left: NodeId[] = []
  returns = 0
  deafs = 0

  constructor(bus: Bus) {
    bus.listen(this)
  }

  async receive(message: ClusterMessage, from: NodeId): Promise<void> {
    this.heard.push(message)
    this.from.push(from)
  }

  missed = (node: NodeId) => void this.lost.push(node)
  gone = (node: NodeId) => void this.left.push(node)
  reconnected = () => void this.returns++
  disconnected = () => void this.deafs++
}

export function busContract(kind: string, open: () => Promise<Joined>): void {
  describe(`the bus contract, on ${kind}`, () => {
    test('this node hears the events of a room at once, in order, and none of other rooms', async () => {
      await using joined = await open()
      for (const bus of joined.nodes) {
        const [hall, kitchen] = [new RoomEar(bus, HALL), new RoomEar(bus, KITCHEN)]
        bus.publish(HALL, [message(HALL, 1), message(HALL, 2)])
        bus.publish(KITCHEN, [message(KITCHEN, 1)])
        bus.publish(HALL, [message(HALL, 3)])
        assert.deepEqual([hall.seqs, kitchen.seqs], [[1, 2, 3], [1]])
        hall.stop()
        kitchen.stop()
      }
    })

    test('all listeners of a room hear it, and one that stops hears nothing more', async () => {
      await using joined = await open()
      const [bus] = joined.nodes as [Bus]
      const [one, other] = [new RoomEar(bus, HALL), new RoomEar(bus, HALL)]
      bus.publish(HALL, [message(HALL, 1)])
      one.stop()
      bus.publish(HALL, [message(HALL, 2)])
      other.stop()
      bus.publish(HALL, [message(HALL, 3)])
      assert.deepEqual([one.seqs, other.seqs], [[1], [1, 2]])
      const again = new RoomEar(bus, HALL)
      bus.publish(HALL, [message(HALL, 4)])
      assert.deepEqual(again.seqs, [4])
    })

    test('this node hears its own broadcasts at once, and broadcasting waits for what it does then', async () => {
      await using joined = await open()
      const [bus] = joined.nodes as [Bus]
      const done: string[] = []
      const stop = bus.listen({
        async receive(message, from) {
          done.push(`${from} ${message.kind}`)
          await new Promise(resolve => setImmediate(resolve))
          done.push('done')
        },
        missed: assert.fail,
        gone: assert.fail,
        reconnected: () => {},
        disconnected: () => {},
      })
      const telling = bus.broadcast(mark(1))
      assert.deepEqual(done, [`${bus.node} marked`])
      await telling
      assert.deepEqual(done, [`${bus.node} marked`, 'done'])
      stop()
      await bus.broadcast(mark(2))
      assert.equal(done.length, 2, 'who stopped hearing hears nothing more')
    })

    test('broadcasting fails when this node can’t do what follows from it', async () => {
      await using joined = await open()
      const [bus] = joined.nodes as [Bus]
      const failing = async () => {
        throw new Error('no')
      }
      bus.listen({
        receive: failing,
        missed: () => {},
        gone: () => {},
        reconnected: () => {},
        disconnected: () => {},
      })
      await assert.rejects(bus.broadcast(mark(1)), /no/)
    })

    test('every node has an id of its own, and knows the others', async () => {
      await using joined = await open()
      const all = new Set(joined.nodes.map(({ node }) => node))
      assert.equal(all.size, joined.nodes.length)
      for (const { node, others } of joined.nodes)
        assert.deepEqual(new Set(others), all.difference(new Set([node])))
    })

    test('what one broadcasts and publishes, each of the others hears once, in order', async () => {
      await using joined = await open()
      const [bus, ...others] = joined.nodes as [Bus, ...Bus[]]
      const ears = others.map(each => ({ hall: new RoomEar(each, HALL), people: new NodeEar(each) }))
      const own = { hall: new RoomEar(bus, HALL), people: new NodeEar(bus) }
      await listenedTo(bus, others)
      for (let i = 1; i <= 100; i++) {
        bus.publish(HALL, [message(HALL, 2 * i), message(HALL, 2 * i + 1)])
        await bus.broadcast(mark(i))
      }
      const [texts, marks] = [numbers(2, 201), numbers(1, 100)]
      for (const { hall, people } of [own, ...ears]) {
        const heard = () => people.heard.flatMap(each => (each.kind === 'marked' ? [each.seq] : []))
        await patiently(
          () => heard().length >= 100 && hall.seqs.length >= 200,
          () => `${heard().length} messages, ${hall.seqs.length} events`,
        )
        assert.deepEqual([hall.seqs, heard()], [texts, marks])
        assert.deepEqual(new Set(people.from), new Set([bus.node]))
        assert.deepEqual(people.lost, [])
      }
    })
  })
}

/** Waits until the others hear what this one publishes in rooms to which they have subscribed. */
async function listenedTo(bus: Bus, others: readonly Bus[]): Promise<void> {
  const probes = others.map(each => new RoomEar(each, KITCHEN))
  await patiently(
    () => {
      bus.publish(KITCHEN, [message(KITCHEN, 1)])
      return probes.every(({ heard }) => heard.length > 0)
    },
    () => 'the others never heard it',
  )
  for (const { stop } of probes) stop()
}

export function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i)
}
