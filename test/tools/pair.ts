// The other pair of adapters: if the environment says so, servers under test run on a PostgreSQL and a NATS that the
// runner has started, each on a database of its own.

import { hash } from 'node:crypto'
import pg from 'pg'

const [POSTGRES, PREPARED] = ['TERTULIA_TEST_POSTGRES', 'TERTULIA_TEST_POSTGRES_PREPARED']
const NATS = 'TERTULIA_TEST_NATS'
const DUPLICATE_DATABASE = '42P04'

interface Pair {
  /** A URL whose user may create databases. */
  readonly postgres: string
  /** The name of the database that those of servers are copied from. */
  readonly prepared: string
  readonly nats: string
}

export function pairEnvironment({ postgres, prepared, nats }: Pair): Record<string, string> {
  return { [POSTGRES]: postgres, [PREPARED]: prepared, [NATS]: nats }
}

/** For the `skip` of a test that reads chat.db: a reason on PostgreSQL, else false. */
export const withoutFile =
  process.env[POSTGRES] === undefined ? false : 'there is no file: it runs on PostgreSQL'

/** For the `skip` of a test that no store can affect (bytes, sockets, headers): a reason on PostgreSQL, else false. */
export const onceIsEnough = withoutFile === false ? false : 'it touches no store: it has run beside a file'

/** Additional arguments of a server with that folder; none on SQLite. */
export async function pairArguments(folder: string): Promise<readonly string[]> {
  const { [POSTGRES]: postgres, [PREPARED]: prepared, [NATS]: nats } = process.env
  if (postgres === undefined || prepared === undefined || nats === undefined) return []
  const name = `t${hash('sha256', folder).slice(0, 20)}`
  await makeDatabase(postgres, name, prepared)
  const url = new URL(postgres)
  url.pathname = `/${name}`
  return ['--store', `${url}`, '--bus', nats]
}

async function makeDatabase(postgres: string, name: string, prepared: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgres })
  await client.connect()
  try {
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${prepared}`)
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== DUPLICATE_DATABASE) throw error
  } finally {
    await client.end()
  }
}
