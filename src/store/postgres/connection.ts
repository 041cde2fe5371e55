// A connection to PostgreSQL that pipelines statements, each prepared once.

import { Socket } from 'node:net'
import pg from 'pg'
import { nearest, type Row, type Statement, sql, type Value } from '../scripts/sql.ts'
import { Unusable } from '../unusable.ts'
import { addressOf, type Server } from './servers.ts'

/** The connection is lost; statements without an answer may have run or not. */
export class ConnectionLost extends Error {}

const LONGEST_CONNECT_MS = 3_000
/** A server that has not answered for this long is taken for lost. */
const LONGEST_SILENCE_MS = 8_000
/** statement_timeout: PostgreSQL gives up before we do. */
const LONGEST_STATEMENT_MS = 7_000
/** lock_timeout: how long to wait for rows that another transaction has locked. */
const LONGEST_LOCK_MS = 5_000
/** idle_in_transaction_session_timeout: ends the transaction of a suspended node, whose locks others wait for. */
const LONGEST_PAUSE_MS = 4_000

/** A statement whose parameters may be bytes, too. */
export interface Query {
  /** The same array for the same place in the source. */
  readonly template: TemplateStringsArray
  readonly values: readonly (Value | Uint8Array)[]
}

export function query(template: TemplateStringsArray, ...values: (Value | Uint8Array)[]): Query {
  return { template, values }
}

/** What a server says of itself when we connect. */
export interface Greeting {
  /** The backend that serves this connection. */
  readonly pid: number
  /** The backend's start: a later one may have the same pid. */
  readonly since: string
  /** The server's time in milliseconds since 1970, read between the two following readings of our monotonic clock. */
  readonly now: number
  readonly sentAt: number
  readonly receivedAt: number
  readonly cluster: string
  readonly timeline: string
}

/** The SQLSTATE of a statement's error; undefined for any other error. */
export function stateOf(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined
}

export class Connection {
  readonly greeting: Greeting
  readonly #client: pg.Client
  readonly #socket: Socket
  readonly #prepared = new Map<TemplateStringsArray, { name: string; text: string }>()
  #names = 0
  #pending = 0
  #gathering = false
  #lost: Error | undefined
  readonly #loss = Promise.withResolvers<void>()
  readonly #silence: NodeJS.Timeout

