// Reminders: a person is told of a message again, at a time that they chose.

import type { ClusterMessages } from '../cluster/cluster-messages.ts'
import type { Instant, Person, RoomId, Seq, UserId } from '../model/model.ts'
import { refuse } from '../model/refusals.ts'
import { checkDue, checkNote, type Reminder, type ReminderId } from '../model/scheduled.ts'
import type { Clock } from '../ports/clock.ts'
import type { Store } from '../ports/store.ts'
import type { Sessions } from '../sessions/sessions.ts'
import { Due } from './due.ts'

/** Reminders that are told in one go. */
const BATCH = 100

interface RemindersDeps {
  readonly store: Store
  readonly clock: Clock
  readonly cluster: ClusterMessages
  readonly sessions: Sessions
  readonly onError: (error: unknown) => void
}

export class Reminders {
  readonly #deps: RemindersDeps
  readonly #due: Due

  constructor(deps: RemindersDeps) {
    this.#deps = deps
    const { store, clock, cluster, sessions, onError } = deps
    this.#due = new Due({ clock, next: () => store.reminders.next(), run: () => this.#ringAll(), onError })
    cluster.on('reminders', ({ person, at, rung }) => {
      if (at !== undefined) this.#due.expect(at)
      for (const session of sessions.of(person)) {
        if (session.grant.room === undefined) session.view.changed('reminders')
        if (rung && session.reaches(rung.room)) session.view.reminded?.(rung)
      }
    })
  }

  get now(): Instant {
    return this.#deps.clock.now()
  }

  /**
   * Refuses 'bad-time', 'long-note', 'account-needed' for guests, 'not-a-member', 'no-such-message',
   * 'too-many-reminders'.
   */
  async remind(
    person: Person,
    { room, seq }: { readonly room: RoomId; readonly seq: Seq },
    { at, note = '' }: { readonly at: Instant; readonly note?: string },
  ): Promise<Reminder> {
    const { store, clock } = this.#deps
    if (person.role === 'guest') refuse('account-needed')
    const wanted = { room, seq, note: checkNote(note), at: checkDue(at, clock.now()) }
    const reminder = await store.reminders.remind({ person: person.id, ...wanted })
    this.#tell(person.id, at)
    return reminder
  }

  /** By time: those that have come, then those that wait. */
  async list({ id }: Person): Promise<readonly Reminder[]> {
    return this.#deps.store.reminders.list(id)
  }

  /** How many have come, and were not deleted. */
  async rung({ id }: Person): Promise<number> {
    return this.#deps.store.reminders.rung(id)
  }

  /** It comes then, maybe once more. Refuses 'no-such-reminder', 'bad-time'. */
  async move({ id: person }: Person, id: ReminderId, at: Instant): Promise<Reminder> {
    const { store, clock } = this.#deps
    const reminder = await store.reminders.move(person, id, checkDue(at, clock.now()))
    this.#tell(person, at)
    return reminder
  }

  /** Refuses 'no-such-reminder'. */
  async forget({ id: person }: Person, id: ReminderId): Promise<void> {
    await this.#deps.store.reminders.forget(person, id)
    this.#tell(person)
  }

  async #ringAll(): Promise<void> {
    const { store, clock, cluster } = this.#deps
    for (const id of await store.reminders.due(clock.now(), BATCH)) {
      const rung = await store.reminders.ring(id, clock.now())
      if (rung) cluster.notify({ kind: 'reminders', person: rung.person, rung: rung.reminder })
    }
  }

  #tell(person: UserId, at?: Instant): void {
    this.#deps.cluster.notify({ kind: 'reminders', person, ...(at !== undefined && { at }) })
  }

  close(): void {
    this.#due.close()
  }
}
