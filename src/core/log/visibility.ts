// What of a room is shown on one connection: by the person's level there, and by whom they have blocked.

import type { Author, EphemeralEvent, Level, LogEvent, UserId } from '../model/model.ts'
import { foldUsername } from '../model/rules.ts'
import { mentionsIn } from '../text/mentions.ts'

/** left-out: not now, but the person has not read it. hidden: they don't want to. */
type EventVisibility = 'shown' | 'left-out' | 'hidden'

export class Visibility {
  readonly #person: Author
  readonly #blocked: ReadonlySet<UserId>
  readonly #direct: boolean
  level: Level
  /** It is the room that one is in at the moment: then the level does not matter. */
  isCurrent: boolean

  /** @param blocked whom the person has blocked, now and later */
  constructor(
    person: Author,
    room: { readonly blocked: ReadonlySet<UserId>; readonly direct: boolean; readonly level: Level },
    here: boolean,
  ) {
    this.#person = person
    this.#blocked = room.blocked
    this.#direct = room.direct
    this.level = room.level
    this.isCurrent = here
  }

  /** Everything is shown, whatever it is. */
  get isFull(): boolean {
    return !this.#isQuiet && !(this.#direct && this.#blocked.size > 0)
  }

  get #isQuiet(): boolean {
    return !this.isCurrent && this.level !== 'everything'
  }

  of(event: LogEvent): EventVisibility {
    const blocked = this.#blocked.has(event.author.id)
    if (this.#direct && blocked) return 'hidden'
    if (!this.#isQuiet || this.#isAbout(event)) return 'shown'
    if (event.kind !== 'message') return 'hidden'
    return this.level === 'mentions' && !blocked && this.#isMentioned(event) ? 'shown' : 'left-out'
  }

  /** What happens to oneself is shown at every level. */
  #isAbout(event: LogEvent): boolean {
    return 'person' in event && event.person.id === this.#person.id
  }

  #isMentioned({ text, format, everyone }: Extract<LogEvent, { kind: 'message' }>): boolean {
    return everyone === true || mentionsIn(text, format).includes(foldUsername(this.#person.username))
  }

  includes(passing: EphemeralEvent): boolean {
    const person = passing.kind === 'presence' ? onlyOne(passing.people) : passing.person
    if (this.#isQuiet || person?.id === this.#person.id) return false
    return !(this.#direct && person && this.#blocked.has(person.id))
  }
}

function onlyOne<T>(people: readonly { readonly person: T }[]): T | undefined {
  return people.length === 1 ? people[0]?.person : undefined
}
