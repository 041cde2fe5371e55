// A PostgreSQL for tests: a new cluster on a free port, with a database for each test. It can be killed and started
// again, and is deleted at the end.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, chmod, chown, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { selfSigned } from '../../src/cli/certificate.ts'
import { PostgresStore } from '../../src/store/postgres/store.ts'
import { freePort } from './free-port.ts'
import { lacking, pathOf } from './programs.ts'

/** For a suite's `skip`. */
export const lacksPostgres = lacking('postgres')

/** Accounts to run it as, since it refuses to run as root. */
const SERVANTS = ['postgres', 'nobody']
const LONGEST_START_MS = 30_000
/** Names a data folder to copy new ones from: that takes a tenth of the time of `initdb`. */
export const TEMPLATE = 'TERTULIA_TEST_POSTGRES_TEMPLATE'

/** The database that those of chats are copied from. */
export const PREPARED = 'prepared'

const SETTINGS = `
listen_addresses = '127.0.0.1'
fsync = on
synchronous_commit = on
shared_buffers = 64MB
max_connections = 200
`

export class Postgres implements AsyncDisposable {
  readonly port: number
  readonly #folder: string
  readonly #servant: Servant
  #process: ChildProcess | undefined
  #databases = 0
  #prepared: Promise<void> | undefined

  private constructor(port: number, folder: string, servant: Servant) {
    this.port = port
    this.#folder = folder
    this.#servant = servant
  }

  static async start(): Promise<Postgres> {
    const started = await Postgres.#made()
    try {
      await started.#initialise()
      await started.up()
      return started
    } catch (error) {
      await started[Symbol.asyncDispose]()
      throw error
    }
  }

