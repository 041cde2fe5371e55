// What the model knows of a room, and who may do what in it, in other words than the program's.

import type { Level, MaskList, Room, RoomFlag, RoomId, RoomRole } from '../../../src/core/model/model.ts'
import type { ModelPeople } from './model-people.ts'

export interface Said {
  readonly seq: number
  readonly author: number
  text: string
  deleted: boolean
  readonly root: number
  readonly reactions: Set<string>
  pinned: boolean
  /** The people mentioned when it was said; -1 for everyone. */
  mentions: Set<number>
}

const RANKS: Readonly<Record<RoomRole, number>> = { member: 1, speaker: 2, helper: 3, moderator: 4, owner: 5 }

/** A refusal's code, or undefined where nothing is refused. */
export type Refused = string | undefined

export class ModelRoom {
  readonly id: RoomId
  kind: Room['kind']
  name: string
  topic = ''
  archived = false
  silencedUntil = 0
  /** Milliseconds. */
  slow = 0
  key = ''
  limit = 0
  readonly flags = new Set<RoomFlag>()
  /** `ban an*`, as they were put there. */
  readonly masks = new Set<string>()
  readonly said = new Map<number, Said>()
  /** Who did what is under each seq, and to whom. */
  readonly log: { readonly author: number; readonly whom?: number }[] = [{ author: -1 }]
  readonly roles = new Map<number, RoomRole>()
  readonly mutes = new Map<number, number>()
  readonly bans = new Map<number, number>()
  readonly marks = new Map<number, number>()
  readonly levels = new Map<number, Level>()
  /** Of the last text of each, once the room is slow. */
  readonly spoke = new Map<number, number>()
  readonly #people: ModelPeople

  constructor(people: ModelPeople, { id, kind, name }: Pick<ModelRoom, 'id' | 'kind' | 'name'>) {
    this.#people = people
    this.id = id
    this.kind = kind
    this.name = name
  }

  get head(): number {
    return this.log.length - 1
  }

  /** Somebody did something that takes a seq. */
  happened(author: number, whom?: number): void {
    this.log.push(whom === undefined ? { author } : { author, whom })
  }

  authorOf(seq: number): number {
    return this.log[seq]?.author ?? -1
  }

  /** What somebody is shown of it live who is elsewhere, in `general`. */
  verdictFor(who: number, seq: number): 'shown' | 'left-out' | 'hidden' {
    const { author = -1, whom } = this.log[seq] ?? {}
    const level = this.levels.get(who) ?? 'everything'
    if (this.hides(author, who)) return 'hidden'
    if (this.id === 1 || level === 'everything' || whom === who) return 'shown'
    const said = this.said.get(seq)
    if (!said) return 'hidden'
    const mentioned = said.mentions.has(-1) || said.text.includes(`@${this.#people.names[who]}`)
    return level === 'mentions' && mentioned && !this.#people.blocks(who, author) ? 'shown' : 'left-out'
  }

  has(who: number): boolean {
    return this.roles.has(who) && !this.#people.disabled.has(who)
  }

  /** Somebody who has that role. */
  one(role: RoomRole): number | undefined {
    return [...this.roles.keys()].find(who => this.roles.get(who) === role && this.has(who))
  }

  get living(): Said[] {
    return [...this.said.values()].filter(({ deleted }) => !deleted)
  }

  /** What somebody who blocks people is shown of it. */
  visibleTo(who: number): Said[] {
    return this.living.filter(({ author }) => !this.hides(author, who))
  }

  hides(author: number, from: number): boolean {
    return this.kind === 'direct' && this.#people.blocks(from, author)
  }

  mark(who: number, seq: number): void {
    this.marks.set(who, Math.max(this.marks.get(who) ?? 0, seq))
  }

  mentioned(who: number, text: string): Set<number> {
    const everyone = text.includes('@todos') && (this.rank(who) >= 4 || this.kind === 'direct')
    const named = [...this.roles.keys()].filter(each => text.includes(`@${this.#people.names[each]}`))
    return new Set(everyone ? [-1, ...named] : named)
  }

  arrived(who: number, by: number): void {
    this.happened(by, who)
    this.roles.set(who, 'member')
    this.bans.delete(who)
    this.marks.set(who, this.head)
    this.levels.delete(who)
  }

  left(who: number, by: number): void {
    this.happened(by, who)
    this.roles.delete(who)
  }

  // --- who may what --------------------------------------------------------------------------------------

  rank(who: number): number {
    const role = this.roles.get(who)
    if (!role || !this.has(who)) return 0
    if (this.kind === 'direct') return 1
    return this.#people.isAdmin(who) ? 5 : RANKS[role]
  }

  missing(said: Said | undefined): Refused {
    return !said || said.deleted ? 'no-such-message' : undefined
  }

