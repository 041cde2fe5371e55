// What clients may ask: the table. The guards are in one place (dispatch.ts).

import type { Client } from '../client.ts'
import type { Reply } from '../replies/reply.ts'
import type { Cap } from '../wire/caps.ts'
import type { Message } from '../wire/message.ts'
import { accountCommands } from './accounts.ts'
import { channelCommands } from './channels.ts'
import { historyCommands } from './history.ts'
import { messageCommands } from './messages.ts'
import { metadataCommands } from './metadata.ts'
import { modeCommands } from './modes.ts'
import { peopleCommands } from './people.ts'
import { readMarkerCommands } from './read-marker.ts'
import { registrationCommands } from './registration.ts'
import { saslCommands } from './sasl.ts'
import { serverCommands } from './server.ts'

export interface CommandContext {
  readonly client: Client
  readonly params: readonly string[]
  readonly message: Message
  readonly to: Reply
}

export interface Command {
  /** Parameters without which it says nothing. */
  readonly min: number
  /** Of being welcomed; 'within': only from who has an account, or is a guest. */
  readonly when: 'always' | 'before' | 'after' | 'within'
  /** Who has asked for this may say it before, too. */
  readonly early?: Cap
  /** What is asked next waits for the promise. 'later': whoever has the reply ends it. */
  run(context: CommandContext): Promise<void> | Promise<'later' | undefined> | 'later' | void
}

/** By their names, in capitals. */
export type Commands = Readonly<Record<string, Command>>

export const commands: Commands = {
  ...registrationCommands,
  ...saslCommands,
  ...accountCommands,
  ...serverCommands(() => commands),
  ...channelCommands,
  ...modeCommands,
  ...messageCommands,
  ...peopleCommands,
  ...historyCommands,
  ...readMarkerCommands,
  ...metadataCommands,
}
