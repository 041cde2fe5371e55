// One connection to PostgreSQL: statements go out without waiting for the answers to those before, each prepared once.

import { Socket } from 'node:net'
import pg from 'pg'
import { nearest, type Row, type Statement, sql, type Value } from '../scripts/sql.ts'
import { Unusable } from '../unusable.ts'
import { addressOf, type Server } from './servers.ts'

/** The connection is gone; what had not been answered may have been done or not. */
export class ConnectionLost extends Error {}

const LONGEST_CONNECT_MS = 3_000
/** Whoever answers nothing for so long is gone, though nobody has said so. */
const LONGEST_SILENCE_MS = 8_000
/** PostgreSQL gives up by itself before that. */
const LONGEST_STATEMENT_MS = 7_000
/** So long a row may be held by somebody else. */
const LONGEST_LOCK_MS = 5_000
/** When a node is stopped in the middle of a transaction, PostgreSQL takes the rows away from it that others wait for. */
const LONGEST_PAUSE_MS = 4_000

/** What one learns of a server when one comes to it. */
export interface Greeting {
  /** Of the process that serves us. */
  readonly pid: number
  /** When that began: another may have its number later. */
  readonly since: string
  /** Milliseconds since 1970 by its clock, about half-way between these two of our own clock that never goes back. */
  readonly now: number
  readonly sentAt: number
  readonly receivedAt: number
  readonly cluster: string
  readonly timeline: string
}

/** SQLSTATE of a statement's error; undefined for anything else. */
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

  /** @param node whose it is. Throws Unusable. */
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

  /** Resolves when it is lost. */
  get lost(): Promise<void> {
    return this.#loss.promise
  }

  get isLost(): boolean {
    return this.#lost !== undefined
  }

  /** Rejects with ConnectionLost, or with what PostgreSQL says against the statement. */
  async ask({ template, values }: Statement): Promise<readonly Row[]> {
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

  /** What is asked in one turn goes out in one piece. */
  #gather(): void {
    if (this.#gathering) return
    this.#gathering = true
    this.#socket.cork()
    process.nextTick(() => {
      this.#gathering = false
      this.#socket.uncork()
    })
  }

  /** One behind the other, without waiting between them. Rejects with the first failure, when all have been answered. */
  async askAll(statements: readonly Statement[]): Promise<(readonly Row[])[]> {
    const answers = await Promise.allSettled(statements.map(statement => this.ask(statement)))
    return answers.map(answer => {
      if (answer.status === 'rejected') throw answer.reason
      return answer.value
    })
  }

  /** Several statements, which are run once. */
  async execute(statements: string): Promise<void> {
    await this.#client.query(statements)
  }

  /** Another node has changed the tables: what was prepared for them before is prepared anew. */
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
 * What no column can hold: NUL and halves of a pair are no text for PostgreSQL (core/model/rules.ts keeps them from what
 * people say, not from what a client calls a key); a number that is none of its integers is equal to nothing.
 */
function storable(value: Value): string | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? `${value}` : null
  return value === null ? null : storableText(value)
}

/** To be used on texts that travel within JSON, too. */
export function storableText(text: string): string {
  if (!text.includes('\0') && text.isWellFormed()) return text
  return text.replaceAll('\0', '\ufffd').toWellFormed()
}

// --- coming to a server ----------------------------------------------------------------------------------

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
  client.on('error', () => {}) // whoever waits for it is told
  try {
    await client.connect()
    return { client, socket }
  } catch (error) {
    socket.destroy()
    throw error
  }
}

/** Of the classes of SQLSTATE: invalid authorization; no such database; not allowed to connect to it. */
function isDenied(error: unknown): boolean {
  const state = stateOf(error) ?? ''
  return state.startsWith('28') || state === '3D000' || state === '42501'
}

/** Everything that a session of ours must be set to, in one go; and what the server is. */
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
 * Which history it is that the server goes on with. The timeline is that of what it writes now: its control file still
 * names the one before when a standby has just taken over.
 */
async function historyOf(client: pg.Client): Promise<{ cluster: string; timeline: string }> {
  const { rows } = await client.query<Row>(
    `SELECT system_identifier::TEXT AS cluster, left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) AS timeline
     FROM pg_control_system()`,
  )
  return { cluster: String(rows[0]?.cluster), timeline: String(rows[0]?.timeline) }
}

// --- what comes back -------------------------------------------------------------------------------------

const BOOL = 16
const INTEGERS = new Set([20, 21, 23])

/** Numbers as numbers, as SQLite gives them; what is true is 1. */
function getTypeParser(oid: number): (value: string) => Value {
  if (INTEGERS.has(oid)) return integer
  return oid === BOOL ? value => (value === 't' ? 1 : 0) : value => value
}

/** As SQLite gives them (file.ts). */
function integer(value: string): number {
  return nearest(Number(value))
}

export const BEGIN = Object.freeze(sql`BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE`)
/** For reading alone: all statements see the same. */
export const BEGIN_READING = Object.freeze(sql`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`)
export const COMMIT = Object.freeze(sql`COMMIT`)
export const ROLLBACK = Object.freeze(sql`ROLLBACK`)
