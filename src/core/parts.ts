// What a chat is made of, handed in by the composition root and by tests.

import type { FileParts } from './files/files.ts'
import type { Tampering } from './log/watched-log.ts'
import type { Person } from './model/model.ts'
import type { Passwords } from './people/passwords.ts'
import type { Bus } from './ports/bus.ts'
import type { Clock } from './ports/clock.ts'
import type { Skeletons } from './ports/people.ts'
import type { LinkReader } from './ports/previews.ts'
import type { Store } from './ports/store.ts'

export interface Parts {
  readonly store: Store
  readonly files: FileParts
  readonly bus: Bus
  readonly clock: Clock
  readonly passwords: Pick<Passwords, 'hash' | 'verify' | 'verifier'>
  /** The skeletons of the name of a person or a room (UTS 39, section 4). */
  readonly skeletonsOf: (name: string) => Skeletons
  /** Makes an unguessable code, in the folded form in which codes are compared (rules.ts). */
  readonly code: () => string
  /** Makes an unguessable token: 256 random bits. */
  readonly secret: () => string
  /** The server's time zone, an IANA name. */
  readonly zone: string
  /** Reads what links lead to; undefined where nobody is to be shown that. */
  readonly links?: LinkReader | undefined
  readonly policy: Policy
  readonly console: Console
}

/** What whoever runs the server gets to see. */
export interface Console {
  /** A person's first connection to this node opened, or their last one closed. */
  presence(person: Person, online: boolean): void
  onError(error: unknown): void
  /** Another program has changed the database. */
  tampered(tampering: Tampering): void
}

/** What the operator decides. */
export interface Policy {
  /** The shortest password allowed, in code points. */
  readonly shortestPassword: number
  /**
   * open: anyone may register. invite: only with a code. closed: nobody. The first person to register owns the server
   * in any case.
   */
  readonly registration: 'open' | 'invite' | 'closed'
  /** The code that the first person must know, where people from other machines could come first. */
  readonly ownerCode?: string
  /** A code by which anyone may register, besides invitations: one that is given to a whole class. */
  readonly classCode?: string
  /** The languages that there are wordings in. */
  readonly languages: readonly string[]
  /** Whether floods and guesses are held back. */
  readonly limits: boolean
  /** Whether people may use the chat without an account. */
  readonly guests: boolean
}
