// Previews of links. Each message has rows of its own, so that its texts go with it.

import type { FileId, Instant, LinkPicture, LinkPreview } from '../../core/model/model.ts'
import { mayDelete, mayTakePart } from '../../core/model/permissions.ts'
import { refuse } from '../../core/model/refusals.ts'
import type { FileKey } from '../../core/ports/file-storage.ts'
import type { ReadLink } from '../../core/ports/previews.ts'
import { linksIn } from '../../core/text/links.ts'
import type { ChangeContext, ChangeDetails, ChangeOf } from './change-context.ts'
import { release } from './files.ts'
import { lockUploads, participantIn } from './open-room.ts'
import { original } from './original.ts'
import { instant, line, lock, number, type Row, row, rows, run, type Script, sql, text } from './sql.ts'

function preview(found: Row): LinkPreview {
  const shown = (column: string) => (text(found, column) === '' ? undefined : line(found, column))
  const [title, description, site] = [shown('title'), shown('description'), shown('site')]
  return {
    url: text(found, 'url'),
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(site !== undefined && { site }),
    ...(found.key !== null && { picture: picture(found) }),
  }
}

function picture(found: Row): LinkPicture {
  const [width, height] = [number(found, 'width'), number(found, 'height')]
  return { id: text(found, 'key') as FileId, width, height, placeholder: text(found, 'placeholder') }
}

export function* known(urls: readonly string[], since: Instant): Script<ReadLink[]> {
  const found: ReadLink[] = []
  for (const url of urls) {
    const newest = yield* row(
      found => ({ ...preview(found), at: instant(found, 'read_at') }),
      sql`SELECT previews.*, key, width, height, placeholder FROM previews LEFT JOIN files ON files.key = file_key
          WHERE url = ${url} AND taken_off = 0 AND read_at > ${since}
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
    sql`SELECT previews.*, key, width, height, placeholder FROM previews LEFT JOIN files ON files.key = file_key
        WHERE message_id IN (SELECT CAST(value AS BIGINT) FROM json_each(${JSON.stringify(messages)}) AS asked) AND taken_off = 0
        ORDER BY message_id, position, url`,
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
    const position = links.indexOf(read.url)
    if (position >= 0 && (yield* put(message.id, position, read))) isNew = true
  }
  return isNew ? { target } : undefined
}

/** The uploads that become pictures of these links. */
export function uploadsOf(found: readonly ReadLink[]): readonly FileId[] {
  return found.flatMap(({ upload }) => (upload === undefined ? [] : [upload]))
}

/** @returns false where it is shown already, or somebody has taken it off */
function* put(message: number, position: number, read: ReadLink): Script<boolean> {
  const { url, title = '', description = '', site = '', at, picture, upload } = read
  if (upload !== undefined) yield* lockUploads([upload])
  const file = picture === undefined ? null : yield* heldFile(picture.id)
  const before = yield* fileOf(message, url)
  const put = yield* row(
    found => text(found, 'url'),
    sql`INSERT INTO previews (message_id, position, url, title, description, site, read_at, file_key)
        VALUES (${message}, ${position}, ${url}, ${title}, ${description}, ${site}, ${at}, ${file})
        ON CONFLICT (message_id, url) DO UPDATE
        SET position = excluded.position, title = excluded.title, description = excluded.description,
            site = excluded.site, read_at = excluded.read_at, file_key = excluded.file_key
        WHERE previews.taken_off = 0 AND previews.read_at <> excluded.read_at RETURNING url`,
  )
  if (put === undefined) return false
  if (before !== null && before !== file) yield* release(before)
  // It was kept as an upload, so that nothing is left of it if the server ends before it is shown.
  if (upload !== undefined)
    yield* run(
      sql`DELETE FROM attachments WHERE id = ${upload} AND message_id IS NULL AND file_key = ${file}`,
    )
  return true
}

/** The key of a file, locked, so that nobody deletes it meanwhile; null for one that is gone. */
function* heldFile(key: FileKey): Script<FileKey | null> {
  yield* lock(sql`SELECT key FROM files WHERE key = ${key} FOR UPDATE`)
  return (yield* row(found => text(found, 'key'), sql`SELECT key FROM files WHERE key = ${key}`)) ?? null
}

/** The key of the picture that is shown of a link. */
function* fileOf(message: number, url: string): Script<FileKey | null> {
  const found = yield* row(
    keyIn,
    sql`SELECT file_key FROM previews WHERE message_id = ${message} AND url = ${url}`,
  )
  return found ?? null
}

function keyIn(found: Row): FileKey | null {
  return found.file_key === null ? null : text(found, 'file_key')
}

/** The row stays without its texts and picture, so that nobody shows the link again. */
export function* takeOff(
  { room, actor }: ChangeContext,
  { target, url }: ChangeOf<'preview-off'>,
): Script<ChangeDetails> {
  const { id, author } = yield* original(room.room, target)
  mayDelete(actor, author === actor.id ? actor : yield* participantIn(room.room, author), room)
  const file = yield* fileOf(id, url)
  const shown = yield* row(
    found => text(found, 'url'),
    sql`UPDATE previews SET taken_off = 1, title = '', description = '', site = '', file_key = NULL
        WHERE message_id = ${id} AND url = ${url} AND taken_off = 0 RETURNING url`,
  )
  if (shown === undefined) return undefined
  if (file !== null) yield* release(file)
  return { target }
}

/** Removes all rows of a message but those of these links. */
export function* keepPreviews(message: number, links: readonly string[]): Script<void> {
  const files = yield* rows(
    keyIn,
    sql`DELETE FROM previews
        WHERE message_id = ${message}
          AND url NOT IN (SELECT value FROM json_each(${JSON.stringify(links)}) AS kept)
        RETURNING file_key`,
  )
  for (const file of new Set(files)) if (file !== null) yield* release(file)
}
