// Polls: asking, voting and closing. Votes are on disk when they are answered; rooms are told of them together.

import type { ClusterMessages } from '../cluster/cluster-messages.ts'
import type { Post } from '../log/appender.ts'
import type { LogEvent, Message, Person, RoomId, Seq } from '../model/model.ts'
import { checkPoll, checkPollEnd, type PollRules, type PollText, writePoll } from '../model/polls.ts'
import { Refusal } from '../model/refusals.ts'
import type { Clock } from '../ports/clock.ts'
import { type Ballot, TELL_EVERY_MS } from '../ports/polls.ts'
import type { Store } from '../ports/store.ts'
import type { Actor, Changes } from '../rooms/changes.ts'
import type { Messages } from '../rooms/messages.ts'
import type { Sessions } from '../sessions/sessions.ts'

/** Polls that are told of in one go. */
const BATCH = 100
/** People that are named for one option. */
const MOST_NAMED = 200

interface PollsDeps {
  readonly store: Store
  readonly clock: Clock
  readonly changes: Changes
  readonly messages: Pick<Messages, 'one'>
  readonly cluster: ClusterMessages
  readonly sessions: Sessions
  readonly onError: (error: unknown) => void
}

export type NewPoll = PollText & PollRules

export class Polls {
  readonly #deps: PollsDeps
  #cancel: () => void = () => {}
  #isClosed = false

  constructor(deps: PollsDeps) {
    this.#deps = deps
    deps.cluster.on('voted', ({ person, room, seq, options }) => {
      for (const session of deps.sessions.of(person))
        if (session.reaches(room)) session.view.voted?.(room, seq, options)
    })
    this.#later()
  }

  /**
   * What to post for a poll. Throws the refusals 'bad-question', 'option-count', 'bad-option', 'equal-options',
   * 'bad-poll-end'.
   */
  postFor({ question, options, multiple, named, until }: NewPoll): Post {
    const { clock } = this.#deps
    return {
      text: writePoll(checkPoll({ question, options })),
      format: 'plain',
      poll: {
        ...(multiple && { multiple }),
        ...(named && { named }),
        ...(until !== undefined && { until: checkPollEnd(until, clock.now()) }),
      },
    }
  }

  /**
   * Sets the person's vote, and tells their sessions. Refuses as the change does (ports/log.ts).
   * @param options their numbers; none takes the vote back
   * @returns the poll's message as it is then
   */
  async vote(person: Person, room: RoomId, target: Seq, options: readonly number[]): Promise<Message> {
    const { changes, cluster, messages } = this.#deps
    const chosen = [...new Set(options)].sort((a, b) => a - b)
    await changes.make(person, room, { kind: 'vote', target, options: chosen })
    cluster.notify({ kind: 'voted', person: person.id, room, seq: target, options: chosen })
    return messages.one(person, room, target)
  }

  /** Refuses 'not-a-member', 'no-such-message', 'not-a-poll', 'forbidden'. @returns undefined if it had ended */
  async close(person: Actor, room: RoomId, target: Seq): Promise<LogEvent | undefined> {
    return this.#deps.changes.make(person, room, { kind: 'poll-end', target })
  }

  /** The seq of the room's last poll. Refuses 'not-a-member'. */
  async latest({ id }: Person, room: RoomId): Promise<Seq | undefined> {
    return this.#deps.store.polls.latest(id, room)
  }

  /** Who has chosen what. Refuses 'not-a-member', 'no-such-message', 'not-a-poll', 'forbidden' in a poll without names. */
  async ballots({ id }: Person, room: RoomId, seq: Seq): Promise<readonly Ballot[]> {
    return this.#deps.store.polls.ballots(id, room, seq, MOST_NAMED)
  }

  /** Every node looks; whoever is first tells. So votes are told of even if the node that took them is gone. */
  #later(): void {
    this.#cancel = this.#deps.clock.after(TELL_EVERY_MS, async () => {
      await this.#tellAll().catch(error => {
        if (!this.#isClosed && !(error instanceof Refusal)) this.#deps.onError(error)
      })
      if (!this.#isClosed) this.#later()
    })
  }

  async #tellAll(): Promise<void> {
    const { store, clock, changes } = this.#deps
    for (const { room, seq } of await store.polls.due(clock.now(), BATCH)) {
      const event = await store.polls.tell(room, seq, clock.now())
      if (event) await changes.publish(event)
    }
  }

  stop(): void {
    this.#isClosed = true
    this.#cancel()
  }
}
