// Reads polls and their votes. A poll's question and options are its message's text (core/model/polls.ts).

import type { Author, Instant, Message, RoomId, Seq, UserId } from '../../core/model/model.ts'
import { mayBePoll, type Poll, readPoll } from '../../core/model/polls.ts'
import { refuse } from '../../core/model/refusals.ts'
import type { RowPlace } from '../../core/ports/log.ts'
import { type Ballot, TELL_EVERY_MS } from '../../core/ports/polls.ts'
import { END, idOf, roomOf, seqOf } from './open-room.ts'
import { original } from './original.ts'
import { viewOf } from './room-view.ts'
import { LAST_TIME, number, type Row, row, rows, type Script, sql, text, username } from './sql.ts'

/** A row of `polls` with its message's text. */
export interface StoredPoll extends Poll {
  readonly id: number
  readonly author: UserId
  /** When the room was last told of its votes. */
  readonly toldAt: number
  /** 0 for never by itself. */
  readonly endsAt: number
}

/** undefined for a text that is no poll: another program has written it. */
export function pollFrom(found: Row): StoredPoll | undefined {
  const read = readPoll(text(found, 'message'))
  if (!read) return undefined
  const endsAt = Math.min(number(found, 'ends_at'), LAST_TIME)
  return {
    question: read.question,
    options: read.options.map(each => ({ text: each, votes: 0 })),
    voters: 0,
    ...(found.multiple === 1 && { multiple: true }),
    ...(found.named === 1 && { named: true }),
    ...(endsAt > 0 && { until: endsAt as Instant }),
    ...(number(found, 'closed_at') > 0 && { closed: true }),
    id: number(found, 'message_id'),
    author: number(found, 'user_id') as UserId,
    toldAt: number(found, 'told_at'),
    endsAt,
  }
}

/** The polls among these messages as they are now, by the messages' ids. @param reader whose own votes they have */
export function* pollsOf(messages: readonly number[], reader?: UserId): Script<ReadonlyMap<number, Poll>> {
  if (messages.length === 0) return new Map()
  const found = yield* rows(
    pollFrom,
    sql`SELECT polls.*, message, messages.user_id FROM polls JOIN messages ON messages.id = message_id
        WHERE message_id IN (SELECT CAST(value AS BIGINT) FROM json_each(${JSON.stringify(messages)}) AS asked)
          AND deleted_at IS NULL`,
  )
  const polls = new Map<number, Poll>()
  for (const each of found) if (each) polls.set(each.id, yield* counted(each, reader))
  return polls
}

/** Adds the polls to messages. */
export function* withPolls(messages: Message[], reader?: UserId): Script<Message[]> {
  const asking = messages.filter(({ text }) => mayBePoll(text))
  const polls = yield* pollsOf(
    asking.map(({ room, seq }) => idOf(room, seq)),
    reader,
  )
  if (polls.size === 0) return messages
  return messages.map(each => {
    const poll = polls.get(idOf(each.room, each.seq))
    return poll ? { ...each, poll } : each
  })
}

/** Adds the votes. */
function* counted(stored: StoredPoll, reader: UserId | undefined): Script<Poll> {
  const { id, author: _, toldAt: __, endsAt: ___, ...poll } = stored
  const votes = yield* rows(
    found => ({ option: number(found, 'option'), votes: number(found, 'votes') }),
    sql`SELECT option, count(*) AS votes FROM votes WHERE message_id = ${id} GROUP BY option`,
  )
  if (votes.length === 0) return poll
  const voters = yield* row(
    found => number(found, 'voters'),
    sql`SELECT count(DISTINCT user_id) AS voters FROM votes WHERE message_id = ${id}`,
  )
  const mine = reader === undefined ? [] : yield* choiceOf(id, reader)
  const byOption = new Map(votes.map(each => [each.option, each.votes]))
  return {
    ...poll,
    options: poll.options.map((each, i) => ({ ...each, votes: byOption.get(i + 1) ?? 0 })),
    voters: voters ?? 0,
    ...(mine.length > 0 && { mine }),
  }
}

export function* choiceOf(message: number, person: UserId): Script<number[]> {
  return yield* rows(
    found => number(found, 'option'),
    sql`SELECT option FROM votes WHERE message_id = ${message} AND user_id = ${person} ORDER BY option`,
  )
}

/** Refuses 'no-such-message', 'not-a-poll'. */
export function* pollAt(room: RoomId, seq: Seq): Script<StoredPoll> {
  const { id } = yield* original(room, seq)
  const found = yield* row(
    pollFrom,
    sql`SELECT polls.*, message, messages.user_id FROM polls JOIN messages ON messages.id = message_id
        WHERE message_id = ${id}`,
  )
  return found ?? refuse('not-a-poll')
}

export function hasEnded({ closed, endsAt }: StoredPoll, now: Instant): boolean {
  return closed === true || (endsAt > 0 && endsAt <= now)
}

export function* due(at: Instant, limit: number): Script<RowPlace[]> {
  return yield* rows(
    found => ({ room: roomOf(number(found, 'message_id')), seq: seqOf(number(found, 'message_id')) }),
    sql`SELECT message_id FROM polls WHERE untold = 1 AND told_at <= ${at - TELL_EVERY_MS}
        UNION SELECT message_id FROM polls WHERE closed_at = 0 AND ends_at > 0 AND ends_at <= ${at}
        LIMIT ${limit}`,
  )
}

export function* latest(reader: UserId, room: RoomId): Script<Seq | undefined> {
  const { since } = yield* viewOf(reader, room)
  return yield* row(
    found => seqOf(number(found, 'message_id')),
    sql`SELECT message_id FROM polls WHERE message_id > ${idOf(room, since)} AND message_id < ${idOf(room, END)}
        ORDER BY message_id DESC LIMIT 1`,
  )
}

export function* ballots(reader: UserId, room: RoomId, seq: Seq, limit: number): Script<Ballot[]> {
  const { since } = yield* viewOf(reader, room)
  if (seq <= since) refuse('no-such-message')
  const poll = yield* pollAt(room, seq)
  if (!poll.named) refuse('forbidden')
  const found = yield* rows(
    each => ({
      option: number(each, 'option'),
      person: { id: number(each, 'user_id') as UserId, username: username(each) } satisfies Author,
    }),
    sql`SELECT option, user_id, username FROM (
          SELECT option, votes.user_id, username, folded,
                 row_number() OVER (PARTITION BY option ORDER BY folded) AS place
          FROM votes JOIN users ON users.id = votes.user_id WHERE message_id = ${poll.id}
        ) AS placed WHERE place <= ${limit} ORDER BY option, folded`,
  )
  const byOption = Map.groupBy(found, ({ option }) => option)
  return poll.options.map((_, i) => ({
    option: i + 1,
    people: (byOption.get(i + 1) ?? []).map(({ person }) => person),
  }))
}
