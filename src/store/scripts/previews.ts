// Previews of links. Each message has rows of its own, so that its texts go with it.

import type { Instant, LinkPreview } from '../../core/model/model.ts'
import { mayDelete, mayTakePart } from '../../core/model/permissions.ts'
import { refuse } from '../../core/model/refusals.ts'
import type { ReadLink } from '../../core/ports/previews.ts'
import { linksIn } from '../../core/text/links.ts'
import type { ChangeContext, ChangeDetails, ChangeOf } from './change-context.ts'
import { participantIn } from './open-room.ts'
import { original } from './original.ts'
import { instant, line, number, type Row, row, rows, run, type Script, sql, text } from './sql.ts'

function preview(found: Row): LinkPreview {
  const shown = (column: string) => (text(found, column) === '' ? undefined : line(found, column))
  const [title, description, site] = [shown('title'), shown('description'), shown('site')]
  return {
    url: text(found, 'url'),
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(site !== undefined && { site }),
  }
}

export function* known(urls: readonly string[], since: Instant): Script<ReadLink[]> {
  const found: ReadLink[] = []
  for (const url of urls) {
    const newest = yield* row(
      found => ({ ...preview(found), at: instant(found, 'read_at') }),
      sql`SELECT * FROM previews WHERE url = ${url} AND taken_off = 0 AND read_at > ${since}
          ORDER BY read_at DESC LIMIT 1`,
    )
    if (newest) found.push(newest)
  }
  return found
}

/** What is shown of the links of messages, by the messages' ids. */
export function* previewsOf(
  messages: readonly number[],
): Script<ReadonlyMap<number, readonly LinkPreview[]>> {
  const found = yield* rows(
    found => ({ id: number(found, 'message_id'), preview: preview(found) }),
    sql`SELECT * FROM previews
        WHERE message_id IN (SELECT CAST(value AS BIGINT) FROM json_each(${JSON.stringify(messages)})) AND taken_off = 0
        ORDER BY message_id, place, url`,
  )
  const byMessage = new Map<number, LinkPreview[]>()
  for (const { id, preview } of found) byMessage.set(id, [...(byMessage.get(id) ?? []), preview])
  return byMessage
}

export function* show(
  { room, actor }: ChangeContext,
  { target, found }: ChangeOf<'preview'>,
): Script<ChangeDetails> {
  mayTakePart(actor, room, room.at)
  const message = yield* original(room.room, target)
  if (message.author !== actor.id) refuse('not-yours')
  const links = linksIn(message)
  let isNew = false
  for (const read of found) {
    const place = links.indexOf(read.url)
    if (place >= 0 && (yield* put(message.id, place, read))) isNew = true
  }
  return isNew ? { target } : undefined
}

/** @returns false where it is shown already, or somebody has taken it off */
function* put(message: number, place: number, read: ReadLink): Script<boolean> {
  const { url, title = '', description = '', site = '', at } = read
  const put = yield* row(
    found => text(found, 'url'),
    sql`INSERT INTO previews (message_id, place, url, title, description, site, read_at)
        VALUES (${message}, ${place}, ${url}, ${title}, ${description}, ${site}, ${at})
        ON CONFLICT (message_id, url) DO UPDATE
        SET place = excluded.place, title = excluded.title, description = excluded.description,
            site = excluded.site, read_at = excluded.read_at
        WHERE previews.taken_off = 0 AND previews.read_at <> excluded.read_at RETURNING url`,
  )
  return put !== undefined
}

/** The row stays without its texts, so that nobody shows the link again. */
export function* takeOff(
  { room, actor }: ChangeContext,
  { target, url }: ChangeOf<'preview-off'>,
): Script<ChangeDetails> {
  const { id, author } = yield* original(room.room, target)
  mayDelete(actor, author === actor.id ? actor : yield* participantIn(room.room, author), room)
  const shown = yield* row(
    found => text(found, 'url'),
    sql`UPDATE previews SET taken_off = 1, title = '', description = '', site = ''
        WHERE message_id = ${id} AND url = ${url} AND taken_off = 0 RETURNING url`,
  )
  return shown === undefined ? undefined : { target }
}

/** Removes all rows of a message but those of these links. */
export function* keepPreviews(message: number, links: readonly string[]): Script<void> {
  yield* run(
    sql`DELETE FROM previews
        WHERE message_id = ${message}
          AND url NOT IN (SELECT value FROM json_each(${JSON.stringify(links)}))`,
  )
}
