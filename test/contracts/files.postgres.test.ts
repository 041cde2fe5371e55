import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe } from 'node:test'
import { PostgresFileStorage } from '../../src/store/files/postgres.ts'
import { PostgresStore } from '../../src/store/postgres/store.ts'
import { lacksPostgres, Postgres } from '../tools/postgres.ts'
import { temporaryFolder } from '../tools/server.ts'
import { filesContract, type OpenedFiles } from './files.ts'

describe('PostgreSQL', { skip: lacksPostgres }, () => {
  let [postgres, store]: [Postgres?, PostgresStore?] = []
  let url = ''

  before(async () => {
    postgres = await Postgres.start()
    url = await postgres.database()
    store = await PostgresStore.open({ urls: [url] })
  })
  after(async () => {
    await store?.close()
    await postgres?.[Symbol.asyncDispose]()
  })

  filesContract('in PostgreSQL', async (): Promise<OpenedFiles> => {
    if (!store) throw new Error('not started')
    const [from, data] = [store, await temporaryFolder()]
    await postgres?.query(url, 'DELETE FROM files_stored')
    const opened = () => PostgresFileStorage.open(from, join(data, 'scratch'))
    let files = await opened()
    return {
      files,
      async reopen() {
        await files.close()
        files = await opened()
        return files
      },
      async [Symbol.asyncDispose]() {
        await files.close()
        await rm(data, { recursive: true })
      },
    }
  })
})
