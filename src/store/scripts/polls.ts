// Polls and their votes. A poll's question and options are its message's text (core/model/polls.ts).

import type { Author, Instant, LogEvent, Message, RoomId, Seq, UserId } from '../../core/model/model.ts'
import { mayDelete, mayTakePart } from '../../core/model/permissions.ts'
import { mayBePoll, type Poll, type PollRules, readPoll, writePoll } from '../../core/model/polls.ts'
import { refuse } from '../../core/model/refusals.ts'
import type { RowPlace } from '../../core/ports/log.ts'
import { type Ballot, TELL_EVERY_MS } from '../../core/ports/polls.ts'
import { type ChangeContext, type ChangeDetails, type ChangeOf, writeChange } from './change-context.ts'
import { END, idOf, messageId, mustBeMember, openRoom, participantIn, roomOf, seqOf } from './open-room.ts'
import { original } from './original.ts'
import { LAST_TIME, number, type Row, row, rows, run, type Script, sql, text, username } from './sql.ts'

export function* insertPoll(message: number, { multiple, named, until }: PollRules): Script<void> {
  yield* run(
    sql`INSERT INTO polls (message_id, multiple, named, ends_at)
        VALUES (${message}, ${multiple ? 1 : 0}, ${named ? 1 : 0}, ${until ?? 0})`,
  )
}

/** A row of `polls` with its message's text. */
interface StoredPoll extends Poll {
  readonly id: number
  readonly author: UserId
  readonly toldAt: number
  /** It is closed, or its end has come, by its row's clock. */
  readonly endsAt: number
}