  private constructor(client: pg.Client, socket: Socket, greeting: Greeting) {
    this.#client = client
    this.#socket = socket
    this.greeting = greeting
    this.#silence = setTimeout(() => {
      if (this.#pending > 0) this.destroy(new Error('no answer'))
    }, LONGEST_SILENCE_MS)
    this.#silence.unref()
  }

  /** @param node this node's id, which triggers read. Throws Unusable. */
  static async open(server: Server, node: string): Promise<Connection> {
    const { client, socket } = await openRaw(server)
    const late = setTimeout(() => socket.destroy(new Error('no answer')), LONGEST_CONNECT_MS)
    try {
      const connection = new Connection(client, socket, await greet(client, node))
      client.on('error', error => connection.destroy(error))
      client.on('end', () => connection.destroy(new Error('ended')))
      return connection
    } catch (error) {
      socket.destroy()
      throw error instanceof Unusable ? error : new Unusable('unreachable', `${addressOf(server)}: ${error}`)
    } finally {
      clearTimeout(late)
    }
  }

  /** Resolves when the connection is lost. */
  get lost(): Promise<void> {
    return this.#loss.promise
  }

  get isLost(): boolean {
    return this.#lost !== undefined
  }

  /** Rejects with ConnectionLost, or with PostgreSQL's error. */
  async ask({ template, values }: Query): Promise<readonly Row[]> {
    if (this.#lost) throw new ConnectionLost('it is lost', { cause: this.#lost })
    if (this.#pending++ === 0) this.#silence.refresh()
    this.#gather()
    try {
      const query = { ...this.#prepare(template), values: values.map(storable) }
      return (await this.#client.query<Row>(query)).rows
    } catch (error) {
      if (error instanceof pg.DatabaseError && error.severity === 'ERROR') throw error
      this.destroy(error instanceof Error ? error : new Error(String(error)))
      throw new ConnectionLost('it was lost', { cause: error })
    } finally {
      this.#pending--
      this.#silence.refresh()
    }
  }

  /** Sends the statements of one turn of the event loop in one piece. */
  #gather(): void {
    if (this.#gathering) return
    this.#gathering = true
    this.#socket.cork()
    process.nextTick(() => {
      this.#gathering = false
      this.#socket.uncork()
    })
  }

  /** Pipelines the statements. Once all have been answered, rejects with the first error if there is one. */
  async askAll(statements: readonly Statement[]): Promise<(readonly Row[])[]> {
    const answers = await Promise.allSettled(statements.map(statement => this.ask(statement)))
    return answers.map(answer => {
      if (answer.status === 'rejected') throw answer.reason
      return answer.value
    })
  }

  /** Runs SQL that may hold several statements, without preparing it. */
  async execute(statements: string): Promise<void> {
    await this.#client.query(statements)
  }

  /** Discards prepared statements, after another node has migrated the tables. */
  forget(): void {
    this.#prepared.clear()
  }

  #prepare(template: TemplateStringsArray): { name: string; text: string } {
    let prepared = this.#prepared.get(template)
    if (!prepared) {
      const text = template.reduce((left, right, i) => `${left}$${i}${right}`)
      prepared = { name: `s${this.#names++}`, text }
      this.#prepared.set(template, prepared)
    }
    return prepared
  }

  destroy(why: Error): void {
    this.#lost ??= why
    clearTimeout(this.#silence)
    this.#socket.destroy()
    this.#loss.resolve()
  }

  async close(): Promise<void> {
    if (this.#lost) return
    this.#lost = new Error('closed')
    clearTimeout(this.#silence)
    await this.#client.end().catch(() => {})
    this.#socket.destroy()
  }
}

/**
 * Replaces what no column can hold. PostgreSQL's text takes neither NUL nor lone surrogates, which core/model/rules.ts keeps
 * out of what people write, but not out of what a client uses as a key. An unsafe number becomes NULL, equal to nothing.
 */
function storable(value: Value | Uint8Array): string | Uint8Array | null {
  if (value instanceof Uint8Array) return value
  if (typeof value === 'number') return Number.isSafeInteger(value) ? `${value}` : null
  return value === null ? null : storableText(value)
}

/** The text with U+FFFD for NUL and lone surrogates. Texts within JSON need it, too. */
export function storableText(text: string): string {
  if (!text.includes('\0') && text.isWellFormed()) return text
  return text.replaceAll('\0', '\ufffd').toWellFormed()
}

// --- connecting ----------------------------------------------------------------------------------

interface RawConnection {
  readonly client: pg.Client
  readonly socket: Socket
}

async function openRaw(server: Server): Promise<RawConnection> {
  try {
    if (server.tls !== 'prefer') return await openRawWith(server, server.tls)
    return await openRawWith(server, { rejectUnauthorized: false }).catch(error => {
      if (!/does not support SSL/.test(String(error))) throw error
      return openRawWith(server, false)
    })
  } catch (error) {
    throw new Unusable(isDenied(error) ? 'denied' : 'unreachable', `${addressOf(server)}: ${error}`)
  }
}

async function openRawWith(server: Server, tls: Exclude<Server['tls'], 'prefer'>): Promise<RawConnection> {
  const socket = new Socket()
  const { host, port, user, password, database, options } = server
  const client = new pg.Client({
    host,
    port,
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password }),
    ...(database !== undefined && { database }),
    ...(options !== undefined && { options }),
    ssl: tls,
    stream: () => socket,
    keepAlive: true,
    pipeline: true,
    application_name: 'tertulia',
    connectionTimeoutMillis: LONGEST_CONNECT_MS,
    types: { getTypeParser },
  })
  client.on('error', () => {}) // connect() rejects with it
  try {
    await client.connect()
    return { client, socket }
  } catch (error) {
    socket.destroy()
    throw error
  }
}

/** By SQLSTATE: class 28, invalid authorization; 3D000, no such database; 42501, no right to connect to it. */
function isDenied(error: unknown): boolean {
  const state = stateOf(error) ?? ''
  return state.startsWith('28') || state === '3D000' || state === '42501'
}

/** Sets up the session, and reads what the server is, in one round trip. Throws Unusable. */
async function greet(client: pg.Client, node: string): Promise<Greeting> {
  const sentAt = performance.now()
  const { rows } = await client.query<Row>(
    `SELECT pg_backend_pid() AS pid,
            (SELECT backend_start::TEXT FROM pg_stat_activity WHERE pid = pg_backend_pid()) AS since,
            current_setting('transaction_read_only') AS read_only,
            current_setting('server_encoding') AS encoding,
            floor(extract(epoch FROM clock_timestamp()) * 1000)::BIGINT AS now,
            set_config('tertulia.node', $1, false), set_config('tertulia.lists', 'terms', false),
            set_config('client_encoding', 'UTF8', false),
            set_config('jit', 'off', false), set_config('lock_timeout', $2, false),
            set_config('statement_timeout', $3, false),
            set_config('idle_in_transaction_session_timeout', $4, false),
            -- What is answered is on disk, whatever the server's default.
            CASE current_setting('synchronous_commit') WHEN 'off' THEN set_config('synchronous_commit', 'on', false) END`,
    [node, `${LONGEST_LOCK_MS}`, `${LONGEST_STATEMENT_MS}`, `${LONGEST_PAUSE_MS}`],
  )
  const receivedAt = performance.now()
  const [found] = rows
  if (!found || found.read_only === 'on') throw new Unusable('unreachable', 'it lets nobody write')
  if (found.encoding !== 'UTF8') throw new Unusable('bad-encoding', found.encoding)
  const { pid, since, now } = found
  const history = await historyOf(client)
  return { pid: Number(pid), since: String(since), now: Number(now), sentAt, receivedAt, ...history }
}

/**
 * The history that the server continues. The timeline is that of the WAL which it writes now: the control file still names
 * the previous one when a standby has just been promoted.
 */
async function historyOf(client: pg.Client): Promise<{ cluster: string; timeline: string }> {
  const { rows } = await client.query<Row>(
    `SELECT system_identifier::TEXT AS cluster, left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) AS timeline
     FROM pg_control_system()`,
  )
  return { cluster: String(rows[0]?.cluster), timeline: String(rows[0]?.timeline) }
}

// --- results -------------------------------------------------------------------------------------

const BOOL = 16
const INTEGERS = new Set([20, 21, 23])

/** Integers as numbers and booleans as 1 or 0, like SQLite's. */
function getTypeParser(oid: number): (value: string) => Value {
  if (INTEGERS.has(oid)) return integer
  return oid === BOOL ? value => (value === 't' ? 1 : 0) : value => value
}

/** The nearest safe integer, as for SQLite (file.ts). */
function integer(value: string): number {
  return nearest(Number(value))
}

export const BEGIN = Object.freeze(sql`BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE`)
/** A read-only transaction in which all statements see one snapshot. */
export const BEGIN_READING = Object.freeze(sql`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`)
export const COMMIT = Object.freeze(sql`COMMIT`)
export const ROLLBACK = Object.freeze(sql`ROLLBACK`)
