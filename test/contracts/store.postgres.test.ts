import { after, before, describe } from 'node:test'
import { PostgresStore } from '../../src/store/postgres/store.ts'
import { lacksPostgres, Postgres } from '../tools/postgres.ts'
import { accountsContract } from './accounts.ts'
import { actsContract } from './acts.ts'
import { attachmentsContract } from './attachments.ts'
import { avatarsContract } from './avatars.ts'
import { conversationsContract } from './conversations.ts'
import { guestsContract } from './guests.ts'
import { historyContract } from './history.ts'
import { keepingContract } from './keeping.ts'
import { listsContract } from './lists.ts'
import { modesContract } from './modes.ts'
import { outsideContract } from './outside.ts'
import { peopleContract } from './people.ts'
import { pollsContract } from './polls.ts'
import { previewsContract } from './previews.ts'
import { reportsContract } from './reports.ts'
import { roomInvitationsContract } from './room-invitations.ts'
import { roomQuotaContract } from './room-quota.ts'
import { roomsContract } from './rooms.ts'
import { scheduledContract } from './scheduled.ts'
import { searchContract } from './search.ts'
import { serverSettingsContract } from './server-settings.ts'
import { standingContract } from './standing.ts'
import { type Opened, storeContract } from './store.ts'
import { teamsContract } from './teams.ts'
import { textsContract } from './texts.ts'
import { threadsContract } from './threads.ts'
import { tokensContract } from './tokens.ts'
import { versionsContract } from './versions.ts'

describe('PostgreSQL', { skip: lacksPostgres }, () => {
  let postgres: Postgres

  before(async () => {
    postgres = await Postgres.start()
  })
  after(() => postgres[Symbol.asyncDispose]())

  async function open(database = () => postgres.chat()): Promise<Opened> {
    const url = await database()
    const opened = () => PostgresStore.open({ urls: [url], time: 'given' })
    let store = await opened()
    return {
      store,
      async reopen() {
        await store.close()
        // As if a backup had been restored since.
        await postgres.query(url, "UPDATE epochs SET cluster = 'another'")
        store = await opened()
        return store
      },
      async outside(statement) {
        await postgres.query(url, statement)
      },
      async [Symbol.asyncDispose]() {
        await store.close()
      },
    }
  }

  storeContract('PostgreSQL', () => open())
  roomsContract('PostgreSQL', () => open())
  searchContract('PostgreSQL', () => open())
  reportsContract('PostgreSQL', () => open())
  serverSettingsContract('PostgreSQL', () => open())
  peopleContract('PostgreSQL', () => open())
  threadsContract('PostgreSQL', () => open())
  teamsContract('PostgreSQL', () => open())
  tokensContract('PostgreSQL', () => open())
  historyContract('PostgreSQL', () => open())
  accountsContract('PostgreSQL', () => open())
  actsContract('PostgreSQL', () => open())
  standingContract('PostgreSQL', () => open())
  listsContract('PostgreSQL', () => open())
  attachmentsContract('PostgreSQL', () => open())
  avatarsContract('PostgreSQL', () => open())
  guestsContract('PostgreSQL', () => open(() => postgres.database())) // a secret is created with the tables
  modesContract('PostgreSQL', () => open())
  outsideContract('PostgreSQL', () => open())
  textsContract('PostgreSQL', () => open())
  pollsContract('PostgreSQL', () => open())
  versionsContract('PostgreSQL', () => open())
  conversationsContract('PostgreSQL', () => open())
  keepingContract('PostgreSQL', () => open())
  scheduledContract('PostgreSQL', () => open())
  previewsContract('PostgreSQL', () => open())
  roomInvitationsContract('PostgreSQL', () => open())
  roomQuotaContract('PostgreSQL', () => open())
})