/** undefined for a text that is no poll: another program has written it. */
function pollFrom(found: Row): StoredPoll | undefined {
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

function* choiceOf(message: number, person: UserId): Script<number[]> {
  return yield* rows(
    found => number(found, 'option'),
    sql`SELECT option FROM votes WHERE message_id = ${message} AND user_id = ${person} ORDER BY option`,
  )
}

/** Refuses 'no-such-message', 'not-a-poll'. */
function* pollAt(room: RoomId, seq: Seq): Script<StoredPoll> {
  const { id } = yield* original(room, seq)
  const found = yield* row(
    pollFrom,
    sql`SELECT polls.*, message, messages.user_id FROM polls JOIN messages ON messages.id = message_id
        WHERE message_id = ${id}`,
  )
  return found ?? refuse('not-a-poll')
}

function hasEnded({ closed, endsAt }: StoredPoll, now: Instant): boolean {
  return closed === true || (endsAt > 0 && endsAt <= now)
}

export function* vote(
  { room, actor }: ChangeContext,
  { target, options }: ChangeOf<'vote'>,
): Script<ChangeDetails> {
  mayTakePart(actor, room, room.at)
  const poll = yield* pollAt(room.room, target)
  if (hasEnded(poll, room.at)) refuse('poll-closed')
  if (options.some(each => !(Number.isInteger(each) && each >= 1 && each <= poll.options.length)))
    refuse('no-such-option')
  if (!poll.multiple && options.length > 1) refuse('one-option')
  const before = yield* choiceOf(poll.id, actor.id)
  if (before.length === options.length && before.every(each => options.includes(each))) return undefined
  yield* run(sql`DELETE FROM votes WHERE message_id = ${poll.id} AND user_id = ${actor.id}`)
  for (const option of options)
    yield* run(
      sql`INSERT INTO votes (message_id, user_id, option) VALUES (${poll.id}, ${actor.id}, ${option})`,
    )
  const isSoon = room.at - poll.toldAt < TELL_EVERY_MS
  yield* run(
    sql`UPDATE polls SET untold = ${isSoon ? 1 : 0}, told_at = ${isSoon ? poll.toldAt : room.at}
        WHERE message_id = ${poll.id}`,
  )
  return isSoon ? undefined : { target, value: 'voted', actor: poll.author }
}

export function* endPoll(
  { room, actor }: ChangeContext,
  { target }: ChangeOf<'poll-end'>,
): Script<ChangeDetails> {
  const poll = yield* pollAt(room.room, target)
  mayDelete(actor, poll.author === actor.id ? actor : yield* participantIn(room.room, poll.author), room)
  if (hasEnded(poll, room.at)) return undefined
  yield* close(poll, room.at)
  return { target, value: 'closed' }
}

function* close({ id }: StoredPoll, at: Instant): Script<void> {
  yield* run(sql`UPDATE polls SET closed_at = ${at}, untold = 0, told_at = ${at} WHERE message_id = ${id}`)
}

export function* due(at: Instant, limit: number): Script<RowPlace[]> {
  return yield* rows(
    found => ({ room: roomOf(number(found, 'message_id')), seq: seqOf(number(found, 'message_id')) }),
    sql`SELECT message_id FROM polls WHERE untold = 1 AND told_at <= ${at - TELL_EVERY_MS}
        UNION SELECT message_id FROM polls WHERE closed_at = 0 AND ends_at > 0 AND ends_at <= ${at}
        LIMIT ${limit}`,
  )
}

export function* tell(room: RoomId, seq: Seq, at: Instant): Script<LogEvent | undefined> {
  const found = yield* openRoom(room, at)
  const stored = yield* row(
    each => ({ poll: pollFrom(each), untold: each.untold === 1, id: number(each, 'message_id') }),
    sql`SELECT polls.*, message, messages.user_id FROM polls JOIN messages ON messages.id = message_id
        WHERE message_id = ${idOf(room, seq)} AND deleted_at IS NULL`,
  )
  const poll = stored?.poll
  if (!found || !poll) {
    // Another program has taken the message away, or its text.
    yield* run(sql`UPDATE polls SET untold = 0, ends_at = 0 WHERE message_id = ${idOf(room, seq)}`)
    return undefined
  }
  const isOver = poll.closed !== true && hasEnded(poll, found.at)
  if (!isOver && !stored.untold) return undefined
  if (isOver) yield* close(poll, found.at)
  else yield* run(sql`UPDATE polls SET untold = 0, told_at = ${found.at} WHERE message_id = ${poll.id}`)
  const value = isOver ? 'expired' : 'voted'
  return yield* writeChange(found, { actor: poll.author, kind: 'poll', target: seq, value })
}

export function* latest(reader: UserId, room: RoomId): Script<Seq | undefined> {
  yield* mustBeMember(room, reader)
  return yield* row(
    found => seqOf(number(found, 'message_id')),
    sql`SELECT message_id FROM polls WHERE message_id > ${idOf(room, 0)} AND message_id < ${idOf(room, END)}
        ORDER BY message_id DESC LIMIT 1`,
  )
}

export function* ballots(reader: UserId, room: RoomId, seq: Seq, limit: number): Script<Ballot[]> {
  yield* mustBeMember(room, reader)
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

/** The votes go with the message. */
export function* forgetPoll(message: number): Script<void> {
  yield* run(sql`DELETE FROM votes WHERE message_id = ${message}`)
  yield* run(sql`DELETE FROM polls WHERE message_id = ${message}`)
}

/**
 * What becomes of an edited text: as it is, unless the message is a poll, whose question a text of one line replaces.
 * Refuses 'poll-text', 'poll-voted'.
 */
export function* editedText(
  room: RoomId,
  seq: Seq,
  wanted: string,
): Script<{ text: string; isPoll: boolean }> {
  const found = yield* row(
    pollFrom,
    sql`SELECT polls.*, message, messages.user_id FROM polls JOIN messages ON messages.id = message_id
        WHERE message_id = ${messageId(room, seq)}`,
  )
  if (!found) return { text: wanted, isPoll: false }
  const options = found.options.map(each => each.text)
  const edited = wanted.includes('\n') ? readPoll(wanted) : { question: wanted, options }
  if (!edited) refuse('poll-text')
  const isSame = edited.options.join('\n') === options.join('\n')
  if (!isSame && (yield* hasVotes(found.id))) refuse('poll-voted')
  return { text: writePoll(edited), isPoll: true }
}

function* hasVotes(message: number): Script<boolean> {
  const voted = yield* row(
    found => number(found, 'option'),
    sql`SELECT option FROM votes WHERE message_id = ${message} LIMIT 1`,
  )
  return voted !== undefined
}