  static async #made(): Promise<Postgres> {
    const servant = await servantOf()
    const folder = await mkdtemp(join(tmpdir(), 'tertulia-postgres-'))
    await chmod(folder, 0o700)
    if (servant.uid !== undefined) await chown(folder, servant.uid, servant.gid ?? servant.uid)
    return new Postgres(await freePort(), folder, servant)
  }

  /** Makes a data folder to start others from (TEMPLATE); nothing runs on it. */
  static async template(): Promise<{ readonly folder: string } & AsyncDisposable> {
    const made = await Postgres.#made()
    await made.#initialise()
    return { folder: made.#data, [Symbol.asyncDispose]: () => made[Symbol.asyncDispose]() }
  }

  /** Initialises the data folder, with a locale that does not sort by bytes if this PostgreSQL has ICU. */
  async #initialise(): Promise<void> {
    const { [TEMPLATE]: template } = process.env
    if (template !== undefined) return cp(template, this.#data)
    const foreign = ['--locale-provider=icu', '--icu-locale=es', '--locale=C.UTF-8']
    if (!(await this.#initdb(foreign)) && !(await this.#initdb(['--locale=C.UTF-8'])))
      throw new Error('initdb failed')
    await appendFile(join(this.#data, 'postgresql.conf'), SETTINGS)
  }

  async #initdb(locale: readonly string[]): Promise<boolean> {
    const args = ['-D', this.#data, '-U', 'tertulia', '-A', 'trust', '-E', 'UTF8', '--no-sync', ...locale]
    const child = spawn(pathOf('initdb'), args, { ...this.#servant, cwd: this.#folder, stdio: 'ignore' })
    const [code] = await once(child, 'exit')
    if (code !== 0) await rm(this.#data, { recursive: true, force: true })
    return code === 0
  }

  get #data(): string {
    return join(this.#folder, 'data')
  }

  /** Starts it, and waits until it answers and is writable. */
  async up(): Promise<void> {
    const until = performance.now() + LONGEST_START_MS
    let said = ''
    do {
      const child = this.#spawn(chunk => {
        said = `${said}${chunk}`.slice(-4000)
      })
      const ended = once(child, 'exit').then(() => 'ended' as const)
      const answered = this.#answered(until)
      if ((await Promise.race([ended, answered])) === 'ready') return
      // After a SIGKILL the old server's children hold its shared memory for a moment.
    } while (performance.now() < until)
    throw new Error(`PostgreSQL does not answer: ${said}`)
  }

  #spawn(hear: (said: string) => void): ChildProcess {
    const args = ['-D', this.#data, '-p', `${this.port}`, '-k', this.#folder]
    const settings = { ...this.#servant, cwd: this.#folder }
    const child = spawn(pathOf('postgres'), args, { ...settings, stdio: ['ignore', 'ignore', 'pipe'] })
    child.stderr?.on('data', chunk => hear(String(chunk)))
    this.#process = child
    const end = () => void child.kill('SIGQUIT') // it must not outlive the test
    process.on('exit', end)
    child.on('exit', () => process.off('exit', end))
    return child
  }

  async #answered(until: number): Promise<'ready' | 'late'> {
    while (performance.now() < until && this.#isRunning()) {
      const writable = this.query('postgres', 'SELECT NOT pg_is_in_recovery() AS so')
      const [found] = await writable.catch(() => [])
      if (found?.so === true) return 'ready'
      await sleep(20)
    }
    return 'late'
  }

  #isRunning(): boolean {
    return this.#process?.exitCode === null && this.#process.signalCode === null
  }

  /** SIGKILL: like a power cut, except for the disk; SIGINT: closes all connections first; SIGQUIT: stops at once. */
  async down(signal: 'SIGKILL' | 'SIGINT' | 'SIGQUIT'): Promise<void> {
    const child = this.#process
    if (!child || !this.#isRunning()) return
    const exit = once(child, 'exit')
    child.kill(signal)
    await exit
  }

  /** Enables TLS from its next start on. @returns the files of its certificate and of an unrelated one */
  async certify(): Promise<{ own: string; others: string }> {
    const [own, others] = [1, 2].map(() => selfSigned(['localhost', '127.0.0.1'], Date.now()))
    await this.#put('server.crt', own?.cert ?? '')
    await this.#put('server.key', own?.key ?? '')
    await this.#put('other.crt', others?.cert ?? '')
    await appendFile(join(this.#data, 'postgresql.conf'), '\nssl = on\n')
    return { own: join(this.#data, 'server.crt'), others: join(this.#data, 'other.crt') }
  }

  async #put(name: string, content: string): Promise<void> {
    const path = join(this.#data, name)
    await writeFile(path, content, { mode: 0o600 })
    if (this.#servant.uid !== undefined) await chown(path, this.#servant.uid, this.#servant.gid ?? 0)
  }

  /** Begins another timeline, like a standby that takes over. */
  async promote(): Promise<void> {
    await this.down('SIGINT')
    await appendFile(join(this.#data, 'postgresql.conf'), "\nrestore_command = 'false'\n")
    await this.#put('recovery.signal', '')
    await this.up()
  }

  /** Copies its files while it is stopped. @returns puts the copy back in their place, as one does with a snapshot */
  async snapshot(): Promise<() => Promise<void>> {
    const [data, copy] = [this.#data, `${this.#data}-copy`]
    await this.down('SIGINT')
    await cp(data, copy)
    await this.up()
    return async () => {
      await this.down('SIGKILL')
      await rm(data, { recursive: true, force: true })
      await rename(copy, data)
      await this.up()
    }
  }

  /** Creates an empty database. @param settings of CREATE DATABASE. @returns its URL */
  async database(settings = ''): Promise<string> {
    const name = `test${++this.#databases}`
    await this.query('postgres', `CREATE DATABASE ${name} ${settings}`)
    return this.url(name)
  }

  /** Creates a database with the empty tables of a chat. @returns its URL */
  async chat(): Promise<string> {
    await this.prepare()
    return this.database(`TEMPLATE ${PREPARED}`)
  }

  /** Makes the database that `chat` copies (PREPARED): making the tables each time takes twice as long. */
  prepare(): Promise<void> {
    this.#prepared ??= this.#makeTables()
    return this.#prepared
  }

  async #makeTables(): Promise<void> {
    await this.query('postgres', `CREATE DATABASE ${PREPARED}`)
    const store = await PostgresStore.open({ urls: [this.url(PREPARED)] })
    await store.close()
    await this.query(PREPARED, 'DELETE FROM epochs; ALTER TABLE epochs ALTER COLUMN id RESTART')
  }

  url(database: string, port = this.port): string {
    return `postgres://tertulia@127.0.0.1:${port}/${database}?sslmode=disable`
  }

  /** The same database by its Unix socket. */
  socketUrl(url: string): string {
    return `postgres://tertulia@${new URL(url).pathname}?host=${this.#folder}&port=${this.port}&sslmode=disable`
  }

  /** Runs a statement on a new connection. @param database its name or URL */
  async query(
    database: string,
    statement: string,
    values: unknown[] = [],
  ): Promise<Record<string, unknown>[]> {
    const client = await this.connect(database)
    try {
      return (await client.query(statement, values)).rows
    } finally {
      await client.end()
    }
  }

  async connect(database: string): Promise<pg.Client> {
    const name = database.includes('/') ? new URL(database).pathname.slice(1) : database
    const client = new pg.Client({
      host: '127.0.0.1',
      port: this.port,
      user: 'tertulia',
      database: name,
      password: '',
    })
    client.on('error', () => {}) // the server may be killed
    await client.connect()
    return client
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.down('SIGQUIT')
    await rm(this.#folder, { recursive: true, force: true })
  }
}

interface Servant {
  readonly uid?: number
  readonly gid?: number
}

/** Copies a folder with `cp`, which keeps the owner. */
async function cp(from: string, to: string): Promise<void> {
  const child = spawn('cp', ['-a', from, to], { stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`${from} could not be copied`)
}

async function servantOf(): Promise<Servant> {
  if (process.getuid?.() !== 0) return {}
  const accounts = (await readFile('/etc/passwd', 'utf8')).split('\n').map(line => line.split(':'))
  const [, , uid, gid] = SERVANTS.map(name => accounts.find(([each]) => each === name)).find(Boolean) ?? []
  if (uid === undefined || gid === undefined) throw new Error(`there is none of the users ${SERVANTS}`)
  return { uid: Number(uid), gid: Number(gid) }
}