  mayTakePart(who: number, now: number): Refused {
    if (!this.has(who)) return 'not-a-member'
    if (this.archived) return 'archived'
    const hasNoVoice = this.isHeld('mute', who) || this.isHeld('ban', who)
    return (this.mutes.get(who) ?? 0) > now || hasNoVoice ? 'muted' : undefined
  }

  mayWrite(who: number, now: number): Refused {
    const refused = this.mayTakePart(who, now)
    if (refused || this.rank(who) >= 2) return refused
    if (this.kind === 'announcement') return 'read-only'
    if (this.silencedUntil > now) return 'silenced'
    const isGuest = this.#people.roles[who] === 'guest'
    return isGuest && this.flags.has('quiet-guests') ? 'quiet-guests' : undefined
  }

  /** Besides: one text in so long. */
  mustRest(who: number, now: number): Refused {
    if (this.slow === 0 || this.rank(who) >= 2) return undefined
    return (this.spoke.get(who) ?? 0) + this.slow > now ? 'slow-mode' : undefined
  }

  mayModerate(who: number): Refused {
    return this.#needs(who, this.kind === 'direct' ? 1 : 4)
  }

  mayQuieten(who: number): Refused {
    return this.#needs(who, 4)
  }

  mayTitle(who: number, now: number): Refused {
    if (!this.flags.has('open-topic') || this.rank(who) >= 4) return this.mayQuieten(who)
    return this.mayWrite(who, now)
  }

  /** Judged when it is known that both are in the room. */
  mayAppoint(who: number, whom: number, role: RoomRole): Refused {
    const [rank, theirs] = [this.rank(who), this.rank(whom)]
    const isSmall = (role === 'member' || role === 'speaker') && theirs <= 2
    return rank === 5 || (rank === 4 && isSmall) ? undefined : 'forbidden'
  }

  mayErase(who: number, author: number): Refused {
    if (who === author || this.rank(who) >= 4) return undefined
    return this.rank(who) === 3 && this.#above(author) < 3 ? undefined : 'forbidden'
  }

  /** Who runs the server is above moderators, in the room or not; who is disabled is nobody. */
  #above(whom: number): number {
    if (this.#people.disabled.has(whom)) return 0
    return this.#people.isAdmin(whom) ? 5 : this.rank(whom)
  }

  listed(list: MaskList, who: number): boolean {
    const name = this.#people.names[who] ?? ''
    return [...this.masks].some(each => {
      const [of, mask = ''] = each.split(' ')
      const pattern = mask.replaceAll('*', '.*').replaceAll('?', '.')
      return of === list && new RegExp(`^${pattern}$`).test(name)
    })
  }

  isHeld(list: 'ban' | 'mute', who: number): boolean {
    return this.listed(list, who) && !this.listed('exception', who) && this.#above(who) < 2
  }

  mayGovern(who: number): Refused {
    return this.#needs(who, 5)
  }

  #needs(who: number, rank: number): Refused {
    if (!this.has(who)) return 'not-a-member'
    return this.rank(who) >= rank ? undefined : 'forbidden'
  }

  mayDiscipline(who: number, whom: number): Refused {
    if (!this.has(who)) return 'not-a-member'
    return this.rank(who) >= 3 && this.rank(who) > this.#above(whom) ? undefined : 'forbidden'
  }

  /** The last owner among others; who is disabled counts for nobody. */
  mustStay(who: number): Refused {
    if (this.id === 1 || this.kind === 'direct' || this.roles.get(who) !== 'owner') return undefined
    const others = [...this.roles].filter(([each]) => each !== who && this.has(each))
    return others.length > 0 && !others.some(([, role]) => role === 'owner') ? 'last-owner' : undefined
  }

  mayArrive(who: number, whom: number, { now, key = '' }: { now: number; key?: string }): Refused {
    const self = who === whom
    if (self && this.#people.disabled.has(who)) return 'no-such-room'
    const there = this.roles.has(whom)
    const isHidden = this.kind === 'direct' || (this.kind === 'closed' && !this.listed('invitation', whom))
    if (self && !there && isHidden) return 'no-such-room'
    if (!self && !this.has(who)) return 'not-a-member'
    if (this.kind === 'direct') return 'forbidden'
    const mayBring = this.rank(who) >= 4 || (this.kind === 'open' && this.#people.roles[who] !== 'guest')
    if (!self && !mayBring) return this.#people.roles[who] === 'guest' ? 'account-needed' : 'forbidden'
    if (there) return 'already-there'
    const atDoor = self || this.rank(who) < 4
    if (atDoor && ((this.bans.get(whom) ?? 0) > now || this.isHeld('ban', whom))) return 'banned'
    if (atDoor && this.#people.roles[whom] === 'guest' && this.flags.has('no-guests')) return 'no-guests'
    if (self && this.key !== '' && this.key !== key) return 'wrong-key'
    if (atDoor && this.limit > 0 && this.roles.size >= this.limit) return 'room-full'
    return this.archived ? 'archived' : undefined
  }
}
