// What NATS adds to the Bus contract: bounds, authentication, and that it may be away.

import assert from 'node:assert/strict'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { connect, nkeys } from '@nats-io/transport-node'
import { NatsBus } from '../../src/bus/nats.ts'
import { connectionOptions } from '../../src/bus/nats-options.ts'
import { systemClock } from '../../src/cli/clock.ts'
import { HALL, KITCHEN, mark, message, NodeEar, numbers, RoomEar } from '../contracts/bus.ts'
import { Cable } from '../tools/cable.ts'
import { certificateIn } from '../tools/certificates.ts'
import { NatsServer } from '../tools/nats.ts'
import { credentialsOf, operatorConfiguration } from '../tools/nats-credentials.ts'
import { acquainted, NatsNode } from '../tools/nats-node.ts'
import { patiently } from '../tools/patiently.ts'
import { lacking } from '../tools/programs.ts'
import { temporaryFolder } from '../tools/server.ts'

const skip = lacking('nats-server')
/** By then three pings have found no answer, also on a slow machine. */
const PINGS_MS = 90_000

async function both(url: string, options: Parameters<typeof NatsNode.open>[2] = {}) {
  const nodes = [await NatsNode.open('uno', url, options), await NatsNode.open('dos', url, options)] as const
  await acquainted(nodes)
  const [one, other] = nodes
  return {
    one,
    other,
    async [Symbol.asyncDispose]() {
      await one[Symbol.asyncDispose]()
      await other[Symbol.asyncDispose]()
    },
  }
}

/** Waits until the other's subscription has reached NATS. */
async function listening({ one, other }: { one: NatsNode; other: NatsNode }): Promise<void> {
  const probe = new RoomEar(other.bus, KITCHEN)
  await patiently(
    () => {
      one.bus.publish(KITCHEN, [message(KITCHEN, 1)])
      return probe.heard.length > 0
    },
    () => 'nothing is heard',
  )
  probe.stop()
}

