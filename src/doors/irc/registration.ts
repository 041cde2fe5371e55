// Registration of a connection (not of an account): what a client says of itself until it has a session, and how far that has come.

import type { Admitted } from '../../core/people/log-in.ts'
import type { NewAccount } from './commands/accounts.ts'
import { PendingMetadata } from './commands/metadata-store.ts'
import type { Sasl } from './commands/sasl.ts'

export class Registration {
  /** NICK, which counts until there is a session: from then on the nick is the username. */
  nick: string | undefined
  /** USER. */
  user: string | undefined
  realname: string | undefined
  /** PASS. */
  pass: string | undefined
  /** The highest version that CAP LS has named. */
  capVersion = 0
  /** Capability negotiation has begun and not ended: registration waits for CAP END. */
  isNegotiating = false
  /** The SASL exchange under way. */
  sasl: Sasl | undefined
  /** The person whose credentials were right, or who is let in as a guest, until their session begins. */
  admitted: Admitted | undefined
  /** Somebody has come with a one-time code, and is to choose a password. */
  hasNoPassword = false
  /** The account that REGISTER asked for, until VERIFY brings the code that it needs. */
  unverified: NewAccount | undefined
  /** Metadata that was set before there is anybody to store it with (draft/metadata-3, before-connect). */
  readonly metadata = new PendingMetadata()
  /** NICK, USER, CAP END and a password, where one is needed, have come. */
  isComplete = false
  /** RPL_WELCOME was sent. */
  isWelcomed = false
}
