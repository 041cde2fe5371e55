// Messages that are sent later. What is due is sent by whichever node comes first: the store posts it and forgets it in
// one transaction, so it is sent once, also when a node dies in between.

import type { ClusterMessages } from '../cluster/cluster-messages.ts'
import type { Files } from '../files/files.ts'
import type { AttachedUpload, Format, Instant, Message, Person, RoomId, Seq } from '../model/model.ts'
import { refuse } from '../model/refusals.ts'
import { checkText } from '../model/rules.ts'
import { checkDue, type Scheduled, type ScheduledId } from '../model/scheduled.ts'
import type { Bus } from '../ports/bus.ts'
import type { Clock } from '../ports/clock.ts'
import type { ScheduledChange } from '../ports/scheduled.ts'
import type { Store } from '../ports/store.ts'
import type { Sessions } from '../sessions/sessions.ts'
import { Due } from './due.ts'

/** Messages that are sent in one go. */
const BATCH = 100

export interface ScheduledMessagesDeps {
  readonly store: Store
  readonly clock: Clock
  readonly bus: Pick<Bus, 'publish'>
  readonly files: Pick<Files, 'checked' | 'sweep'>
  readonly cluster: ClusterMessages
  readonly sessions: Sessions
  /** Space for the files of a room, in bytes. */
  readonly roomSpace: number
  /** Makes a key that no other post has. */
  readonly unique: () => string
  /** Called with messages that are stored, and of which everybody has been told. */
  readonly onTold: (messages: readonly Message[]) => void
  readonly onError: (error: unknown) => void
}

/** What is to be sent to a room, and when. */
export interface Later {
  readonly text: string
  readonly format?: Format
  readonly action?: true
  readonly reply?: Seq
  readonly attachments?: readonly AttachedUpload[]
  /** Chosen by the client: scheduling again with the same key gives what there is. */
  readonly key?: string
  readonly at: Instant
}

export class ScheduledMessages {
  readonly #deps: ScheduledMessagesDeps
  readonly #due: Due

  constructor(deps: ScheduledMessagesDeps) {
    this.#deps = deps
    const { store, clock, cluster, sessions, onError } = deps
    this.#due = new Due({ clock, next: () => store.scheduled.next(), run: () => this.#sendAll(), onError })
    cluster.on('scheduled', ({ person, at, kept }) => {
      if (at !== undefined) this.#due.expect(at)
      for (const session of sessions.of(person)) {
        if (session.grant.room === undefined) session.view.changed('scheduled')
        if (kept && session.reaches(kept.room)) session.view.notSent?.(kept)
      }
    })
  }

  get now(): Instant {
    return this.#deps.clock.now()
  }

  /**
   * Refuses 'bad-time', 'account-needed' for guests, what a text and its files are refused (Chat.post), and what the
   * store refuses (ports/scheduled.ts). Whether its author may write there is judged when it is sent.
   */
  async schedule(person: Person, room: RoomId, { key, at, ...later }: Later): Promise<Scheduled> {
    const { store, clock, files, unique } = this.#deps
    if (person.role === 'guest') refuse('account-needed')
    checkDue(at, clock.now())
    const { text, attachments } = later.attachments
      ? files.checked(later)
      : { text: checkText(later.text), attachments: undefined }
    const { format = 'plain', action, reply } = later
    const scheduled = await store.scheduled.schedule({
      ...{ author: person.id, room, text, format, at, key: key ?? unique() },
      ...(action && { action }),
      ...(reply !== undefined && { reply }),
      ...(attachments && { attachments }),
    })
    this.#tell(person, scheduled.at)
    return scheduled
  }

  /** By time. */
  async list({ id }: Person): Promise<readonly Scheduled[]> {
    return this.#deps.store.scheduled.list(id)
  }

  /** Changes what one says, or when it is sent. Refuses 'no-such-scheduled', 'bad-time', and what a text is refused. */
  async amend(person: Person, id: ScheduledId, change: ScheduledChange): Promise<Scheduled> {
    const { store, clock } = this.#deps
    const { text, at } = change
    if (at !== undefined) checkDue(at, clock.now())
    const checked = text === undefined ? {} : { text: await this.#textOf(person, id, text) }
    const scheduled = await store.scheduled.amend(person.id, id, { ...change, ...checked })
    this.#tell(person, scheduled.at)
    return scheduled
  }

  /** One with files may be without words. */
  async #textOf(person: Person, id: ScheduledId, text: string): Promise<string> {
    if (text.trim() !== '') return checkText(text)
    const scheduled = (await this.list(person)).find(each => each.id === id)
    return scheduled?.attachments ? '' : checkText(text)
  }

  /** Refuses 'no-such-scheduled'. */
  async cancel(person: Person, id: ScheduledId): Promise<void> {
    const { store, files } = this.#deps
    await store.scheduled.cancel(person.id, id)
    this.#tell(person)
    await files.sweep()
  }

  /** Refuses 'no-such-scheduled', and what posting refuses: then it stays as it was. */
  async sendNow(person: Person, id: ScheduledId): Promise<Message> {
    const { store, clock, roomSpace } = this.#deps
    const message = await store.scheduled.sendNow(person.id, id, roomSpace, clock.now())
    this.#publish(message)
    this.#tell(person)
    return message
  }

  async #sendAll(): Promise<void> {
    const { store, clock, roomSpace } = this.#deps
    for (const id of await store.scheduled.due(clock.now(), BATCH)) {
      // point: before-sending
      const sent = await store.scheduled.send(id, roomSpace, clock.now())
      // point: sent-unpublished
      if (!sent) continue
      if ('message' in sent) {
        this.#publish(sent.message)
        this.#tell(sent.message.author)
      } else {
        const { author, kept } = sent
        this.#deps.cluster.notify({ kind: 'scheduled', person: author, kept })
      }
    }
  }

  #publish(message: Message): void {
    this.#deps.bus.publish(message.room, [message])
    this.#deps.onTold([message])
  }

  #tell({ id }: Pick<Person, 'id'>, at?: Instant): void {
    this.#deps.cluster.notify({ kind: 'scheduled', person: id, ...(at !== undefined && { at }) })
  }

  close(): void {
    this.#due.close()
  }
}