describe('the bus on NATS', { skip }, () => {
  let nats: NatsServer
  before(async () => {
    nats = await NatsServer.start()
  })
  after(() => nats.kill())

  test('a batch beyond the longest payload arrives in pieces', async () => {
    await using nodes = await both(nats.url)
    const ear = new RoomEar(nodes.other.bus, HALL)
    await listening(nodes)
    const long = 'á'.repeat(4000)
    const texts = numbers(1, 1000).map(seq => message(HALL, seq, long))
    nodes.one.bus.publish(HALL, texts)
    await patiently(
      () => ear.heard.length >= 1000,
      () => `${ear.heard.length} came`,
    )
    assert.deepEqual(ear.heard, texts)
  })

  test('an event beyond it becomes a hint', async () => {
    const folder = await temporaryFolder()
    await using small = await NatsServer.configured(folder, 'max_payload: 2048\n')
    await using nodes = await both(small.url)
    const ear = new RoomEar(nodes.other.bus, HALL)
    await listening(nodes)
    nodes.one.bus.publish(HALL, [message(HALL, 1), message(HALL, 2, 'x'.repeat(4000)), message(HALL, 3)])
    await patiently(
      () => ear.heard.length === 2,
      () => `${ear.seqs} came`,
    )
    assert.deepEqual([ear.seqs, ear.reached], [[1, 3], 2])
    await rm(folder, { recursive: true })
  })

  test('a node receives nothing of rooms in which nobody on it is', async () => {
    await using nodes = await both(nats.url)
    const { one, other } = nodes
    const ear = new RoomEar(other.bus, HALL)
    await listening(nodes)
    ear.stop()
    await other.bus.broadcast(mark(1)) // after the end of the subscription
    const people = new NodeEar(other.bus)
    const { received } = other.bus.counts
    for (const seq of numbers(1, 50)) one.bus.publish(HALL, [message(HALL, seq)])
    await one.bus.broadcast(mark(1))
    await patiently(
      () => people.heard.length > 0,
      () => 'the message after them never came',
    )
    assert.equal(other.bus.counts.received - received, 1)
  })

  test('messages of others are dropped and counted, and what follows is heard', async () => {
    await using nodes = await both(nats.url)
    const { other } = nodes
    const [ear, people] = [new RoomEar(other.bus, HALL), new NodeEar(other.bus)]
    await listening(nodes)
    const stranger = await connect({ servers: nats.url })
    const { foreign } = other.bus.counts
    const junk = [
      '',
      '{',
      'null',
      '[]',
      '{"node":"x"}',
      Buffer.alloc(100_000, 0xff),
      '{"node":{},"rows":[[]]}',
    ]
    for (const each of junk) {
      stranger.publish(`prueba.room.${HALL}`, each)
      stranger.publish('prueba.nodes', each)
    }
    await stranger.drain()
    await patiently(
      () => other.bus.counts.foreign - foreign >= 2 * junk.length,
      () => `${other.bus.counts.foreign - foreign} were dropped`,
    )
    nodes.one.bus.publish(HALL, [message(HALL, 1)])
    await nodes.one.bus.broadcast(mark(1))
    await patiently(
      () => ear.heard.length > 0 && people.heard.length > 0,
      () => 'nothing is heard any more',
    )
    assert.deepEqual([ear.seqs, people.heard, other.troubles], [[1], [mark(1)], []])
  })

  test('nodes of another epoch are ignored', async () => {
    await using nodes = await both(nats.url)
    const { foreign } = nodes.other.bus.counts
    await using stranger = await NatsNode.open('tres', nats.url, { epoch: () => 'otra' })
    await patiently(
      () => nodes.other.bus.counts.foreign > foreign,
      () => 'they never met',
    )
    assert.deepEqual([...nodes.other.bus.others], ['uno'])
    assert.deepEqual([...stranger.bus.others], [])
  })

  test('a NATS that accepts nothing is not waited for, and little is kept for it', async () => {
    using cable = await Cable.to(nats.port)
    await using nodes = await both(`nats://127.0.0.1:${cable.port}`)
    const { one } = nodes
    const ear = new RoomEar(one.bus, HALL)
    await listening(nodes)
    cable.pinch()
    const texts = numbers(1, 200).map(seq => message(HALL, seq, 'x'.repeat(4000)))
    for (let i = 0; i < 200; i++) one.bus.publish(HALL, texts) // 160 MB
    assert.equal(ear.heard.length, 200 * 200, 'this node hears all')
    assert.ok(one.bus.counts.unsent > 100, `${one.bus.counts.unsent} were left out`)
    cable.release()
    const { unsent } = one.bus.counts
    const there = new RoomEar(nodes.other.bus, KITCHEN)
    await patiently(
      () => {
        one.bus.publish(KITCHEN, [message(KITCHEN, 1)])
        return there.heard.length > 0
      },
      () => 'it never recovered',
    )
    one.bus.publish(KITCHEN, [message(KITCHEN, 1)])
    assert.ok(one.bus.counts.unsent - unsent < 10_000)
  })

  test('a NATS that accepts nothing for a moment is sent to again, also where its payloads are long', async () => {
    const folder = await temporaryFolder()
    await using large = await NatsServer.configured(folder, 'max_payload: 8388608\n')
    using cable = await Cable.to(Number(new URL(large.url).port))
    await using nodes = await both(`nats://127.0.0.1:${cable.port}`)
    const { one, other } = nodes
    await listening(nodes)
    cable.pinch()
    const texts = numbers(1, 1800).map(seq => message(HALL, seq, 'x'.repeat(4000)))
    one.bus.publish(HALL, texts.slice(0, 300)) // 1.2 MB: they are to be confirmed
    for (let i = 0; i < 6; i++) one.bus.publish(HALL, texts) // 7 MB each, until one goes far beyond what may be unconfirmed
    cable.release()
    const ear = new RoomEar(other.bus, KITCHEN)
    await patiently(
      () => {
        one.bus.publish(KITCHEN, [message(KITCHEN, 1)])
        return ear.heard.length > 0
      },
      () => 'it never recovered',
    )
    await rm(folder, { recursive: true })
  })

  test('a connection of which NATS takes nothing any more is given up, and made anew', async () => {
    using cable = await Cable.to(nats.port)
    await using one = await NatsNode.open('uno', `nats://127.0.0.1:${cable.port}`)
    await using other = await NatsNode.open('dos', nats.url)
    await acquainted([one, other])
    cable.pinch()
    const texts = numbers(1, 200).map(seq => message(HALL, seq, 'x'.repeat(4000)))
    for (let i = 0; i < 80; i++) one.bus.publish(HALL, texts) // 64 MB, more than is sent unconfirmed
    await patiently(
      () => one.problem !== undefined,
      () => 'nobody is told',
      undefined,
      PINGS_MS,
    )
    cable.release()
    await patiently(
      () => one.problem === undefined,
      () => `it stays away: ${one.problem}`,
    )
    const ear = new RoomEar(other.bus, KITCHEN)
    await patiently(
      () => {
        one.bus.publish(KITCHEN, [message(KITCHEN, 1)])
        return ear.heard.length > 0
      },
      () => 'nothing is heard',
    )
  })

  test('a node that starts while NATS is away says so, and joins when NATS is back', async () => {
    await using late = await NatsServer.start()
    await late.kill()
    await using one = await NatsNode.open('uno', late.url)
    assert.notEqual(one.problem, undefined)
    const ear = new RoomEar(one.bus, HALL)
    one.bus.publish(HALL, [message(HALL, 1)])
    await one.bus.broadcast(mark(1))
    assert.deepEqual(ear.seqs, [1])
    await late.start()
    await patiently(
      () => one.problem === undefined,
      () => `it stays away: ${one.problem}`,
    )
    await using other = await NatsNode.open('dos', late.url)
    await acquainted([one, other])
    await patiently(
      () => {
        other.bus.publish(HALL, [message(HALL, 2)])
        return ear.seqs.includes(2)
      },
      () => 'the room is not listened to',
    )
  })

  test('of several servers one is enough', async () => {
    const dead = await NatsServer.start()
    await dead.kill()
    await using node = await NatsNode.open('uno', dead.url, { urls: [dead.url, nats.url] })
    assert.equal(node.problem, undefined)
  })
})

