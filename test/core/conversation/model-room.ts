// What the model knows of a room, and who may do what in it, in other words than the program's.

import type { Level, Room, RoomId, RoomRole } from '../../../src/core/model.ts'
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

/** A refusal's code, or undefined where nothing is refused. */
export type Refused = string | undefined

export class ModelRoom {
  readonly id: RoomId
  readonly kind: Room['kind']
  name: string
  topic = ''
  archived = false
  silencedUntil = 0
  /** Milliseconds. */
  slow = 0
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
    const everyone = text.includes('@todos') && (this.rank(who) > 1 || this.kind === 'direct')
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
    if (role === 'owner' || this.#people.isAdmin(who)) return 3
    return role === 'moderator' ? 2 : 1
  }

  missing(said: Said | undefined): Refused {
    return !said || said.deleted ? 'no-such-message' : undefined
  }

  mayTakePart(who: number, now: number): Refused {
    if (!this.has(who)) return 'not-a-member'
    if (this.archived) return 'archived'
    return (this.mutes.get(who) ?? 0) > now ? 'muted' : undefined
  }

  mayWrite(who: number, now: number): Refused {
    const refused = this.mayTakePart(who, now)
    if (refused || this.rank(who) > 1) return refused
    if (this.kind === 'announcement') return 'read-only'
    return this.silencedUntil > now ? 'silenced' : undefined
  }

  /** Besides: one text in so long. */
  mustRest(who: number, now: number): Refused {
    if (this.slow === 0 || this.rank(who) > 1) return undefined
    return (this.spoke.get(who) ?? 0) + this.slow > now ? 'slow-mode' : undefined
  }

  mayModerate(who: number): Refused {
    return this.#needs(who, this.kind === 'direct' ? 1 : 2)
  }

  mayQuieten(who: number): Refused {
    return this.#needs(who, 2)
  }

  mayGovern(who: number): Refused {
    return this.#needs(who, 3)
  }

  #needs(who: number, rank: number): Refused {
    if (!this.has(who)) return 'not-a-member'
    return this.rank(who) >= rank ? undefined : 'forbidden'
  }

  mayDiscipline(who: number, whom: number): Refused {
    if (!this.has(who)) return 'not-a-member'
    const rank = this.rank(who)
    const theirs = this.#people.isAdmin(whom) ? 3 : this.rank(whom)
    return this.kind !== 'direct' && rank > 1 && rank > theirs ? undefined : 'forbidden'
  }

  /** The last owner among others; who is disabled counts for nobody. */
  mustStay(who: number): Refused {
    if (this.id === 1 || this.kind === 'direct' || this.roles.get(who) !== 'owner') return undefined
    const others = [...this.roles].filter(([each]) => each !== who && this.has(each))
    return others.length > 0 && !others.some(([, role]) => role === 'owner') ? 'last-owner' : undefined
  }

  mayArrive(who: number, whom: number, now: number): Refused {
    const self = who === whom
    if (self && this.#people.disabled.has(who)) return 'no-such-room'
    const there = this.roles.has(whom)
    if (self && !there && (this.kind === 'closed' || this.kind === 'direct')) return 'no-such-room'
    if (!self && !this.has(who)) return 'not-a-member'
    if (this.kind === 'direct') return 'forbidden'
    const mayBring = this.rank(who) > 1 || (this.kind === 'open' && this.#people.roles[who] !== 'guest')
    if (!self && !mayBring) return 'forbidden'
    if (there) return 'already-there'
    const banned = (this.bans.get(whom) ?? 0) > now
    if (banned && (self || this.rank(who) < 2)) return 'banned'
    return this.archived ? 'archived' : undefined
  }
}
