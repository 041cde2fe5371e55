// The store's settings of the server (model/server-settings.ts).

import type { Instant } from '../model/model.ts'
import type { ServerSettings } from '../model/server-settings.ts'
import type { Authority } from './people.ts'

export interface StoredServerSettings {
  /** All of them, in turn: whatever was changed before counts. What makes no sense counts as the default. */
  read(): Promise<ServerSettings>
  /** Sets those that are named. @returns whether any is another one now. Refuses 'forbidden'. */
  change(by: Authority, wanted: Partial<ServerSettings>, at: Instant): Promise<boolean>
}
