// A store on a database in memory: the project's scripts, or a build's, run where they are called.

import type { DatabaseSync } from 'node:sqlite'
import type { Store } from '../../src/core/ports/store.ts'

export interface StoreParts {
  readonly Runner: typeof import('../../src/store/sqlite/file.ts').Runner
  readonly scripts: typeof import('../../src/store/scripts/scripts.ts').scripts
  readonly begin: typeof import('../../src/store/scripts/scripts.ts').begin
  readonly migrations: readonly string[]
}

/** Every script at once, in call order, one transaction each. @param before may hold a call back */
export function memoryStore(
  { Runner, scripts, begin, migrations }: StoreParts,
  database: DatabaseSync,
  before: (call: string) => Promise<void> | undefined = () => undefined,
): Store {
  for (const each of migrations) database.exec(each)
  database.exec("INSERT INTO epochs (epoch, began_at) VALUES ('memory', 0)")
  const runner = new Runner(database)
  const call = async (port: string, method: string, args: unknown[]) => {
    await before(`${port}.${method}`)
    database.exec('BEGIN')
    try {
      const value = runner.run(begin({ port, method, args } as never))
      database.exec('COMMIT')
      return value
    } catch (error) {
      database.exec('ROLLBACK')
      throw error
    }
  }
  const ports = Object.entries(scripts).map(([port, methods]) => [
    port,
    Object.fromEntries(
      Object.keys(methods).map(method => [method, (...args: unknown[]) => call(port, method, args)]),
    ),
  ])
  return Object.fromEntries(ports) as Store
}
