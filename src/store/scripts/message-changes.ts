// Edits, deletions, reactions and pins.

import type { Seq, UserId } from '../../core/model/model.ts'
import { mayDelete, mayModerate, mayTakePart, mayWrite } from '../../core/model/permissions.ts'
import { refuse } from '../../core/model/refusals.ts'
import { MOST_REACTIONS } from '../../core/model/rules.ts'
import { linksIn } from '../../core/text/links.ts'
import type { ChangeContext, ChangeDetails, ChangeOf } from './change-context.ts'
import { detach } from './files.ts'
import { followedByMention } from './following.ts'
import { noteMentions } from './mentions.ts'
import { type OpenRoom, participantIn } from './open-room.ts'
import { original } from './original.ts'
import { editedText, forgetPoll } from './poll-changes.ts'
import { keepPreviews } from './previews.ts'
import { forgetSaved } from './saved.ts'
import { number, row, run, type Script, sql } from './sql.ts'
import { indexedText, indexText, unindexText } from './text-index.ts'
import { forgetVersions, keepVersion } from './versions.ts'

export function* edit(
  { room, actor }: ChangeContext,
  { target, text: wanted, ...changed }: ChangeOf<'edit'>,
): Script<ChangeDetails> {
  mayWrite(actor, room, room.at)
  const { id, author, text: before, format: was, hasFiles } = yield* original(room.room, target)
  if (author !== actor.id) refuse('not-yours')
  const { text, isPoll } = yield* editedText(room.room, target, wanted)
  const format = isPoll ? was : (changed.format ?? was)
  if (before === text && format === was) return undefined
  if (text === '' && !hasFiles) refuse('empty-text')
  yield* unindex(room, target, id)
  yield* keepVersion(id, { text: before, format: was })
  yield* run(
    sql`UPDATE messages SET message = ${text}, format = ${format}, styles = NULL, tags = NULL, edited_at = ${room.at}
        WHERE id = ${id}`,
  )
  yield* run(sql`DELETE FROM mentions WHERE message_id = ${id}`)
  yield* noteMentions(room, actor, { id, text, format })
  yield* run(followedByMention([id]))
  yield* keepPreviews(id, linksIn({ text, format }))
  const edited = target <= room.indexed ? yield* indexedText(id) : undefined
  if (edited) yield* indexText(room.room, edited)
  return { target }
}

/**
 * Erases the text from the row and the index. The cached history forgets it (core/log/history.ts), and SQLite's writer
 * scrubs the file (store/sqlite/writer.ts).
 */
export function* remove(
  { room, actor }: ChangeContext,
  { target, reason = '' }: ChangeOf<'deletion'>,
): Script<ChangeDetails> {
  const { id, author } = yield* original(room.room, target)
  mayDelete(actor, author === actor.id ? actor : yield* participantIn(room.room, author), room)
  yield* unindex(room, target, id)
  yield* run(
    sql`UPDATE messages SET message = '', deleted_at = ${room.at}, styles = NULL, tags = NULL, attached = 0
        WHERE id = ${id}`,
  )
  yield* detach(id)
  yield* run(sql`DELETE FROM reactions WHERE message_id = ${id}`)
  yield* run(sql`DELETE FROM pins WHERE message_id = ${id}`)
  yield* run(sql`DELETE FROM mentions WHERE message_id = ${id}`)
  yield* forgetPoll(id)
  yield* forgetSaved(id)
  yield* forgetVersions(id)
  yield* keepPreviews(id, [])
  return { target, detail: reason, author }
}

/** Takes a message out of the index, as long as it is as it was indexed. */
function* unindex({ room, indexed }: OpenRoom, target: Seq, id: number): Script<void> {
  const removed = target <= indexed ? yield* indexedText(id) : undefined
  if (removed) yield* unindexText(room, removed)
}

export function* react(
  { room, actor }: ChangeContext,
  { target, emoji, on }: ChangeOf<'reaction'>,
): Script<ChangeDetails> {
  mayTakePart(actor, room, room.at)
  const { id } = yield* original(room.room, target)
  const there = yield* row(
    found => found.user_id,
    sql`SELECT user_id FROM reactions WHERE message_id = ${id} AND emoji = ${emoji} AND user_id = ${actor.id}`,
  )
  if ((there !== undefined) === on) return undefined
  if (on) yield* mustHaveReactionsLeft(id, actor.id)
  if (on)
    yield* run(sql`INSERT INTO reactions (message_id, emoji, user_id) VALUES (${id}, ${emoji}, ${actor.id})`)
  else
    yield* run(
      sql`DELETE FROM reactions WHERE message_id = ${id} AND emoji = ${emoji} AND user_id = ${actor.id}`,
    )
  return { target, value: emoji, detail: on ? 'on' : 'off' }
}

/** Refuses 'too-many-reactions'. */
function* mustHaveReactionsLeft(message: number, person: UserId): Script<void> {
  const count = yield* row(
    found => number(found, 'count'),
    sql`SELECT count(*) AS count FROM reactions WHERE message_id = ${message} AND user_id = ${person}`,
  )
  if ((count ?? 0) >= MOST_REACTIONS) refuse('too-many-reactions')
}

export function* pin({ room, actor }: ChangeContext, { target, on }: ChangeOf<'pin'>): Script<ChangeDetails> {
  mayModerate(actor, room)
  const { id } = yield* original(room.room, target)
  const there = yield* row(
    found => found.message_id,
    sql`SELECT message_id FROM pins WHERE message_id = ${id}`,
  )
  if ((there !== undefined) === on) return undefined
  if (on) yield* run(sql`INSERT INTO pins (message_id) VALUES (${id})`)
  else yield* run(sql`DELETE FROM pins WHERE message_id = ${id}`)
  return { target, detail: on ? 'on' : 'off' }
}
