// What clients may ask: the table. The guards are in one place (obeying.ts).

import { aboutAccounts } from './about-accounts.ts'
import { aboutChannels } from './about-channels.ts'
import { aboutHistory } from './about-history.ts'
import { aboutMessages } from './about-messages.ts'
import { aboutMetadata } from './about-metadata.ts'
import { aboutModes } from './about-modes.ts'
import { aboutPeople } from './about-people.ts'
import { aboutRegistration } from './about-registration.ts'
import { aboutServer } from './about-server.ts'
import type { Cap } from './caps.ts'
import type { Client } from './client.ts'
import type { Message } from './message.ts'
import type { Reply } from './reply.ts'
import { aboutSasl } from './sasl.ts'

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

export const commands: Readonly<Record<string, Command>> = {
  ...aboutRegistration,
  ...aboutSasl,
  ...aboutAccounts,
  ...aboutServer,
  ...aboutChannels,
  ...aboutModes,
  ...aboutMessages,
  ...aboutPeople,
  ...aboutHistory,
  ...aboutMetadata,
}
