import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { SqliteStore } from '../../src/store/sqlite/store.ts'
import { temporaryFolder } from '../tools/server.ts'
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

async function open(): Promise<Opened> {
  const folder = await temporaryFolder()
  const path = join(folder, 'chat.db')
  let store = await SqliteStore.open(path)
  return {
    store,
    async reopen() {
      await store.close()
      store = await SqliteStore.open(path)
      return store
    },
    async outside(statement) {
      using database = new DatabaseSync(path, {
        timeout: 5000,
        enableForeignKeyConstraints: false,
        defensive: false,
      })
      database.exec(statement)
    },
    async [Symbol.asyncDispose]() {
      await store.close()
      await rm(folder, { recursive: true })
    },
  }
}

storeContract('SQLite', open)
roomsContract('SQLite', open)
searchContract('SQLite', open)
reportsContract('SQLite', open)
serverSettingsContract('SQLite', open)
peopleContract('SQLite', open)
tokensContract('SQLite', open)
historyContract('SQLite', open)
accountsContract('SQLite', open)
actsContract('SQLite', open)
standingContract('SQLite', open)
listsContract('SQLite', open)
attachmentsContract('SQLite', open)
avatarsContract('SQLite', open)
guestsContract('SQLite', open)
modesContract('SQLite', open)
outsideContract('SQLite', open)
textsContract('SQLite', open)
pollsContract('SQLite', open)
versionsContract('SQLite', open)
conversationsContract('SQLite', open)
keepingContract('SQLite', open)
scheduledContract('SQLite', open)
previewsContract('SQLite', open)
roomInvitationsContract('SQLite', open)
roomQuotaContract('SQLite', open)
threadsContract('SQLite', open)
teamsContract('SQLite', open)
