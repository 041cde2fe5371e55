// The table of commands. The guards are in one place (dispatch.ts).

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
  readonly reply: Reply
}

export interface Command {
  /** The fewest parameters (461). */
  readonly min: number
  /** When it is accepted, seen from registration; 'session': only with an account or as a guest. */
  readonly when: 'always' | 'before' | 'after' | 'session'
  /** With this capability it is accepted before registration, too. */
  readonly beforeWith?: Cap
  /** The client's next command waits for the promise. 'later': the reply is ended by whoever holds it. */
  run(context: CommandContext): Promise<void> | Promise<'later' | undefined> | 'later' | void
}

/** Names in capitals → commands. */
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