describe('who we are, to NATS', { skip }, () => {
  let folder: string
  before(async () => {
    folder = await temporaryFolder()
  })
  after(() => rm(folder, { recursive: true }))

  /** Asserts that the server accepts these credentials, and no others. */
  async function letsIn(server: NatsServer, shown: Parameters<typeof NatsNode.open>[2]): Promise<void> {
    await using right = await NatsNode.open('uno', server.url, shown)
    assert.equal(right.problem, undefined)
    await using wrong = await NatsNode.open('dos', server.url)
    assert.notEqual(wrong.problem, undefined)
  }

  test('a user and a password in the address', async () => {
    const lock = 'authorization { user: "ter tulia", password: "a:b@c" }\n'
    await using server = await NatsServer.configured(folder, lock)
    const url = server.url.replace('//', '//ter%20tulia:a%3Ab%40c@')
    await letsIn(server, { urls: [url] })
    await using wrong = await NatsNode.open('tres', url.replace('a%3A', 'z'))
    assert.match(wrong.problem ?? '', /authorization/i)
  })

  test('a token in the address', async () => {
    await using server = await NatsServer.configured(folder, 'authorization { token: "s3cret" }\n')
    await letsIn(server, { urls: [server.url.replace('//', '//s3cret@')] })
  })

  test('the seed of an nkey in a file', async () => {
    const user = nkeys.createUser()
    const lock = `authorization { users: [ { nkey: ${user.getPublicKey()} } ] }\n`
    await using server = await NatsServer.configured(folder, lock)
    const credentials = join(folder, 'user.nk')
    await writeFile(credentials, `${Buffer.from(user.getSeed()).toString()}\n`)
    await letsIn(server, { credentials })
  })

  test('a file of credentials, with a JWT and its seed', async () => {
    const { configuration, account } = operatorConfiguration()
    await using server = await NatsServer.configured(folder, configuration)
    const credentials = join(folder, 'user.creds')
    await writeFile(credentials, credentialsOf(account))
    await letsIn(server, { credentials })
  })

  test('TLS, to a server with a trusted certificate', async () => {
    const { cert, key } = certificateIn(folder)
    await using server = await NatsServer.configured(
      folder,
      `tls { cert_file: "${cert}", key_file: "${key}" }\n`,
    )
    const url = server.url.replace('nats:', 'tls:').replace('127.0.0.1', 'localhost')
    await using right = await NatsNode.open('uno', url, { tls: { ca: cert } })
    assert.equal(right.problem, undefined)
    await using wrong = await NatsNode.open('dos', url)
    assert.match(wrong.problem ?? '', /certificate/i)
  })
})

test('invalid settings are refused at once, without quoting their secrets', async () => {
  const options = {
    node: 'uno',
    prefix: 'prueba',
    epoch: () => '',
    clock: systemClock,
    degraded: () => {},
    onError: () => {},
  }
  await assert.rejects(NatsBus.open({ ...options, urls: ['http://ana:secreto@host'] }), (error: Error) => {
    assert.match(error.message, /http:\/\/…@host is no address/)
    return true
  })
  await assert.rejects(NatsBus.open({ ...options, urls: ['nats://host'], prefix: 'a b' }), /a b/)
  await assert.rejects(NatsBus.open({ ...options, urls: ['nats://host'], credentials: '/nowhere' }), /ENOENT/)
  await assert.rejects(NatsBus.open({ ...options, urls: ['nats://host'], tls: { ca: '/nowhere' } }), /ENOENT/)
})

test('an address may be a name alone, with or without a port', () => {
  const servers = (url: string) => connectionOptions({ urls: [url] }).servers
  assert.deepEqual(servers('nats.example'), ['nats.example'])
  assert.deepEqual(servers('nats.example:4333'), ['nats.example:4333'])
  assert.deepEqual(servers('nats://[::1]:4333'), ['[::1]:4333'])
  assert.equal(connectionOptions({ urls: ['nats.example'] }).tls, undefined)
  assert.deepEqual(connectionOptions({ urls: ['tls://nats.example'] }).tls, {})
})
