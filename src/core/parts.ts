// What the chat is made of: handed in by the composition root, and by tests.

import type { Tampering } from './log/watched-log.ts'
import type { Person } from './model/model.ts'
import type { Passwords } from './people/passwords.ts'
import type { Bus } from './ports/bus.ts'
import type { Clock } from './ports/clock.ts'
import type { Skeletons } from './ports/people.ts'
import type { Store } from './ports/store.ts'

export interface Parts {
  readonly store: Store
  readonly bus: Bus
  readonly clock: Clock
  readonly passwords: Pick<Passwords, 'hash' | 'verify' | 'verifier'>
  /** What a name of a person or a room looks like (UTS 39, section 4). */
  readonly skeletonsOf: (name: string) => Skeletons
  /** A new code that nobody guesses, in the form in which codes are compared (rules.ts). */
  readonly code: () => string
  /** A new token that nobody guesses: 256 random bits. */
  readonly secret: () => string
  /** The server's time zone, IANA's name. */
  readonly zone: string
  readonly policy: Policy
  readonly console: Console
}

/** What the one who runs the server gets to see. */
export interface Console {
  /** A person's first connection came, or the last one went. */
  presence(person: Person, online: boolean): void
  onError(error: unknown): void
  /** Another program has changed the database. */
  tampered(tampering: Tampering): void
}

/** What the operator decides. */
export interface Policy {
  /** Of a password, in code points. */
  readonly shortestPassword: number
  /** open: whoever likes. invite: with a code. closed: nobody. Whoever is first owns the server in any case. */
  readonly registration: 'open' | 'invite' | 'closed'
  /** What the first one must know, where others than this machine's people might come first. */
  readonly ownerCode?: string
  /** What lets anybody register besides invitations: said to a whole class. */
  readonly classCode?: string
  /** Languages that there are wordings in. */
  readonly languages: readonly string[]
  /** Against floods and guessing. */
  readonly limits: boolean
  /** Whether one may be there without an account. */
  readonly guests: boolean
}
