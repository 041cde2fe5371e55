// Several servers, each a process of its own, on one PostgreSQL and one NATS; and a load balancer in front.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NatsServer } from './nats.ts'
import { Postgres } from './postgres.ts'
import { lacking } from './programs.ts'
import { oneOf } from './random.ts'
import { type ServerOptions, ServerProcess } from './server.ts'
import { tie } from './tied.ts'

/** For a suite's `skip`. */
export const lacksCluster = lacking('postgres', 'nats-server')

interface NodeOptions extends Pick<ServerOptions, 'edits' | 'env'> {
  /** The URL of NATS, if it goes through a proxy. */
  readonly bus?: string
}

export class Cluster implements AsyncDisposable {
  readonly postgres: Postgres
  readonly nats: NatsServer
  /** The database's. */
  readonly url: string
  readonly #folder: string
  readonly #args: readonly string[]
  readonly #nodes: ServerProcess[] = []
  readonly #ports: number[] = []
  /** All that is to be ended and removed. */
  #parts = new AsyncDisposableStack()

  private constructor(parts: {
    postgres: Postgres
    nats: NatsServer
    folder: string
    url: string
    args: readonly string[]
  }) {
    this.postgres = parts.postgres
    this.nats = parts.nats
    this.#folder = parts.folder
    this.url = parts.url
    this.#args = parts.args
  }

  static async start(count: number, ...args: readonly string[]): Promise<Cluster> {
    await using stack = new AsyncDisposableStack() // what has started is ended when another part does not start
    const postgres = stack.use(await Postgres.start())
    const nats = stack.use(await NatsServer.start())
    const folder = await mkdtemp(join(tmpdir(), 'tertulia-nodes-'))
    stack.defer(() => rm(folder, { recursive: true, force: true }))
    const cluster = new Cluster({ postgres, nats, folder, url: await postgres.chat(), args })
    stack.defer(() => cluster.#stopNodes())
    for (let i = 0; i < count; i++) await cluster.startNode(i)
    cluster.#parts = stack.move()
    return cluster
  }

  /** Runs a statement on the database. */
  async query(text: string): Promise<readonly Record<string, unknown>[]> {
    return this.postgres.query(new URL(this.url).pathname.slice(1), text)
  }

  node(i: number): ServerProcess {
    return this.#nodes[i] ?? assert.fail(`no node ${i}`)
  }

  get nodes(): readonly ServerProcess[] {
    return this.#nodes
  }

  /** Starts the node, on its old port if it had one. */
  async startNode(i: number, { bus = this.nats.url, ...options }: NodeOptions = {}): Promise<ServerProcess> {
    const port = this.#ports[i] ?? 0
    const where = ['--store', this.url, '--bus', bus]
    // A server that others can reach must have limits.
    const limits = this.#args.includes('--public-url') ? [] : ['--no-limits']
    const server = await ServerProcess.spawn({
      ...options,
      data: join(this.#folder, `${i}`),
      args: [...where, ...limits, '--port', `${port}`, ...this.#args],
    })
    this.#nodes[i] = server
    await server.listening()
    this.#ports[i] = server.port
    return server
  }

  /** Starts the node again and again until it finds its database, as a supervisor would. */
  async startNodeUntilUp(i: number, options: NodeOptions = {}): Promise<ServerProcess> {
    for (;;) {
      try {
        return await this.startNode(i, options)
      } catch (error) {
        if (!String(error).includes('no responde o no deja escribir')) throw error
      }
    }
  }

  async #stopNodes(): Promise<void> {
    for (const node of this.#nodes) node.signal('SIGCONT')
    await Promise.all(this.#nodes.map(node => node[Symbol.asyncDispose]()))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.disposeAsync()
  }
}

/** Hands connections to the ports in turn. */
export class Balancer implements Disposable {
  readonly #server = createServer(client => this.#join(client))
  readonly #ports: () => readonly number[]
  readonly #sockets = new Set<Socket>()
  #next = 0

  private constructor(ports: () => readonly number[]) {
    this.#ports = ports
  }

  static async before(ports: () => readonly number[]): Promise<Balancer> {
    const balancer = new Balancer(ports)
    await once(balancer.#server.listen(0, '127.0.0.1'), 'listening')
    return balancer
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Cuts a random connection. */
  cut(): void {
    if (this.#sockets.size > 0) oneOf([...this.#sockets]).destroy()
  }

  #join(client: Socket): void {
    const ports = this.#ports()
    const server = connect(ports[this.#next++ % ports.length] ?? 0, '127.0.0.1')
    tie(client, server, this.#sockets)
    client.pipe(server).pipe(client)
  }

  [Symbol.dispose](): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }
}
