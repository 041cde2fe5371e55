// What clients may ask: the table. The guards are in one place (dispatch.ts).

import type { Client } from '../client.ts'
import type { Reply } from '../replies/reply.ts'
import type { Cap } from '../wire/caps.ts'
import type { Message } from '../wire/message.ts'
import { aboutAccounts } from './accounts.ts'
import { aboutChannels } from './channels.ts'
import { aboutHistory } from './history.ts'
import { aboutMessages } from './messages.ts'
import { aboutMetadata } from './metadata.ts'
import { aboutModes } from './modes.ts'
import { aboutPeople } from './people.ts'
import { aboutRegistration } from './registration.ts'
import { aboutSasl } from './sasl.ts'
import { aboutServer } from './server.ts'

export interface Asked {
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
  run(asked: Asked): Promise<void> | Promise<'later' | undefined> | 'later' | void
}

/** By their names, in capitals. */
export type Commands = Readonly<Record<string, Command>>

export const commands: Commands = {
  ...aboutRegistration,
  ...aboutSasl,
  ...aboutAccounts,
  ...aboutServer(() => commands),
  ...aboutChannels,
  ...aboutModes,
  ...aboutMessages,
  ...aboutPeople,
  ...aboutHistory,
  ...aboutMetadata,
}
