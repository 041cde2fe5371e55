// What is written of polls: asking, voting, closing, telling the room, editing, forgetting.

import type { Instant, LogEvent, RoomId, Seq } from '../../core/model/model.ts'
import { mayDelete, mayTakePart } from '../../core/model/permissions.ts'
import { type PollRules, readPoll, writePoll } from '../../core/model/polls.ts'
import { refuse } from '../../core/model/refusals.ts'
import { TELL_EVERY_MS } from '../../core/ports/polls.ts'
import { type ChangeContext, type ChangeDetails, type ChangeOf, writeChange } from './change-context.ts'
import { idOf, messageId, openRoom, participantIn } from './open-room.ts'
import { choiceOf, hasEnded, pollAt, pollFrom, type StoredPoll } from './polls.ts'
import { number, row, run, type Script, sql } from './sql.ts'

export function* insertPoll(message: number, { multiple, named, until }: PollRules): Script<void> {
  yield* run(
    sql`INSERT INTO polls (message_id, multiple, named, ends_at)
        VALUES (${message}, ${multiple ? 1 : 0}, ${named ? 1 : 0}, ${until ?? 0})`,
  )
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
