// Migrates a database, one node at a time, and begins the epoch in which its nodes write.

import { randomUUID } from 'node:crypto'
import { number, sql, text } from '../scripts/sql.ts'
import { Unusable, type UnusableCode } from '../unusable.ts'
import { BEGIN, COMMIT, type Connection, ROLLBACK, stateOf } from './connection.ts'
import { isLockTimeout } from './run-script.ts'

/** The key of the advisory lock for migrations: the letters 'Tert'. */
const LOCK = 0x54657274
// SQLSTATE (postgresql.org/docs/current/errcodes-appendix.html)
const UNUSABLE = new Map<string, UnusableCode>([
  ['42P07', 'other-tables'], // duplicate table
  ['42723', 'other-tables'], // duplicate function
  ['42703', 'other-tables'], // undefined column
  ['42501', 'no-tables'], // insufficient privilege
  ['3F000', 'no-tables'], // no such schema
  ['53100', 'no-space'], // disk full
])

/**
 * Migrates the schema and begins an epoch, under a lock: of two nodes that start at once one waits. Throws Unusable.
 * @param fill runs after the migrations, in the same transaction
 */
export async function prepareSchema(
  connection: Connection,
  migrations: readonly string[],
  fill: () => Promise<void> = async () => {},
): Promise<void> {
  for (let isOurTurn = false; ; ) {
    try {
      await connection.ask(BEGIN)
      await connection.ask(sql`SET LOCAL statement_timeout = 0`)
      await connection.ask(sql`SELECT pg_advisory_xact_lock(${LOCK})`)
      await migrate(connection, migrations)
      isOurTurn = true
      await fill()
      // Another program may have emptied the table; without a secret nobody can log in by SCRAM.
      await connection.ask(
        sql`INSERT INTO secrets (value)
            SELECT replace(CAST(gen_random_uuid() AS TEXT) || CAST(gen_random_uuid() AS TEXT), '-', '')
            WHERE NOT EXISTS (SELECT 1 FROM secrets)`,
      )
      await beginEpoch(connection)
      await connection.ask(COMMIT)
      return
    } catch (error) {
      if (!connection.isLost) await connection.ask(ROLLBACK)
      const code = UNUSABLE.get(stateOf(error) ?? '')
      if (code) throw new Unusable(code, error)
      if (isOurTurn || !isLockTimeout(error)) throw error
    }
  }
}

async function migrate(connection: Connection, migrations: readonly string[]): Promise<void> {
  const version = await versionOf(connection)
  if (version > migrations.length) throw new Unusable('too-new')
  if (version < 0) throw new Unusable('wrong-version')
  if (version === migrations.length) return
  if (version === 0) await connection.execute('CREATE TABLE tertulia (version BIGINT NOT NULL)')
  for (const step of migrations.slice(version)) await connection.execute(step)
  await connection.ask(sql`DELETE FROM tertulia`)
  await connection.ask(sql`INSERT INTO tertulia (version) VALUES (${migrations.length})`)
}

/** The schema's version; 0 for an empty database. */
async function versionOf(connection: Connection): Promise<number> {
  const [found] = await connection.ask(sql`SELECT to_regclass('tertulia') IS NOT NULL AS there`)
  if (found?.there !== 1) return 0
  const [row] = await connection.ask(sql`SELECT version FROM tertulia`)
  return row ? number(row, 'version') : 0
}

/**
 * Begins a new epoch only when the history differs from that of the last: a backup was restored, or a standby promoted, and
 * the last writes may be missing.
 */
async function beginEpoch(connection: Connection): Promise<void> {
  const { timeline } = connection.greeting
  const cluster = await tableIdentity(connection)
  const [last] = await connection.ask(sql`SELECT cluster, timeline FROM epochs ORDER BY id DESC LIMIT 1`)
  if (last && text(last, 'cluster') === cluster && text(last, 'timeline') === timeline) return
  await connection.ask(
    sql`INSERT INTO epochs (epoch, began_at, cluster, timeline)
        VALUES (${randomUUID()}, floor(extract(epoch FROM clock_timestamp()) * 1000), ${cluster}, ${timeline})`,
  )
}

/**
 * Begins an epoch after the given one, in a database whose contents have gone back: seqs would be used twice in the same
 * epoch. Does nothing where another node has done so.
 */
export async function beginEpochAfter(connection: Connection, epoch: string): Promise<void> {
  await connection.askAll([
    BEGIN,
    sql`SELECT pg_advisory_xact_lock(${LOCK})`,
    sql`INSERT INTO epochs (epoch, began_at, cluster, timeline)
        SELECT ${randomUUID()}, floor(extract(epoch FROM clock_timestamp()) * 1000), cluster, timeline
        FROM epochs WHERE id = (SELECT max(id) FROM epochs)
          AND NOT EXISTS (SELECT 1 FROM epochs AS ours
                          WHERE ours.epoch = ${epoch} AND ours.id < (SELECT max(id) FROM epochs))`,
    COMMIT,
  ])
}

/** Cluster, database and table: a dump that is restored on the same cluster, or a copy, has another identity. */
async function tableIdentity(connection: Connection): Promise<string> {
  const [found] = await connection.ask(
    sql`SELECT pg_database.oid || '/' || CAST(CAST('epochs' AS REGCLASS) AS OID) AS place
        FROM pg_database WHERE datname = current_database()`,
  )
  return `${connection.greeting.cluster}/${found?.place}`
}
