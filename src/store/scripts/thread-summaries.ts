// What stands below a message that was answered: how often, by whom, when.

import type { Author, Instant, Message, Seq, ThreadSummary, UserId } from '../../core/model/model.ts'
import { seqIn } from './open-room.ts'
import type { RoomView } from './room-view.ts'
import { number, rows, type Script, sql, text, username } from './sql.ts'

/** Answers of one thread that are counted. */
const MOST_ANSWERS = 1000
/** Answers that are looked through for the people who answered last, and how many of these are shown. */
const [LOOKED_THROUGH, MOST_PEOPLE] = [50, 4]

/** Adds to messages what stands below them, in one statement for all of them. */
export function* withThreads(
  { reader, room, hiding }: RoomView,
  messages: readonly Message[],
): Script<Message[]> {
  const roots = messages.flatMap(({ reply, seq }) => (reply ? [] : [seq]))
  if (roots.length === 0) return [...messages]
  const found = yield* rows(
    found => ({
      root: seqIn(found, 'root'),
      ...summaryFrom(number(found, 'answers'), text(found, 'latest')),
    }),
    sql`SELECT root, (
          SELECT count(*) FROM (
            SELECT 1 FROM messages
            WHERE room_id = ${room} AND thread_seq = root AND deleted_at IS NULL
              AND (${hiding} = 0 OR user_id NOT IN (SELECT blocked_id FROM blocks WHERE blocks.user_id = ${reader}))
            LIMIT ${MOST_ANSWERS}) AS counted) AS answers, (
          SELECT string_agg(seq || ' ' || created_at || ' ' || user_id || ' ' || username, ${'\n'}) FROM (
            SELECT seq, messages.created_at, user_id, username FROM messages JOIN users ON users.id = user_id
            WHERE room_id = ${room} AND thread_seq = root AND deleted_at IS NULL
              AND (${hiding} = 0 OR user_id NOT IN (SELECT blocked_id FROM blocks WHERE blocks.user_id = ${reader}))
            ORDER BY messages.id DESC LIMIT ${LOOKED_THROUGH}) AS written) AS latest
        FROM (SELECT CAST(value AS BIGINT) AS root FROM json_each(${JSON.stringify(roots)}) AS wanted) AS roots
        WHERE EXISTS (SELECT 1 FROM messages WHERE room_id = ${room} AND thread_seq = root AND deleted_at IS NULL)`,
  )
  const byRoot = new Map(found.map(({ root, ...summary }) => [root, summary]))
  return messages.map(each => {
    const thread = byRoot.get(each.seq)
    return thread && thread.answers > 0 ? { ...each, thread } : each
  })
}

/** @param latest a line for each of the latest answers: its seq, its time, its author's id and username */
function summaryFrom(answers: number, latest: string): ThreadSummary {
  const lines = latest.split('\n').map(line => {
    const [seq = 0, at = 0, id = 0] = line.split(' ', 3).map(Number)
    const [name = ''] = line.split(' ').slice(3)
    return { seq: seq as Seq, at: at as Instant, id: id as UserId, username: username({ name }, 'name') }
  })
  const people = new Map<UserId, Author>()
  for (const { id, username } of lines) if (people.size < MOST_PEOPLE) people.set(id, { id, username })
  const { seq: last = 0 as Seq, at = 0 as Instant } = lines[0] ?? {}
  return { answers, people: [...people.values()], last, at }
}
