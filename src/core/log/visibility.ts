// What one connection is shown of a room, by the person's notification level there and by whom they have blocked.

import type { Author, EphemeralEvent, Level, LogEvent, Seq, UserId } from '../model/model.ts'
import { foldUsername } from '../model/rules.ts'
import { mentionsIn } from '../text/mentions.ts'

/** left-out: not shown now, and still unread. hidden: the person does not want to see it. */
type EventVisibility = 'shown' | 'left-out' | 'hidden'

/** Decides for one seat what is shown of each event. */
export class Visibility {
  readonly #person: Author
  readonly #blocked: ReadonlySet<UserId>
  readonly #direct: boolean
  readonly #isInTeam: (teams: readonly string[]) => boolean
  /** Of what happened up to this seq before they came, people of a conversation know nothing. */
  readonly #since: number
  level: Level
  /** It is the room that the person is in at the moment, where the level does not count. */
  isCurrent: boolean

  /** @param room `blocked` holds whom the person has blocked, now and later; `joined` is the seq of their arrival */
  constructor(
    person: Author,
    room: {
      readonly blocked: ReadonlySet<UserId>
      readonly direct: boolean
      readonly level: Level
      readonly isInTeam: (teams: readonly string[]) => boolean
      readonly joined?: Seq
    },
    here: boolean,
  ) {
    this.#person = person
    this.#blocked = room.blocked
    this.#direct = room.direct
    this.#isInTeam = room.isInTeam
    this.level = room.level
    this.#since = room.direct ? (room.joined ?? 0) : 0
    this.isCurrent = here
  }

  /** Every event is shown, whatever it is. */
  get isFull(): boolean {
    return !this.#isQuiet && this.#since === 0 && !(this.#direct && this.#blocked.size > 0)
  }

  get #isQuiet(): boolean {
    return !this.isCurrent && this.level !== 'everything'
  }

  of(event: LogEvent): EventVisibility {
    const blocked = this.#blocked.has(event.author.id)
    if (this.#direct && blocked) return 'hidden'
    if ('target' in event && event.target <= this.#since) return 'hidden'
    if (!this.#isQuiet || this.#isAbout(event)) return 'shown'
    if (event.kind !== 'message') return 'hidden'
    return this.level === 'mentions' && !blocked && this.#isMentioned(event) ? 'shown' : 'left-out'
  }

  /** What happens to the person themselves is shown at every level. */
  #isAbout(event: LogEvent): boolean {
    return 'person' in event && event.person.id === this.#person.id
  }

  #isMentioned({ text, format, everyone, teams }: Extract<LogEvent, { kind: 'message' }>): boolean {
    if (everyone === true || (teams && this.#isInTeam(teams))) return true
    return mentionsIn(text, format).includes(foldUsername(this.#person.username))
  }

  includes(event: EphemeralEvent): boolean {
    const person = event.kind === 'presence' ? onlyOne(event.people) : event.person
    if (this.#isQuiet || person?.id === this.#person.id) return false
    return !(this.#direct && person && this.#blocked.has(person.id))
  }
}

function onlyOne<T>(people: readonly { readonly person: T }[]): T | undefined {
  return people.length === 1 ? people[0]?.person : undefined
}
